import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvBuffer } from '../../src/formats/csv/read-csv-buffer.js';
import type { Predictions } from '../../src/prediction.js';
import { anyText } from '../any-text.js';
import { type AnswerType, encodePredictions } from './encode-predictions.js';

const OUTPUTS = { score: { description: '' }, parts: { description: '' }, label: { description: '' } };
const RUNS = { seed: 20260103, numRuns: 200 };

/** Rows of a number, two more and a text, as columns and as objects. */
const tables = fc
  .array(
    fc.record({
      score: fc.double({ noNaN: true, noDefaultInfinity: true }),
      parts: fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
      label: anyText(30),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((rows) => ({
    rows,
    predictions: {
      label: rows.map(({ label }) => label),
      parts: { values: Float64Array.from(rows.flatMap(({ parts }) => parts)), width: 2 },
      score: Float64Array.from(rows, ({ score }) => score),
    } satisfies Predictions,
  }));

function encode(predictions: Predictions, rows: number, format: AnswerType, hasFinalNewline = true): string {
  return encodePredictions(predictions, rows, OUTPUTS, format, hasFinalNewline).toString();
}

describe('encoded predictions', () => {
  it('in JSON are what JSON.stringify writes for the same objects', () => {
    fc.assert(
      fc.property(tables, ({ rows, predictions }) => {
        const text = encode(predictions, rows.length, 'application/json');

        expect(text).toBe(JSON.stringify({ predictions: rows }));
      }),
      RUNS,
    );
  });

  it('in JSON Lines are one such object per line', () => {
    fc.assert(
      fc.property(tables, fc.boolean(), ({ rows, predictions }, hasFinalNewline) => {
        const text = encode(predictions, rows.length, 'application/jsonlines', hasFinalNewline);

        expect(text).toBe(rows.map((row) => JSON.stringify(row)).join('\n') + (hasFinalNewline ? '\n' : ''));
      }),
      RUNS,
    );
  });

  it('in CSV read back as the same numbers, to the last bit', () => {
    const policy = { missingValues: 'accept', infiniteValues: 'accept' } as const;
    const numbers = fc.array(
      fc.double().filter((value) => !Object.is(value, -0)),
      { minLength: 1, maxLength: 60 },
    );

    fc.assert(
      fc.property(numbers, fc.boolean(), (values, hasFinalNewline) => {
        const predictions = { score: Float64Array.from(values) };
        const bytes = encodePredictions(predictions, values.length, OUTPUTS, 'text/csv', hasFinalNewline);

        expect([...readCsvBuffer(bytes, { policy }).features]).toEqual(values);
      }),
      RUNS,
    );
  });

  it('in CSV quote text according to RFC 4180', () => {
    const label = ['plain', 'a,b', 'say "x"', 'two\nlines', '', ' blank '];
    const score = Int32Array.of(1, 2, 3, 4, 5, 6);

    const text = encodePredictions({ score, label }, 6, OUTPUTS, 'text/csv', false).toString();

    expect(text).toBe('1,plain\n2,"a,b"\n3,"say ""x"""\n4,"two\nlines"\n5,""\n6, blank ');
  });

  it('that JSON has no number for are null in JSON, and written by name in CSV', () => {
    const predictions = { score: Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) };

    expect(encode(predictions, 3, 'application/jsonlines')).toBe('{"score":null}\n{"score":null}\n{"score":null}\n');
    expect(encode(predictions, 3, 'text/csv')).toBe('NaN\nInfinity\n-Infinity\n');
  });

  it('with a list of width 1 are single numbers', () => {
    const predictions = { parts: { values: Float64Array.of(1, 2), width: 1 } };

    expect(encode(predictions, 2, 'application/json')).toBe('{"predictions":[{"parts":1},{"parts":2}]}');
  });

  it.each(['text/csv', 'application/jsonlines', 'application/json'] as const)(
    'in %s of many chunks are the same as joined rows',
    (format) => {
      const rows = 50_000;
      const score = Float64Array.from({ length: rows }, (_, i) => Math.sqrt(i));

      const text = encode({ score }, rows, format);

      const expected = {
        'text/csv': [...score].map((value) => `${value}\n`).join(''),
        'application/jsonlines': [...score].map((value) => `{"score":${value}}\n`).join(''),
        'application/json': JSON.stringify({ predictions: [...score].map((value) => ({ score: value })) }),
      }[format];
      expect(text === expected).toBe(true); // a plain comparison: a diff of a megabyte helps nobody
    },
  );
});
