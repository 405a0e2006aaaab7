/**
 * The sample data of gradient-boosted trees, cut from `source/breast-cancer.csv`.
 *
 *   node sample-data/gradient-boosting/prepare.ts
 */
import { join } from 'node:path';
import { cutSample, type SampleFiles, writeSample } from '../sample.ts';

/** The content of every made file, by its path in this folder. */
export function sampleFiles(): Promise<SampleFiles> {
  return cutSample({
    source: join(import.meta.dirname, 'source', 'breast-cancer.csv'),
    target: 'benign',
    seed: 7,
    // Of 569 rows.
    trainRows: 455,
    validationRows: 57,
    acceptParameters: {
      '04.csv': 'output="predicted_label,probability"',
      '05.csv': 'output="labels,probabilities"',
      '06.json': 'output=contributions',
      '08.json': 'output=contributions',
      '09.jsonl': 'output=leaves',
    },
    formats: ['libsvm', 'parquet', 'recordio-protobuf', 'npy'],
    classCount: 2,
    classNames: { 0: 'malignant', 1: 'benign' },
    // Values are missing in practice; the source has none.
    rowChanges: { '07.json': (row) => row.map((value, column) => (column % 3 === 2 ? null : value)) },
    hyperparameters: {
      objective: 'binary:logistic',
      num_round: '200',
      eta: '0.1',
      max_depth: '4',
      subsample: '0.8',
      colsample_bytree: '0.8',
      eval_metric: 'auc,logloss',
      early_stopping_rounds: '20',
      seed: '7',
    },
    relativeTolerance: 1e-6,
    metricBounds: { 'validation:auc': { atLeast: 0.98 }, 'validation:logloss': { atMost: 0.15 } },
  });
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
