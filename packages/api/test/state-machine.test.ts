import fc from 'fast-check';
import { it } from 'vitest';
import { runs } from './support/runs.js';
import { openScene, type Scene } from './support/scene.js';
import { calls, Reference } from './support/state-machine.js';

it('random calls, and restarts between them, have the answers of a reference that keeps resources in maps', async () => {
  const property = fc.asyncProperty(
    fc.array(calls, { minLength: 1, maxLength: 100, size: 'max' }),
    async (sequence) => {
      const options = { concurrency: 0 };
      let scene: Scene = await openScene(options);
      scene.put({ 'train/a.csv': '1\n' });
      const reference = new Reference();

      for (const call of sequence) {
        if (call.verb !== 'Restart') await reference.make(call, scene);
        else {
          await scene.api.close();
          scene = await openScene({ ...options, folder: scene.folder });
        }
      }

      await scene.api.close();
    },
  );

  await fc.assert(property, { numRuns: runs(4, 200), seed: 1 });
});
