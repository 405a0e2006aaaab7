/**
 * The sample data of neural networks, cut from `source/digits.csv`.
 *
 *   node sample-data/neural-network/prepare.ts
 */
import { join } from 'node:path';
import {
  csv,
  cutSample,
  flatInstance,
  json,
  jsonLines,
  nestedInstance,
  type RealTimeRequest,
  type Rows,
  request,
  writeSample,
} from '../sample.ts';

/** The content of every made file, by its path in this folder. */
export function sampleFiles(): Promise<ReadonlyMap<string, string>> {
  return cutSample({
    source: join(import.meta.dirname, 'source', 'digits.csv'),
    target: 'digit',
    seed: 7,
    // Of 1,797 rows.
    trainRows: 1257,
    validationRows: 180,
    requests,
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

// --- internal ---

/**
 * Ten requests over the inference rows in order: each format in and out, one row and several, the outputs that a request
 * may ask for, and what clients are known to send (a charset, CRLF, both shapes of an instance).
 */
function requests(take: (count: number) => Rows): readonly RealTimeRequest[] {
  const crlf = (rows: Rows) => csv(rows).replaceAll('\n', '\r\n');
  return [
    request('01.csv', csv(take(1)), 'text/csv', 'text/csv'),
    request('02.csv', csv(take(3)), 'text/csv', 'text/csv'),
    request('03.csv', csv(take(5)), 'text/csv; charset=utf-8', 'application/json'),
    request('04.csv', csv(take(2)), 'text/csv', 'text/csv;output="predicted_label,probability"'),
    request('05.csv', crlf(take(2)), 'text/csv', 'application/jsonlines;output="labels,probabilities"'),
    request('06.json', json(take(1), flatInstance), 'application/json', 'application/json'),
    request('07.json', json(take(4), flatInstance), 'application/json', 'application/json;output=predicted_label'),
    request('08.json', json(take(2), nestedInstance), 'application/json', 'text/csv;output=probabilities'),
    request('09.jsonl', jsonLines(take(1), flatInstance), 'application/jsonlines', 'application/jsonlines'),
    request(
      '10.jsonl',
      jsonLines(take(5), nestedInstance),
      'application/jsonlines',
      'application/jsonlines;output="predicted_label,probability"',
    ),
  ];
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
