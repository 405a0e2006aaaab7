/** Batch transform: how a server wants to be called, and records that must agree. */
import type { Answer } from '../lab/http.js';
import type { Lab } from '../lab/lab.js';
import type { Rule } from '../rule.js';
import { excerpt, hold, need } from '../verdict.js';
import { describe, jsonObject } from './answers.js';
import { countLines, hasLines } from './large-body.js';
import { PAGES } from './pages.js';

export const BATCH_RULES: readonly Rule[] = [
  {
    id: 'execution-parameters.answer',
    rule: 'GET /execution-parameters is answered with JSON, or with 404.',
    source: PAGES.batch,
    severity: 'must',
    async check(lab) {
      const answer = await ask(lab);
      if (answer.status === 404) return 'status 404';
      hold(answer.status === 200, () => describe(answer));
      hold(jsonObject(answer.body) !== undefined, () => `no JSON object: ${excerpt(answer.body)}`);
      return excerpt(answer.body);
    },
  },
  {
    id: 'execution-parameters.values',
    rule: 'MaxConcurrentTransforms and MaxPayloadInMB are whole numbers, and BatchStrategy is SINGLE_RECORD or MULTI_RECORD.',
    source: PAGES.batch,
    severity: 'must',
    async check(lab) {
      const { MaxConcurrentTransforms, MaxPayloadInMB, BatchStrategy } = await offered(lab);
      hold(isWhole(MaxConcurrentTransforms), `MaxConcurrentTransforms is ${JSON.stringify(MaxConcurrentTransforms)}`);
      hold(isWhole(MaxPayloadInMB), `MaxPayloadInMB is ${JSON.stringify(MaxPayloadInMB)}`);
      const isStrategy = BatchStrategy === undefined || STRATEGIES.has(String(BatchStrategy));
      hold(isStrategy, `BatchStrategy is ${JSON.stringify(BatchStrategy)}`);
      return [MaxConcurrentTransforms, MaxPayloadInMB, BatchStrategy].map((value) => value ?? 'default').join(', ');
    },
  },
  {
    id: 'execution-parameters.product',
    rule: 'MaxConcurrentTransforms × MaxPayloadInMB is at most 100 MB.',
    source: 'API: CreateTransformJob, MaxPayloadInMB',
    severity: 'must',
    async check(lab) {
      const { MaxConcurrentTransforms = 1, MaxPayloadInMB = 6 } = await offered(lab);
      const product = Number(MaxConcurrentTransforms) * Number(MaxPayloadInMB);
      hold(!(product > MAX_MB), `${MaxConcurrentTransforms} × ${MaxPayloadInMB} = ${product} MB`);
      return `${product} MB`;
    },
  },
  {
    id: 'batch.records',
    rule: 'With SAGEMAKER_BATCH, an answer has as many records as its request: joins and AssembleWith need it.',
    source: PAGES.batchErrors,
    severity: 'must',
    async check(lab) {
      const { sent, answer } = await transformed(lab);
      hold(answer.status === 200, () => describe(answer));
      const got = countLines(answer.body);
      hold(got === sent, `${sent} records sent, ${got} received`);
      return `${sent} records`;
    },
  },
  {
    id: 'batch.final-newline',
    rule: 'With SAGEMAKER_BATCH, an answer of lines ends with a newline: with AssembleWith None, answers are joined as they are.',
    source: 'API: CreateTransformJob, AssembleWith; aws/sagemaker-xgboost-container: encoder.py',
    severity: 'should',
    async check(lab) {
      const { answer } = await transformed(lab);
      need(answer.status === 200, describe(answer));
      hold(answer.body.at(-1) === 10, () => `it ends with ${excerpt(answer.body.subarray(-10))}`);
      return 'it ends with a newline';
    },
  },
];

// --- internal ---

const MAX_MB = 100;
const STRATEGIES = new Set(['SINGLE_RECORD', 'MULTI_RECORD', 'SingleRecord', 'MultiRecord']);

interface Parameters {
  readonly MaxConcurrentTransforms?: unknown;
  readonly MaxPayloadInMB?: unknown;
  readonly BatchStrategy?: unknown;
}

async function ask(lab: Lab): Promise<Answer> {
  return (await lab.server()).call({ path: '/execution-parameters' });
}

async function offered(lab: Lab): Promise<Parameters> {
  const answer = await ask(lab);
  const parameters: Parameters | undefined = answer.status === 200 ? jsonObject(answer.body) : undefined;
  need(parameters !== undefined, `/execution-parameters: ${describe(answer)}`);
  return parameters;
}

/** The platform reads numbers that are text, too. */
function isWhole(value: unknown): boolean {
  return value === undefined || (/^\d+$/.test(String(value)) && typeof value !== 'object');
}

interface Transformed {
  readonly sent: number;
  readonly answer: Answer;
}

const runs = new WeakMap<Lab, Promise<Transformed>>();

/** One request to one server, for both rules. */
function transformed(lab: Lab): Promise<Transformed> {
  const run = runs.get(lab) ?? transform(lab);
  runs.set(lab, run);
  return run;
}

async function transform(lab: Lab): Promise<Transformed> {
  const sample = lab.profile.requests.find(
    (request) => hasLines(request) && (request.accept === undefined || hasLines({ contentType: request.accept })),
  );
  need(sample !== undefined, 'no request of the profile has lines both ways');
  await lab.baseline(sample);
  const environment = {
    SAGEMAKER_BATCH: 'true',
    SAGEMAKER_BATCH_STRATEGY: 'MULTI_RECORD',
    SAGEMAKER_MAX_PAYLOAD_IN_MB: '6',
  };
  const server = await lab.startServer({ environment });
  const body = Buffer.concat([sample.body, Buffer.from(sample.body.at(-1) === 10 ? '' : '\n')]);
  const doubled = Buffer.concat([body, body]);
  const answer = await server.invoke({ ...sample, body: doubled });
  void server.kill();
  return { sent: countLines(doubled), answer };
}
