/** A push to a registry whose connection breaks. */
import { expect, it } from 'vitest';
import type { Around } from '../../src/publish/clients.js';
import { publish } from '../../src/publish/publish.js';
import { type PushRequest, pushImage } from '../../src/publish/registry.js';
import { imageOf, openAccount } from '../support/account.js';
import { APPLY } from '../support/disturbed.js';
import { makeFolder } from '../support/folder.js';

const PUSH: PushRequest = { repository: 'sum', tag: '1.0.0', onBlob: () => undefined };
const broken = (message = 'fetch failed') => new TypeError(message, { cause: new Error('read ECONNRESET') });

/** @param fail called before each request is answered; by default the registry has all blobs */
async function push(fail: (method: string) => unknown, answer = () => new Response(null, { status: 200 })) {
  const methods: string[] = [];
  const registry = {
    ...{ url: 'http://registry.test', authorization: 'Basic none', pauseMs: 0 },
    fetch: (async (_: unknown, init?: RequestInit) => {
      const { method = 'GET' } = init ?? {};
      methods.push(method);
      const error = fail(method);
      if (error !== undefined) throw error;
      return answer();
    }) as typeof fetch,
  };
  const image = imageOf(makeFolder(), 'sum');
  const error = await image
    .open((pushable) => pushImage(registry, pushable, PUSH))
    .then(
      () => undefined,
      (one: unknown) => one,
    );
  return { methods, error };
}

it('repeats the whole blob and the manifest whose connection breaks once', async () => {
  const account = await openAccount();
  const seen = new Set<string>();
  const calls: string[] = [];
  const around: Around = async (call, next) => {
    if (!/ \/v2\//.test(call)) return next();
    const what = call.replace(/sha256:\w+|[0-9a-f-]{36}/, 'ID');
    calls.push(what);
    if (!call.startsWith('PUT') || seen.has(what)) return next();
    seen.add(what);
    throw broken();
  };

  await publish(account.request(), { ...APPLY, only: 'repository' });
  const [pushed] = await publish(account.request({ around }), { ...APPLY, only: 'image' });

  const blob = ['HEAD /v2/sum/blobs/ID', 'POST /v2/sum/blobs/uploads/', 'PUT /v2/sum/blobs/uploads/ID'];
  const manifest = 'PUT /v2/sum/manifests/1.2.3';
  expect(calls).toEqual([...blob, ...blob, ...blob, manifest, manifest]);
  expect(pushed?.text).toMatch(/^pushed /);
});

it.each(['HEAD', 'PUT'])('names a connection that breaks at each %s', async (at) => {
  const { methods, error } = await push((method) => (method === at ? broken() : undefined));

  expect(String(error)).toBe('JobError: the connection to the registry breaks: read ECONNRESET');
  expect(methods.filter((method) => method === at)).toHaveLength(5);
});

it('repeats a request whose answer breaks', async () => {
  let answers = 0;
  const answer = () => {
    const isFirstManifest = ++answers === 3; // after the heads of two blobs
    const body = new ReadableStream({
      pull: (controller) => (isFirstManifest ? controller.error(broken('terminated')) : controller.close()),
    });
    return new Response(body);
  };

  const { methods, error } = await push(() => undefined, answer);

  expect(error).toBeUndefined();
  expect(methods).toEqual(['HEAD', 'HEAD', 'PUT', 'PUT']);
});

it.each([
  ['a push that is stopped', new DOMException('stopped', 'AbortError')],
  ['an error of the program', new TypeError('undefined is not a function')],
])('does not repeat %s', async (_, wrong) => {
  const { methods, error } = await push(() => wrong);

  expect(error).toBe(wrong);
  expect(methods).toEqual(['HEAD']);
});
