import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { serve } from '../../src/serve/serve.js';
import { endServers, openWire, post, startServer, untilReady } from './running-server.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

afterEach(endServers);

const problemOf = async (response: Response) => JSON.parse(await response.text()).error;

describe('a server that is loading its model', () => {
  it('answers 503 to everything but batch parameters, then 200 with an empty body', async () => {
    const loaded = Promise.withResolvers<number>();
    const { url, lines } = await startServer({ algorithm: { load: () => loaded.promise } });

    const ping = await fetch(`${url}/ping`);
    const call = await fetch(`${url}/invocations`, { method: 'POST', body: Buffer.from('1,2,3') });
    const parameters = await fetch(`${url}/execution-parameters`);
    loaded.resolve(2);
    const ready = await untilReady({ url });
    const answer = await fetch(`${url}/invocations`, { method: 'POST', body: Buffer.from('1,2,3') });

    expect(ping.status).toBe(503);
    expect(call.status).toBe(503);
    expect(await problemOf(call)).toMatchObject({ code: 'E_NOT_READY' });
    expect(parameters.status).toBe(200);
    expect(await ready.text()).toBe('');
    expect(await answer.json()).toEqual({ predictions: [{ score: 12 }] });
    expect(lines[0]).toMatch(/^sum 1\.2\.3 serve: node \d+\.\d+\.\d+, port=\d+, workers=1$/);
    expect(lines.filter((line) => /^model ready in \d+\.\d\d s$/.test(line))).toHaveLength(1);
  });

  it('exits immediately with code 0 when it is stopped', async () => {
    const server = await startServer({ algorithm: { load: () => new Promise(() => {}) } });

    server.stop();

    expect(await server.exitCode).toBe(0);
  });
});

describe('a model that is closed', () => {
  it('is closed once, after the last answer', async () => {
    const closed: unknown[] = [];
    const server = await startServer({ algorithm: { close: (model) => void closed.push(model) } });
    await untilReady(server);

    server.stop();

    expect(await server.exitCode).toBe(0);
    expect(closed).toEqual([1]);
  });

  it('ends the program well though closing fails, and says so', async () => {
    const close = () => Promise.reject(new Error('the device is gone'));
    const server = await startServer({ algorithm: { close } });
    await untilReady(server);

    server.stop();

    expect(await server.exitCode).toBe(0);
    expect(server.lines).toContain('close of sum failed: the device is gone');
  });

  it('is closed when its self-test fails', async () => {
    const closed: unknown[] = [];
    const predict = () => Promise.reject(new Error('no device'));
    const server = await startServer({
      algorithm: { predict, close: (model) => void closed.push(model) },
      timeouts: { failedMs: 0 },
    });

    expect(await server.exitCode).toBe(1);
    expect(closed).toEqual([1]);
  });
});

describe('a model that cannot be used', () => {
  const broken = (root: { paths: { model: string } }) => writeFileSync(join(root.paths.model, 'model.json'), '{}');

  it('is explained by /ping and /invocations for a while, logged once, and then the server exits with code 1', async () => {
    const server = await startServer({ prepare: broken, timeouts: { failedMs: 2 ** 31 - 1 } });

    const ping = await fetch(`${server.url}/ping`);
    const call = await fetch(`${server.url}/invocations`, { method: 'POST', body: Buffer.from('1,2,3') });

    expect([ping.status, call.status]).toEqual([503, 503]);
    expect(await problemOf(ping)).toEqual({
      code: 'E_MODEL',
      message: expect.stringContaining('model.json: the file was changed or damaged after training'),
    });
    expect(await problemOf(call)).toMatchObject({ code: 'E_MODEL' });
    server.stop();
    expect(await server.exitCode).toBe(1);
    const logged = server.lines.filter((line) => line.includes('changed or damaged'));
    expect(logged).toEqual([expect.stringMatching(/^ClientError E_MODEL: The model cannot be used\. /)]);
  });

  it.each([
    [
      'is missing',
      { prepare: (root: { paths: { model: string } }) => rmSync(join(root.paths.model, '.manifest.json')) },
      'must contain a model with .manifest.json; found model.json',
    ],
    [
      'fails to load',
      { algorithm: { load: () => Promise.reject(new TypeError('no such layer')) } },
      'TypeError: no such layer',
    ],
    [
      'fails its self-test',
      { algorithm: { predict: () => ({ score: new Float64Array(9) }) } },
      'self-test prediction failed: predict: "score" must have 1 values; received 9.',
    ],
  ])('because it %s exits with code 1 and the cause', async (_, options, cause) => {
    const server = await startServer({ ...options, timeouts: { failedMs: 0 } });

    expect(await server.exitCode).toBe(1);
    expect(server.lines.join('\n')).toContain(cause);
  });

  it('exits immediately when it is stopped', async () => {
    const server = await startServer({ prepare: broken, timeouts: { failedMs: 2 ** 31 - 1 } });
    await expect.poll(() => server.lines.join()).toContain('E_MODEL');

    server.stop();

    expect(await server.exitCode).toBe(1);
  });

  it('is detected with the example row of the manifest', async () => {
    const seen: number[][] = [];
    const server = await startServer({
      prepare: (root) => {
        const path = join(root.paths.model, '.manifest.json');
        const manifest = { formatVersion: 1, algorithm: { name: 'sum', version: '1.2.3' }, libraries: {}, files: {} };
        writeFileSync(path, JSON.stringify({ ...manifest, input: { featureCount: 2, exampleRow: [7, 8] } }));
      },
      algorithm: {
        load: () => 1,
        predict(_, { rows, features }) {
          seen.push([...features]);
          return { score: new Float64Array(rows) };
        },
      },
    });

    await untilReady(server);

    expect(seen).toEqual([[7, 8]]);
  });
});

describe('a server that cannot start', () => {
  async function startError(variables: Record<string, string>): Promise<unknown> {
    const root = makeModelRoot();
    const options = { algorithm: sumAlgorithm(), environment: environmentOf(root, variables), log: memoryLog() };
    return serve({ ...options, host: '127.0.0.1' })
      .catch((error: unknown) => error)
      .finally(() => root.remove());
  }

  it('exits 1 when SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT names an unsupported type', async () => {
    expect(await startError({ SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: 'image/png' })).toMatchObject({
      code: 'E_ENVIRONMENT',
      message: expect.stringContaining('SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT'),
    });
  });

  it('exits 1 when its port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };

    expect(await startError({ SAGEMAKER_BIND_TO_PORT: String(port) })).toMatchObject({
      code: 'E_ENVIRONMENT',
      message: `Port ${port} on 127.0.0.1 must be free; listening failed with EADDRINUSE.`,
    });
    other.close();
  });
});

describe('a server that is stopped', () => {
  /** Predictions wait until `release` is called. */
  function slowAlgorithm() {
    const waiting: (() => void)[] = [];
    return {
      waiting,
      algorithm: {
        async predict(_: unknown, { rows, features }: { rows: number; features: ArrayLike<number> }) {
          if (features[0] === 1) await new Promise<void>((resolve) => waiting.push(resolve));
          return { score: new Float64Array(rows).fill(features[0]!) };
        },
      },
    };
  }

  it('finishes the requests in flight, closes idle connections, refuses new ones, and exits with code 0', async () => {
    const { algorithm, waiting } = slowAlgorithm();
    const server = await startServer({ algorithm });
    await untilReady(server);
    const [silent, idle, busy] = [openWire(server.port), openWire(server.port), openWire(server.port)];
    await new Promise((resolve) => silent.socket.once('connect', resolve));
    idle.send('GET /ping HTTP/1.1\r\nHost: x\r\n\r\n');
    await idle.until('200 OK');
    busy.send(post('1,2,3'));
    await expect.poll(() => waiting.length).toBe(1);

    server.stop();
    await silent.closed();
    await idle.closed();
    const refused = await fetch(`${server.url}/ping`).catch((error: Error) => error.cause);
    waiting[0]!();

    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
    expect(await busy.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Connection: close\r\n.*"score":1}/s);
    expect(await server.exitCode).toBe(0);
  });

  it('cuts off requests that do not finish in time', async () => {
    const { algorithm, waiting } = slowAlgorithm();
    const server = await startServer({ algorithm, timeouts: { drainMs: 20 } });
    await untilReady(server);
    const wire = openWire(server.port);
    wire.send(post('1,2,3'));
    await expect.poll(() => waiting.length).toBe(1);

    server.stop();

    expect(await wire.closed()).toBe('');
    expect(await server.exitCode).toBe(0);
    expect(server.lines).toContain('stopped with 1 requests unanswered');
    waiting[0]!();
  });
});
