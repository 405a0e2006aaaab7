/**
 * The sample data of neural networks, cut from `source/digits.csv`.
 *
 *   node sample-data/neural-network/prepare.ts
 */
import { join } from 'node:path';
import { encode } from 'fast-png';
import { cutSample, type MoreRequest, type Rows, type SampleFiles, writeSample } from '../sample.ts';

/** The content of every made file, by its path in this folder. */
export function sampleFiles(): Promise<SampleFiles> {
  return cutSample({
    source: join(import.meta.dirname, 'source', 'digits.csv'),
    target: 'digit',
    seed: 7,
    // Of 1,797 rows.
    trainRows: 1257,
    validationRows: 180,
    acceptParameters: {
      '04.csv': 'output="predicted_label,probability"',
      '05.csv': 'output="labels,probabilities"',
      '07.json': 'output=predicted_label',
      '08.json': 'output=probabilities',
      '10.jsonl': 'output="predicted_label,probability"',
    },
    moreRequests: images,
    hyperparameters: {
      objective: 'multiclass',
      num_classes: '10',
      input_shape: '8,8,1',
      convolution_filters: '32,64',
      hidden_units: '128',
      activation: 'swish',
      dropout: '0.3',
      optimizer: 'sgd',
      learning_rate: '0.05',
      lr_schedule: 'cosine',
      epochs: '30',
      seed: '7',
    },
    // Backends round differently, and training carries it on: seen were 0.0002.
    relativeTolerance: 0.01,
    metricBounds: { 'validation:accuracy': { atLeast: 0.98 }, 'validation:loss': { atMost: 0.06 } },
  });
}

/** The rows of 01.csv and 06.json as gray images, whose answers are theirs. */
function images(inference: Rows): readonly MoreRequest[] {
  const png = (row: number) =>
    encode({ width: 8, height: 8, channels: 1, depth: 8, data: Uint8Array.from(inference[row]!, Number) });
  return [
    { name: '11.png', body: png(0), contentType: 'image/png', accept: 'text/csv' },
    { name: '12.png', body: png(13), contentType: 'image/png', accept: 'application/json' },
  ];
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
