/** A container of many models, by its routes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { WorkerProcess } from '../../../src/serve/worker-process.js';
import { endServers } from '../running-server.js';
import { makeModel, problemOf, startMany } from './multi-model-server.js';

afterEach(endServers);

const OK = { status: 200, body: '' };

describe('a container of many models', () => {
  it('is healthy without any, and has batch parameters but no /invocations', async () => {
    const server = await startMany();

    expect(await server.send('GET', '/ping')).toEqual(OK);
    expect((await server.send('GET', '/execution-parameters')).status).toBe(200);
    expect(await server.send('GET', '/models')).toEqual({ status: 200, body: { models: [] } });
    expect(problemOf(await server.send('POST', '/invocations', '1,2', 'text/csv'))).toMatchObject({
      status: 404,
      message: expect.stringContaining('/models/{name}/invoke'),
    });
  });

  it('loads, lists, describes, invokes and unloads', async () => {
    const server = await startMany();
    const url = makeModel(server.root, 'five', 5);

    expect(await server.loadFrom('five', url)).toEqual(OK);
    expect(await server.load('seven', 7)).toEqual(OK);
    expect(await server.get('five')).toEqual({ status: 200, body: { modelName: 'five', modelUrl: url } });
    expect(await server.names()).toEqual(['five', 'seven']);
    expect(await server.invoke('five', '1,2')).toEqual({ status: 200, body: 15 });
    expect(await server.invoke('seven', '1,2')).toEqual({ status: 200, body: 21 });
    expect(await server.unload('five')).toEqual(OK);
    expect(await server.names()).toEqual(['seven']);
    for (const answer of [await server.get('five'), await server.invoke('five', '1,2'), await server.unload('five')]) {
      expect(problemOf(answer)).toEqual({
        status: 404,
        code: 'E_MODEL_UNKNOWN',
        message: 'Model "five" is not loaded. Load it with POST /models.',
      });
    }
    expect(await server.load('five', 50)).toEqual(OK);
    expect(await server.invoke('five', '1,2')).toEqual({ status: 200, body: 150 });
  });

  it('answers 409 for a name that is loaded or being loaded', async () => {
    const gate = Promise.withResolvers<number>();
    const loading = Promise.withResolvers<void>();
    const server = await startMany({
      algorithm: {
        load() {
          loading.resolve();
          return gate.promise;
        },
      },
    });

    const first = server.load('a', 1);
    await loading.promise;
    expect(problemOf(await server.load('a', 1)).message).toBe('Model "a" is being loaded already. Unload it first.');
    gate.resolve(3);

    expect(await first).toEqual(OK);
    expect(problemOf(await server.load('a', 1))).toMatchObject({ status: 409, code: 'E_MODEL_LOADED' });
    expect(await server.invoke('a', '1,2')).toEqual({ status: 200, body: 9 });
  });

  it.each(['a/b', 'ü 你 %41', 'invoke', '\'"<>\u0000\n', '?x=1#y'])('takes any text as a name: %j', async (name) => {
    const server = await startMany();

    expect(await server.load(name, 2)).toEqual(OK);
    expect(await server.names()).toEqual([name]);
    expect(await server.invoke(name, '1,2')).toEqual({ status: 200, body: 6 });
    expect(await server.unload(name)).toEqual(OK);
  });

  it.each([
    ['not JSON', 'the body must be a JSON object with model_name and url; received "not JSON"'],
    ['[]', 'the body must be a JSON object with model_name and url; received "[]"'],
    ['{"url":"/x"}', 'model_name must be a text of 1 to 1024 characters; received nothing'],
    ['{"model_name":"","url":"/x"}', 'model_name must be a text of 1 to 1024 characters; received "\\"\\""'],
    ['{"model_name":1,"url":"/x"}', 'model_name must be a text of 1 to 1024 characters; received "1"'],
    [
      String.raw`{"model_name":"\ud800","url":"/x"}`,
      String.raw`model_name must be a text of 1 to 1024 characters; received "\"\\ud800\""`,
    ],
    ['{"model_name":"a"}', 'url must be a text of 1 to 4096 characters; received nothing'],
    [`{"x":"${' '.repeat(65536)}"}`, 'the body must have at most 65536 bytes; received 65544'],
  ])('refuses another body to load %#', async (body, problem) => {
    const server = await startMany();

    expect(problemOf(await server.send('POST', '/models', body))).toEqual({
      status: 400,
      code: 'E_REQUEST_BODY',
      message: `POST /models: ${problem}.`,
    });
  });

  it('says why a model cannot be loaded, and lives on', async () => {
    const server = await startMany();
    const empty = join(server.root.paths.models, 'empty', 'model');
    mkdirSync(empty, { recursive: true });
    const damaged = makeModel(server.root, 'damaged', 1);
    writeFileSync(join(damaged, 'model.json'), '{"factor":2}');

    expect(problemOf(await server.loadFrom('a', '/not/there'))).toEqual({
      status: 404,
      code: 'E_MODEL_FOLDER',
      message: 'url must be the folder of a model; "/not/there" is not (ENOENT).',
    });
    expect(problemOf(await server.loadFrom('a', 'models/a'))).toMatchObject({ status: 404, code: 'E_MODEL_FOLDER' });
    expect(problemOf(await server.loadFrom('a', empty))).toMatchObject({
      status: 400,
      code: 'E_MODEL',
      message: expect.stringContaining('must contain a model with .manifest.json; found'),
    });
    expect(problemOf(await server.loadFrom('a', damaged))).toMatchObject({
      status: 400,
      message: expect.stringContaining('the file was changed or damaged after training'),
    });
    expect(await server.send('GET', '/models')).toEqual({ status: 200, body: { models: [] } });
    expect(await server.load('a', 4)).toEqual(OK);
    expect(await server.invoke('a', '1,2')).toEqual({ status: 200, body: 12 });
  });

  it('answers an error of the algorithm as /invocations does, without its text', async () => {
    const server = await startMany({
      algorithm: {
        load() {
          throw new Error('a secret of the container');
        },
      },
    });

    const answer = problemOf(await server.load('a', 1));

    expect(answer).toMatchObject({ status: 500, code: 'E_ALGORITHM' });
    expect(answer.message).not.toContain('secret');
    expect(server.lines.join('\n')).toContain('a secret of the container');
  });
});

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

describe('models that come and go', () => {
  it('are each right when 50 are loaded at the same time and asked meanwhile', async () => {
    const server = await startMany();
    const urls = Array.from({ length: 5 }, (_, i) => makeModel(server.root, `model-${i}`, i));
    const factors = Array.from({ length: 50 }, (_, i) => i % urls.length);

    const answers = await Promise.all(
      factors.map(async (factor, i) => {
        const name = `m${i}`;
        const loaded = server.loadFrom(name, urls[factor]!);
        const [{ status }, early] = await Promise.all([loaded, server.invoke(name, '1,1')]);
        return {
          status,
          early: early.status === 200 ? early.body : early.status,
          late: (await server.invoke(name, '1,2')).body,
        };
      }),
    );

    for (const [i, { status, early, late }] of answers.entries()) {
      expect({ status, late }).toEqual({ status: 200, late: 3 * factors[i]! });
      expect([404, 2 * factors[i]!]).toContain(early); // 404 where it came before the load
    }
  });

  it('have requests wait while they are loaded, and get 404 where that fails', async () => {
    const gates = new Map([1, 2].map((factor) => [factor, Promise.withResolvers<number>()]));
    const loading = new Map([1, 2].map((factor) => [factor, Promise.withResolvers<void>()]));
    const server = await startMany({
      algorithm: {
        load({ artifact }) {
          const { factor } = JSON.parse(artifact.read('model.json').toString());
          loading.get(factor)!.resolve();
          return gates.get(factor)!.promise;
        },
      },
    });
    const loads = [server.load('good', 1), server.load('bad', 2)];
    await Promise.all([...loading.values()].map(({ promise }) => promise));

    const asked = [server.invoke('good', '1,2'), server.invoke('bad', '1,2')];
    const removed = server.unload('bad');
    gates.get(1)!.resolve(10);
    gates.get(2)!.reject(new Error('broken'));

    expect((await Promise.all(loads)).map(({ status }) => status)).toEqual([200, 500]);
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 404]);
    expect((await removed).status).toBe(404);
  });

  it('are closed once in each worker that has them, after their requests', async () => {
    const predicting = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const events: string[] = [];
    const server = await startMany({
      algorithm: {
        close: () => void events.push('closed'),
        async predict(_model, { rows, features }) {
          if (features[0] === 1) {
            predicting.resolve();
            await gate.promise;
            events.push('predicted');
          }
          return { score: new Float64Array(rows) };
        },
      },
    });
    await server.load('a', 1);
    const asked = server.invoke('a', '1,2');
    await predicting.promise;

    const unloaded = server.unload('a');
    await expect.poll(async () => (await server.invoke('a', '0,0')).status).toBe(404);
    const again = server.load('a', 2);
    gate.resolve();

    expect((await asked).status).toBe(200);
    expect((await unloaded).status).toBe(200);
    expect((await again).status).toBe(200);
    expect(events[0]).toBe('predicted');
    expect([1, 2]).toContain(events.length - 1); // a second worker may or may not have had it by then
  });

  it('stay when a worker ends: another one answers, and they are loaded again', async () => {
    const workers: WorkerProcess[] = [];
    const server = await startMany({ onWorker: (worker) => workers.push(worker) });
    for (const factor of [1, 2, 3]) await server.load(`m${factor}`, factor);

    for (const _ of [1, 2]) {
      for (const worker of workers.splice(0)) worker.kill();
      const answers = await Promise.all([1, 2, 3].map((factor) => server.invoke(`m${factor}`, '1,1')));
      expect(answers).toEqual([1, 2, 3].map((factor) => ({ status: 200, body: 2 * factor })));
    }
    expect(await server.names()).toEqual(['m1', 'm2', 'm3']);
  });

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
    expect(await server.load('b', 2)).toEqual(OK);
    expect(await server.names()).toEqual(['b']);
  });
});
