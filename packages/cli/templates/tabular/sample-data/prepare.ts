/**
 * The sample data of example-algorithm, cut from `source/penguins.csv`.
 *
 *   node sample-data/example-algorithm/prepare.ts
 */
import { join } from 'node:path';
import { cutSample, type SampleFiles, writeSample } from '../sample.ts';

/** The content of every made file, by its path in this folder. */
export function sampleFiles(): Promise<SampleFiles> {
  return cutSample({
    source: join(import.meta.dirname, 'source', 'penguins.csv'),
    target: 'species',
    seed: 7,
    // Of 342 rows.
    trainRows: 272,
    validationRows: 40,
    acceptParameters: { '02.csv': 'output="score,distance"' },
    classCount: 3,
    classNames: { 0: 'Adelie', 1: 'Chinstrap', 2: 'Gentoo' },
    hyperparameters: {},
    relativeTolerance: 1e-9,
    metricBounds: { 'validation:accuracy': { atLeast: 0.9 } },
  });
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
