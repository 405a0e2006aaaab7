/** Multi-model endpoints, tried where a profile claims them or an image's label does. */
import { cpSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { prepareModel } from '@algo/local';
import type { Answer } from '../lab/http.js';
import type { Lab, ReadyServer } from '../lab/lab.js';
import type { Rule } from '../rule.js';
import { Broken, excerpt, hold, NotTried, need } from '../verdict.js';
import { describe, expectSame, jsonObject } from './answers.js';
import { needClaim } from './claims.js';
import { PAGES } from './pages.js';

export const MULTI_MODEL_RULES: readonly Rule[] = [
  rule(
    'multi-model.ping',
    'With SAGEMAKER_MULTI_MODEL and no model loaded, /ping is answered with 200.',
    async ({ server }) => {
      const answer = await server.ping();
      hold(answer.status === 200, () => describe(answer));
      return 'status 200';
    },
  ),
  rule('multi-model.load', 'POST /models with model_name and url loads a model: 200.', async ({ load }) => {
    const answer = await load('load');
    hold(answer.status === 200, () => describe(answer));
    return 'status 200';
  }),
  rule('multi-model.load-again', 'Loading a model that is loaded is answered with 409.', async ({ loaded, load }) => {
    await loaded('again');
    const answer = await load('again');
    hold(answer.status === 409, () => describe(answer));
    return 'status 409';
  }),
  rule(
    'multi-model.list',
    'GET /models lists each loaded model with modelName and modelUrl, on pages that nextPageToken leads to.',
    async ({ server, loaded, urlOf }) => {
      await loaded('listed');
      let count = 0;
      for (let page = 1, path = '/models'; ; page++) {
        const answer = await server.call({ path });
        hold(answer.status === 200, () => describe(answer));
        const { models, nextPageToken } = jsonObject(answer.body) ?? {};
        hold(Array.isArray(models), () => excerpt(answer.body));
        count += models.length;
        const found = models.find((one) => one?.modelName === 'listed');
        if (found) {
          hold(found.modelUrl === urlOf('listed'), () => excerpt(answer.body));
          return `found among ${count} models`;
        }
        const isLast = nextPageToken === undefined || nextPageToken === null || page === MAX_PAGES;
        hold(!isLast, () => `a model that is loaded is not listed: ${excerpt(answer.body)}`);
        path = `/models?next_page_token=${encodeURIComponent(String(nextPageToken))}`;
      }
    },
  ),
  rule(
    'multi-model.get',
    'GET /models/NAME has modelName and modelUrl of a loaded model.',
    async ({ server, loaded, urlOf }) => {
      await loaded('got');
      const answer = await server.call({ path: '/models/got' });
      hold(answer.status === 200, () => describe(answer));
      const { modelName, modelUrl } = jsonObject(answer.body) ?? {};
      hold(modelName === 'got' && modelUrl === urlOf('got'), () => excerpt(answer.body));
      return excerpt(answer.body);
    },
  ),
  rule(
    'multi-model.invoke',
    'POST /models/NAME/invoke is answered as /invocations would be.',
    async ({ lab, loaded, invoke }) => {
      const baseline = await lab.baseline(lab.sample());
      await loaded('invoked');
      expectSame(await invoke('invoked'), baseline, 'invoke');
      return 'the same answer';
    },
  ),
  rule(
    'multi-model.unload',
    'DELETE /models/NAME unloads a model: 200, and 404 for what is asked of it after.',
    async ({ loaded, unload, invoke }) => {
      await loaded('unloaded');
      const answer = await unload('unloaded');
      hold(answer.status === 200, () => describe(answer));
      const after = await invoke('unloaded');
      hold(after.status === 404, () => `invoke after it: ${describe(after)}`);
      return 'status 200, then 404';
    },
  ),
  rule(
    'multi-model.unknown',
    'A model that is not loaded is answered with 404 by GET, DELETE and invoke.',
    async ({ server, unload, invoke }) => {
      const answers = [await server.call({ path: '/models/never' }), await unload('never'), await invoke('never')];
      const wrong = answers.find(({ status }) => status !== 404);
      hold(wrong === undefined, () => describe(wrong!));
      return 'status 404 three times';
    },
  ),
  rule(
    'multi-model.missing-files',
    'Loading a model whose files are not there is no success, and harms no other.',
    async ({ lab, server, loaded, invoke }) => {
      const baseline = await lab.baseline(lab.sample());
      await loaded('neighbour');
      const answer = await server.call(loadCall('missing', '/opt/ml/models/missing/model'));
      hold(answer.status >= 400, () => describe(answer));
      expectSame(await invoke('neighbour'), baseline, 'another model after it');
      return `status ${answer.status}`;
    },
  ),
];

// --- internal ---

const LABEL = 'com.amazonaws.sagemaker.capabilities.multi-models';
/** More than there are models. */
const MAX_PAGES = 20;
const NAMES = ['load', 'again', 'listed', 'got', 'invoked', 'unloaded', 'neighbour'];

interface MultiModel {
  readonly lab: Lab;
  readonly server: ReadyServer;
  urlOf(name: string): string;
  load(name: string): Promise<Answer>;
  /** @throws NotTried when it does not load */
  loaded(name: string): Promise<void>;
  unload(name: string): Promise<Answer>;
  invoke(name: string): Promise<Answer>;
}

function rule(id: string, text: string, check: (models: MultiModel) => Promise<string>): Rule {
  return {
    ...{ id, rule: text, source: PAGES.multiModel, severity: 'must' },
    async check(lab) {
      await needClaim(lab, 'multiModel', LABEL);
      const models = await open(lab).catch((error: unknown) => {
        if (!(error instanceof Broken) || id === 'multi-model.ping') throw error;
        throw new NotTried(`the server did not get ready: ${error.message}`);
      });
      return check(models);
    },
  };
}

const servers = new WeakMap<Lab, Promise<ReadyServer>>();

/** One server for all rules; another where a rule has broken it. */
async function openServer(lab: Lab): Promise<ReadyServer> {
  const known = await servers.get(lab);
  if (known && !known.exit() && !known.isSpoilt()) return known;
  void known?.kill();
  const started = startMultiModel(lab);
  servers.set(lab, started);
  return started;
}

async function open(lab: Lab): Promise<MultiModel> {
  const server = await openServer(lab);
  const folder = lab.isImage ? '/opt/ml/models' : server.tree.models;
  const urlOf = (name: string) => join(folder, name, 'model');
  const load = (name: string) => server.call(loadCall(name, urlOf(name)));
  const unload = (name: string) => server.call({ method: 'DELETE', path: `/models/${name}` });
  return {
    ...{ lab, server, urlOf, load, unload },
    invoke: (name) =>
      server.invoke(lab.sample(), {
        path: `/models/${name}/invoke`,
        headers: { 'X-Amzn-SageMaker-Target-Model': `${name}.tar.gz` },
      }),
    async loaded(name) {
      const answer = await load(name);
      need(answer.status === 200, `a model does not load: ${describe(answer)}`);
    },
  };
}

function loadCall(name: string, url: string) {
  const body = Buffer.from(JSON.stringify({ model_name: name, url }));
  return { method: 'POST', path: '/models', body, headers: { 'Content-Type': 'application/json' } };
}

async function startMultiModel(lab: Lab): Promise<ReadyServer> {
  await lab.server(); // not tried where no server gets ready
  for (const request of lab.profile.requests.slice(0, 1)) await lab.baseline(request);
  const model = await lab.model();
  need(model !== undefined, 'the profile has no model');
  const unpacked = statSync(model).isDirectory()
    ? model
    : (await prepareModel(model, `${lab.setup.folder}/multi`)).model;
  return lab.startServer({
    model: undefined,
    environment: { SAGEMAKER_MULTI_MODEL: 'true' },
    edit({ models }) {
      for (const name of NAMES) {
        const folder = join(models, name);
        mkdirSync(folder, { recursive: true });
        cpSync(unpacked, join(folder, 'model'), { recursive: true });
      }
    },
  });
}
