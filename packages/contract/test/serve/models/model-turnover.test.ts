/** Models that are loaded, asked and unloaded at the same time, and workers that end under them. */
import { afterEach, describe, expect, it } from 'vitest';
import type { WorkerProcess } from '../../../src/serve/worker-process.js';
import { endServers } from '../running-server.js';
import { makeModel, startMany } from './multi-model-server.js';

afterEach(endServers);

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
});
