/** Paths, methods, and what each answers. */
import { describe, expect, it } from 'vitest';
import { makeHandler, problem } from './sum-handler.js';

describe('routes', () => {
  it.each([
    ['GET', '/ping', 200],
    ['HEAD', '/ping', 200],
    ['GET', '/ping?now=1', 200],
    ['GET', '/execution-parameters', 200],
    ['GET', 'http://model.aws.local:8080/ping', 200],
    ['GET', 'HTTP://user:word@[::1]:8080/ping?now=1', 200],
    ['GET', 'http://host', 404],
    ['GET', 'http://host/', 404],
    ['GET', 'http://host?/ping', 404],
    ['GET', 'ftp://host/ping', 404],
    ['GET', '//ping', 404],
    ['GET', '/%70in%67', 200],
    ['GET', '/%2Fping', 404],
    ['GET', '/ping%', 404],
    ['OPTIONS', '*', 204],
    ['GET', '*', 404],
    ['OPTIONS', '/ping', 405],
    ['GET', '/', 404],
    ['GET', '/ping/', 404],
    ['GET', '/constructor', 404],
    ['POST', '/models', 404],
    ['POST', '/ping', 405],
    ['GET', '/invocations', 405],
    ['constructor', '/invocations', 405],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const { handle } = await makeHandler();

    expect((await handle({ method, path })).status).toBe(status);
  });

  it('/ping has an empty body when healthy', async () => {
    const { handle } = await makeHandler();

    const answer = await handle({ method: 'GET', path: '/ping' });

    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(0);
  });

  it('a wrong method is answered with the allowed methods', async () => {
    const { handle } = await makeHandler();

    const answer = await handle({ method: 'DELETE', path: '/ping' });

    expect(answer.headers.Allow).toBe('GET, HEAD');
    expect(problem(answer)).toEqual({ code: 'E_REQUEST_METHOD', message: '/ping allows GET, HEAD; received DELETE.' });
  });
});
