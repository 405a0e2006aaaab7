/**
 * The routes of a multi-model container. Bodies and answers: AWS guide "Contract for Custom Containers to Serve Multiple
 * Models"; pages and their `limit` are those of Multi Model Server, which AWS's own containers have.
 */
import { ClientError } from '../../errors.js';
import { quoted } from '../../visible.js';
import { type Answer, emptyAnswer, errorAnswer, jsonAnswer, shorten } from '../message.js';
import { byteLength, joined, type Pieces } from '../pieces.js';
import { type ByMethod, invocationHead, type Route, type RouteOf } from '../router.js';
import { refuseSession } from '../sessions/session-refusals.js';
import type { HostedModels } from './hosted-models.js';
import type { PlacedModel } from './model-holders.js';

/** By path, then by method. @param unavailable why nobody can answer now, if so */
export function modelRoutes(
  models: HostedModels,
  unavailable: () => Answer | undefined,
): ReadonlyMap<string, ByMethod> {
  const load: Route = {
    readsBody: true,
    answer: (_headers, body) => loadInto(models, body).catch(problemAnswer),
  };
  const list: RouteOf = (_name, target) => bodyless(async () => jsonAnswer(200, page(models, target)));
  const describe: RouteOf = (name) => bodyless(async () => jsonAnswer(200, shown(models.get(name))));
  const unload: RouteOf = (name) =>
    bodyless(async () => {
      await models.unload(name);
      return emptyAnswer(200);
    });
  const invoke: RouteOf = (name) => ({
    readsBody: true,
    answer(headers, body, left) {
      const head = invocationHead(headers);
      if (head.sessionId !== undefined) return refuseSession('a multi-model endpoint', head.sessionId);
      return models.invoke(name, { ...head, body }, left);
    },
  });
  /** While nobody can answer, a body is not read. */
  const ifAvailable =
    (routeOf: RouteOf): RouteOf =>
    (name, target) => {
      const refusal = unavailable();
      return refusal ? { readsBody: false, answer: () => refusal } : routeOf(name, target);
    };
  return new Map<string, ByMethod>([
    ['/models', new Map([...readable(list), ['POST', ifAvailable(() => load)]])],
    ['/models/{name}', new Map([...readable(describe), ['DELETE', unload]])],
    ['/models/{name}/invoke', new Map([['POST', ifAvailable(invoke)]])],
  ]);
}

// --- internal ---

/** The name is part of a path, and of a page's token in a query. */
const MAX_NAME_CHARS = 1024;
const MAX_URL_CHARS = 4096;
/** Name and url, each character as an escape of JSON. */
const MAX_LOAD_BYTES = 64 * 1024;
const PAGE = 100;

function readable(routeOf: RouteOf): [string, RouteOf][] {
  return ['GET', 'HEAD'].map((method) => [method, routeOf]);
}

function bodyless(answer: () => Promise<Answer>): Route {
  return { readsBody: false, answer: () => answer().catch(problemAnswer) };
}

/** Whoever loads a model may see what is wrong with it. */
function problemAnswer(error: unknown): Answer {
  const isModel = error instanceof ClientError && error.code === 'E_MODEL';
  return errorAnswer(error, isModel ? 400 : undefined);
}

async function loadInto(models: HostedModels, body: Pieces): Promise<Answer> {
  const { name, url } = readLoad(body);
  await models.load(name, url);
  return emptyAnswer(200);
}

function readLoad(body: Pieces): { readonly name: string; readonly url: string } {
  const bytes = byteLength(body);
  if (bytes > MAX_LOAD_BYTES) {
    throw refused(`the body must have at most ${MAX_LOAD_BYTES} bytes; received ${bytes}`);
  }
  const text = Buffer.from(joined(body)).toString();
  const { model_name: name, url } = parsed(text);
  return { name: textOf('model_name', name, MAX_NAME_CHARS), url: textOf('url', url, MAX_URL_CHARS) };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw refused(`the body must be a JSON object with model_name and url; received ${quoted(text)}`);
}

function textOf(field: string, value: unknown, maxChars: number): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= maxChars && value.isWellFormed()) return value;
  const received = value === undefined ? 'nothing' : quoted(JSON.stringify(value));
  throw refused(`${field} must be a text of 1 to ${maxChars} characters; received ${received}`);
}

function refused(problem: string): ClientError {
  return new ClientError('E_REQUEST_BODY', `POST /models: ${problem}.`);
}

function shown({ name, url }: PlacedModel) {
  return { modelName: name, modelUrl: url };
}

/** The token of the next page is the last name of this one: pages have no model twice, whatever is loaded meanwhile. */
function page(models: HostedModels, target: string) {
  const query = new URLSearchParams(target.split('?', 2)[1] ?? '');
  const limit = limitOf(query.get('limit'));
  const after = nameOf(query.get('next_page_token'));
  const rest = models.loaded().filter(({ name }) => after === undefined || name > after);
  const shownModels = rest.slice(0, limit);
  const nextPageToken = rest.length > limit ? tokenOf(shownModels.at(-1)!.name) : undefined;
  return { ...(nextPageToken && { nextPageToken }), models: shownModels.map(shown) };
}

function limitOf(text: string | null): number {
  if (text === null) return PAGE;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= PAGE) return limit;
  throw new ClientError('E_REQUEST_BODY', `limit must be an integer in [1, ${PAGE}]; received "${shorten(text)}".`);
}

function tokenOf(name: string): string {
  return Buffer.from(name, 'utf16le').toString('base64url');
}

function nameOf(token: string | null): string | undefined {
  if (token === null) return undefined;
  const name = Buffer.from(token, 'base64url').toString('utf16le');
  if (name !== '' && tokenOf(name) === token) return name;
  const message = `next_page_token must be one that GET /models gave; received "${shorten(token)}".`;
  throw new ClientError('E_REQUEST_BODY', message);
}
