/**
 * The sample data of gradient-boosted trees, cut from `source/breast-cancer.csv`.
 *
 *   node sample-data/gradient-boosting/prepare.ts
 */
import { join } from 'node:path';
import {
  type Cell,
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
    source: join(import.meta.dirname, 'source', 'breast-cancer.csv'),
    target: 'benign',
    seed: 7,
    // Of 569 rows.
    trainRows: 455,
    validationRows: 57,
    requests,
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

// --- internal ---

/**
 * Ten requests over the inference rows in order: each format in and out, one row and several, missing values, the
 * outputs that a request may ask for, and what clients are known to send (a charset, CRLF, both shapes of an instance).
 */
function requests(take: (count: number) => Rows): readonly RealTimeRequest[] {
  const crlf = (rows: Rows) => csv(rows).replaceAll('\n', '\r\n');
  return [
    request('01.csv', csv(take(1)), 'text/csv', 'text/csv'),
    request('02.csv', csv(take(3)), 'text/csv', 'text/csv'),
    request('03.csv', csv(take(5)), 'text/csv; charset=utf-8', 'application/json'),
    request('04.csv', csv(take(2)), 'text/csv', 'text/csv;output="predicted_label,probability"'),
    request('05.csv', crlf(take(2)), 'text/csv', 'application/jsonlines;output="labels,probabilities"'),
    request('06.json', json(take(1), flatInstance), 'application/json', 'application/json;output=contributions'),
    request('07.json', json(take(4).map(withoutEveryThird), flatInstance), 'application/json', 'application/json'),
    request('08.json', json(take(2), nestedInstance), 'application/json', 'text/csv;output=contributions'),
    request(
      '09.jsonl',
      jsonLines(take(1), flatInstance),
      'application/jsonlines',
      'application/jsonlines;output=leaves',
    ),
    request('10.jsonl', jsonLines(take(5), nestedInstance), 'application/jsonlines', 'application/jsonlines'),
  ];
}

/** Values are missing in practice; the source has none. */
function withoutEveryThird(row: readonly Cell[]): readonly Cell[] {
  return row.map((value, column) => (column % 3 === 2 ? null : value));
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
