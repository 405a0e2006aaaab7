import fc from 'fast-check';
import { it } from 'vitest';
import { runs } from './support/runs.js';
import { callTarget, openScene, type Scene } from './support/scene.js';
import { calls, Reference } from './support/state-machine.js';

/** Each a test of its own, so that none comes near the limit for a test: 10,000 calls in the long run. */
const SEEDS = Array.from({ length: runs(1, 8) }, (_, seed) => seed);

it.each(SEEDS)('random calls, and restarts between them, have the answers of a reference (seed %i)', async (seed) => {
  const property = fc.asyncProperty(
    fc.array(calls, { minLength: 1, maxLength: 100, size: 'max' }),
    async (sequence) => {
      const options = { concurrency: 0 };
      let scene: Scene = await openScene(options);
      scene.put({ 'train/a.csv': '1\n' });
      const reference = new Reference();

      for (const call of sequence) {
        if (call.verb !== 'Restart') await reference.make(call, (...request) => callTarget(scene.api.url, ...request));
        else {
          await scene.api.close();
          scene = await openScene({ ...options, folder: scene.folder });
        }
      }

      await scene.api.close();
    },
  );

  await fc.assert(property, { numRuns: runs(4, 10), seed });
});
