/** A training job on a table of very many columns, of which only the last one decides the label. */
import { runTraining } from '@algo/contract/testing';
import { expect } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';
import { readEnsemble } from '../../src/model/index.js';

export async function expectLastColumnToCount(columns: number): Promise<void> {
  const lines = Array.from({ length: 200 }, (_, row) => {
    const between = 1 + ((row * 7919) % (columns - 2));
    return `${row % 2 ? 5 : 1} 0:${row} ${between}:1 ${columns - 1}:${row % 2}`;
  });

  const { model, root, failure } = await runTraining(gradientBoosting, {
    hyperparameters: { num_round: '1', max_depth: '1', nthread: '2' },
    channels: { train: { 'a.libsvm': `${lines.join('\n')}\n` } },
    inputDataConfig: { train: { ContentType: 'text/libsvm' } },
  });
  root.remove();

  expect(failure).toBeUndefined();
  const { featureCount, trees } = readEnsemble(model.get('xgboost-model.ubj')!);
  expect(featureCount).toBe(columns);
  expect(trees[0]!.feature[0]).toBe(columns - 1);
}
