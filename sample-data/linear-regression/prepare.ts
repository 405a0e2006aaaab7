/**
 * The sample data of linear regression, cut from `source/diabetes.csv`.
 *
 *   node sample-data/linear-regression/prepare.ts
 */
import { join } from 'node:path';
import { cutSample, type SampleFiles, writeSample } from '../sample.ts';

/** The content of every made file, by its path in this folder. */
export function sampleFiles(): Promise<SampleFiles> {
  return cutSample({
    source: join(import.meta.dirname, 'source', 'diabetes.csv'),
    target: 'progression',
    seed: 7,
    // Of 442 rows.
    trainRows: 353,
    validationRows: 44,
    acceptParameters: { '04.csv': 'interval=0.95' },
    hyperparameters: { method: 'ols' },
    relativeTolerance: 1e-9,
    metricBounds: { 'validation:rmse': { atMost: 50 } },
  });
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
