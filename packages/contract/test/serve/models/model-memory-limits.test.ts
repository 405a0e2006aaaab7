/** A container of many models whose memory is used up: by a load, by a request, or before either. */
import { afterEach, describe, expect, it } from 'vitest';
import { endServers } from '../running-server.js';
import { problemOf, startMany } from './multi-model-server.js';

afterEach(endServers);

describe('a model that asks for more memory than there is', () => {
  it.each(['load', 'predict'])('is refused with 507: %s', async (part) => {
    const allocate = () => new ArrayBuffer(Number.MAX_SAFE_INTEGER);
    const server = await startMany({
      algorithm: part === 'load' ? { load: allocate } : { predict: () => allocate() as never },
    });

    expect(problemOf(await server.load('a', 1))).toEqual({
      status: 507,
      code: 'E_MODEL_MEMORY',
      message: 'Model "a" needs more memory to load than there is. Unload other models, then retry.',
    });
  });
});

describe('a request to a model', () => {
  it('that asks for more memory than there is gets 507: the platform unloads others for it', async () => {
    const server = await startMany({
      algorithm: {
        predict: (_, { rows, features }) => {
          if (features[0] === 9) new ArrayBuffer(Number.MAX_SAFE_INTEGER);
          if (features[0] === 8) new Float64Array(-rows);
          return { score: new Float64Array(rows) };
        },
      },
    });
    await server.load('a', 1);

    expect(problemOf(await server.invoke('a', '9,0'))).toEqual({
      status: 507,
      code: 'E_MODEL_MEMORY',
      message:
        'The request needs more memory than there is next to the loaded models. Unload other models, then retry, or send fewer rows per request.',
    });
    expect(problemOf(await server.invoke('a', '8,0'))).toMatchObject({ status: 413, code: 'E_REQUEST_SIZE' });
    expect((await server.invoke('a', '1,0')).status).toBe(200);
  });

  it.each([
    ['the kernel kills', 'signal SIGKILL', 507, 'E_MODEL_MEMORY'],
    ['ends by itself', 'exit code 1', 500, 'E_ALGORITHM'],
    ['this container stops', 'it was stopped', 500, 'E_ALGORITHM'],
  ])('whose worker %s (%s) gets %i', async (_, reason, status, code) => {
    const begun: (() => void)[] = [];
    const server = await startMany({
      algorithm: {
        predict: (_, { rows, features }) => {
          if (features[0] !== 9) return { score: new Float64Array(rows) };
          for (const end of begun.splice(0)) end();
          return new Promise<never>(() => {});
        },
      },
      endsWith: reason,
      onWorker: (worker) => begun.push(worker.kill),
    });
    await server.load('a', 1);

    expect(problemOf(await server.invoke('a', '9,0'))).toMatchObject({ status, code });
  });
});

describe('models that there is no memory for', () => {
  it('are refused with 507 where memory does not suffice, until one is unloaded', async () => {
    const MIB = 1024 ** 2;
    let free = 1024 * MIB;
    const server = await startMany({ memoryBytes: 1024 * MIB, freeBytes: () => free });
    await server.load('a', 1);
    free = 265 * MIB;

    const refused = problemOf(await server.load('b', 2));

    expect(refused).toEqual({
      status: 507,
      code: 'E_MODEL_MEMORY',
      message:
        'Model "b" needs about 16 MiB of memory to load; 9 MiB are free above the reserve for requests. Unload other models, then retry.',
    });
    expect(await server.invoke('a', '1,2')).toEqual({ status: 200, body: 3 });
    await server.unload('a');
    free = 300 * MIB;
    expect(await server.load('b', 2)).toEqual({ status: 200, body: '' });
    expect(await server.names()).toEqual(['b']);
  });
});
