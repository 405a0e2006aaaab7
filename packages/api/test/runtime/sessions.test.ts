import { describe, expect, it } from 'vitest';
import { createSessionRoutes, newSessionHeader } from '../../src/runtime/session-routes.js';
import { deploy, invoke, variant } from '../support/endpoint.js';
import { openScene } from '../support/scene.js';

const HEADER = 'X-Amzn-SageMaker-Session-Id';

describe('a session', () => {
  it('is opened and closed through the API, and its requests go to the variant that has it', async () => {
    const scene = await openScene();
    await deploy(scene, {}, [variant(), variant({ VariantName: 'other' })]);
    const ask = (body: string, session: string, path = 'invocations') =>
      fetch(`${scene.api.url}/endpoints/end/${path}`, { method: 'POST', body, headers: { [HEADER]: session } });

    const opened = await ask('1', 'NEW_SESSION');
    const [, id = ''] = /^(\w+); Expires=2099-01-01T00:00:00Z$/.exec(
      opened.headers.get('X-Amzn-SageMaker-New-Session-Id') ?? '',
    )!;
    const names = await Promise.all(
      Array.from({ length: 8 }, async () => (await ask('1', id)).headers.get('x-amzn-invoked-production-variant')),
    );
    const closed = await ask('9', id);
    const streamed = await ask('1', 'NEW_SESSION', 'invocations-response-stream');

    expect(opened.headers.get(HEADER)).toBeNull();
    expect(new Set(names)).toEqual(new Set([opened.headers.get('x-amzn-invoked-production-variant')]));
    expect(closed.headers.get('X-Amzn-SageMaker-Closed-Session-Id')).toBe(id);
    expect(closed.headers.get('X-Amzn-SageMaker-New-Session-Id')).toBeNull();
    expect(streamed.status).toBe(400);
    expect((await invoke(scene.api.url, 'end', '5')).headers.get('X-Amzn-SageMaker-New-Session-Id')).toBeNull();
  });

  it('is known until it is closed or has expired', () => {
    let now = 0;
    const routes = createSessionRoutes(() => now);
    const opens = (id: string, second: number) => ({
      'x-amzn-sagemaker-session-id': `${id}; Expires=1970-01-01T00:00:0${second}Z`,
    });

    routes.note('end', 'a', opens('one', 5));
    routes.note('end', 'b', opens('two', 9));
    const before = [routes.variantOf('end', 'one'), routes.variantOf('end', 'two'), routes.variantOf('x', 'one')];
    now = 5000;
    const expired = routes.variantOf('end', 'one');
    routes.note('end', 'b', { 'x-amzn-sagemaker-closed-session-id': 'two' });

    expect(before).toEqual(['a', 'b', undefined]);
    expect(expired).toBeUndefined();
    expect(routes.variantOf('end', 'two')).toBeUndefined();
  });

  it.each([
    [{ 'x-amzn-sagemaker-new-session-id': 'a-1; Expires=2026-01-01T00:00:00Z' }, 'a-1; Expires=2026-01-01T00:00:00Z'],
    [{ 'x-amzn-sagemaker-session-id': 'a-1' }, undefined],
    [{ 'x-amzn-sagemaker-session-id': 'a_1; Expires=2026-01-01T00:00:00Z' }, undefined],
    [{}, undefined],
  ])('is passed on in the form of the service model only: %o', (headers, shown) => {
    expect(newSessionHeader(headers)).toBe(shown);
  });
});
