/** Many models of this algorithm in one container: the real program, with as many workers as there are processors. */
import { describe, expect, it } from 'vitest';
import { modelNumber, predictionOf, startManyModels } from './container.js';
import { makeMemoryGroup } from './memory-group.js';

const MIB = 1024 ** 2;
const ROW = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** @param width how many are in progress */
async function inParallel(count: number, width: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, run));
}

describe('1,000 models in one container', () => {
  it('are each right while 50 are being loaded, and after', async () => {
    const container = await startManyModels();
    const count = 1000;
    for (let number = 0; number < count; number++) container.write(`m${number}`, modelNumber(number, ROW.length));
    container.write('first', modelNumber(0, ROW.length));
    await container.load('first');
    await container.predict('first', ROW);
    const before = container.memory();
    const started = performance.now();

    await inParallel(count, 50, async (number) => {
      expect(await container.load(`m${number}`)).toEqual({ status: 200, text: '' });
      expect(await container.predict(`m${number}`, ROW)).toBe(predictionOf(number, ROW));
    });
    const seconds = (performance.now() - started) / 1000;
    await inParallel(3 * count, 50, async (i) => {
      const number = (i * 617) % count;
      expect(await container.predict(`m${number}`, ROW)).toBe(predictionOf(number, ROW));
    });

    expect(await container.loadedCount()).toBe(count + 1);
    const each = (container.memory() - before) / count / 1024;
    console.log(`${count} models loaded and asked in ${seconds.toFixed(1)} s; memory per model ${each.toFixed(0)} KiB`);
  });
});

describe('a container with a memory limit', () => {
  const LIMIT = 512 * MIB;
  const group = makeMemoryGroup(LIMIT);
  // A control group takes root, and a file system of them that is writable.
  it.skipIf(!group)(
    'refuses models before it is killed, and loads again after an unload',
    async ({ onTestFinished }) => {
      onTestFinished(() => group!.remove());
      const container = await startManyModels(group!.procs);
      const features = 1000;
      const row = Array.from({ length: features }, (_, i) => i % 3);
      const loaded: number[] = [];
      let refusal = { status: 0, text: '' };
      for (let number = 0; refusal.status === 0; number++) {
        container.write(`m${number}`, modelNumber(number, features));
        const answer = await container.load(`m${number}`);
        if (answer.status === 200) loaded.push(number);
        else refusal = answer;
      }

      expect(refusal).toEqual({ status: 507, text: expect.stringContaining('E_MODEL_MEMORY') });
      expect(loaded.length).toBeGreaterThan(2);
      expect(await container.ping()).toBe(200);
      for (const number of loaded) expect(await container.predict(`m${number}`, row)).toBe(predictionOf(number, row));
      const next = loaded.length;
      let unloaded = 0;
      do expect(await container.unload(`m${loaded[unloaded++]}`)).toBe(200);
      while ((await container.load(`m${next}`)).status === 507 && unloaded < loaded.length);
      expect(unloaded).toBeLessThanOrEqual(2); // each gives back what the next one needs
      expect(await container.predict(`m${next}`, row)).toBe(predictionOf(next, row));
      for (const number of loaded.slice(unloaded)) {
        expect(await container.predict(`m${number}`, row)).toBe(predictionOf(number, row));
      }
      expect(container.lines.filter((line) => /worker .* ended/.test(line))).toEqual([]);
      console.log(`${loaded.length} models of ${features} features fitted into ${LIMIT / MIB} MiB: ${refusal.text}`);
    },
  );
});
