/** A channel that gives more rows than in the pass before: the job fails as the channel says, with no row out of place. */
import { ClientError } from '@algo/contract';
import { blocksOf } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { readWindows } from '../../src/data/row-chunks.js';
import { shareWindows } from '../../src/data/shared-windows.js';
import { createTrainingRows } from '../../src/data/training-rows.js';
import { createComposedOperations } from '../../src/operations/composed.js';
import { useCpu } from '../support/cpu.js';
import { defineNetwork } from '../support/networks.js';

useCpu();

const ROWS = 11;
const definition = defineNetwork({ task: 'binary', columns: 1, outputCount: 1 });
const table = Array.from({ length: 2 * ROWS }, (_, i) => [i % 2, i]);

async function* grown() {
  yield* blocksOf(table);
  throw new ClientError('E_CHANNEL', 'Channel "train" must give the same rows each time it is read.');
}

it.each([
  ['fit in memory', ROWS],
  ['are read in parts', 4],
])('fails where rows %s', async (_, capacity) => {
  const rows = createTrainingRows({
    ...{ operations: createComposedOperations(), definition, rows: ROWS, capacity, batchSize: 4, seed: 1 },
    classWeights: undefined,
    windows: () =>
      readWindows(grown(), {
        definition,
        inputScaling: { means: Float64Array.of(0), deviations: Float64Array.of(1) },
        outputScaling: undefined,
        capacity,
        sizes: shareWindows([ROWS], capacity).map(([own]) => own!),
      }),
  });
  const seen: number[] = [];
  const epoch = async () => {
    for await (const batch of rows.batches(1)) seen.push(batch.rows);
  };

  await expect(epoch()).rejects.toThrow('must give the same rows');
  expect(seen).toEqual(capacity === ROWS ? [] : [4, 4, 3]);
});
