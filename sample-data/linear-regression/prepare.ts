/**
 * The sample data of linear regression, cut from `source/diabetes.csv`.
 *
 *   node sample-data/linear-regression/prepare.ts
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
    source: join(import.meta.dirname, 'source', 'diabetes.csv'),
    target: 'progression',
    seed: 7,
    // Of 442 rows.
    trainRows: 353,
    validationRows: 44,
    requests,
    hyperparameters: { method: 'ols' },
    relativeTolerance: 1e-9,
    metricBounds: { 'validation:rmse': { atMost: 50 } },
  });
}

// --- internal ---

/**
 * Ten requests over the inference rows in order: each format in and out, one row and several, and what clients are known
 * to send (a charset, CRLF, both shapes of a JSON instance).
 */
function requests(take: (count: number) => Rows): readonly RealTimeRequest[] {
  const crlf = (rows: Rows) => csv(rows).replaceAll('\n', '\r\n');
  return [
    request('01.csv', csv(take(1)), 'text/csv', 'text/csv'),
    request('02.csv', csv(take(3)), 'text/csv', 'text/csv'),
    request('03.csv', csv(take(5)), 'text/csv; charset=utf-8', 'application/json'),
    request('04.csv', csv(take(2)), 'text/csv', 'text/csv;interval=0.95'),
    request('05.csv', crlf(take(2)), 'text/csv', 'application/jsonlines'),
    request('06.json', json(take(1), flatInstance), 'application/json', 'application/json'),
    request('07.json', json(take(4), flatInstance), 'application/json', 'application/json'),
    request('08.json', json(take(2), nestedInstance), 'application/json', 'text/csv'),
    request('09.jsonl', jsonLines(take(1), flatInstance), 'application/jsonlines', 'application/jsonlines'),
    request('10.jsonl', jsonLines(take(5), nestedInstance), 'application/jsonlines', 'application/jsonlines'),
  ];
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
