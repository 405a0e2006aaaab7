import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { regressionCoefficients, regressionTable, repeatFile } from '../src/regression-table.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-test-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const parse = (path: string): number[][] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map(Number));

describe('regressionTable', () => {
  it('writes numbers like toFixed(6), with a label and the features per row', () => {
    const path = regressionTable(directory, { rows: 500, features: 8, seed: 1 });
    const lines = readFileSync(path, 'utf8').split('\n');

    expect(lines).toHaveLength(501);
    expect(lines.at(-1)).toBe('');
    for (const field of lines.slice(0, -1).flatMap((line) => line.split(','))) {
      expect(field).toBe(Number(field).toFixed(6));
    }
    expect(parse(path).every((row) => row.length === 9)).toBe(true);
  });

  it('writes every digit of the same numbers if requested', () => {
    const size = { rows: 300, features: 4, seed: 1 };
    const six = parse(regressionTable(directory, size)).flat();
    const all = parse(regressionTable(directory, { ...size, decimals: 'all' })).flat();

    expect(all.every((value, i) => Math.abs(value - six[i]!) <= 0.5000001e-6)).toBe(true); // half of the last decimal
    expect(all.filter((value) => String(value).replaceAll(/[-.]/g, '').length >= 15).length).toBeGreaterThan(1200);
  });

  it('leaves the label out if requested, and nothing else', () => {
    const size = { rows: 50, features: 3, seed: 1 };
    const [labelled, features] = [size, { ...size, hasLabel: false }].map((table) =>
      readFileSync(regressionTable(directory, table), 'utf8'),
    );

    expect(features).toBe(labelled!.replaceAll(/^[^,]+,/gm, ''));
  });

  it('gives the same bytes for a seed and others for another', () => {
    const bytes = (folder: string, seed: number) =>
      readFileSync(regressionTable(join(directory, folder), { rows: 50, features: 3, seed }));

    expect(bytes('second', 1)).toEqual(bytes('first', 1));
    expect(bytes('first', 2)).not.toEqual(bytes('first', 1));
  });

  it('follows its linear law, with noise of standard deviation 1', () => {
    const rows = parse(regressionTable(directory, { rows: 20_000, features: 8, seed: 5 }));

    const [intercept, ...weights] = regressionCoefficients(8);
    const residuals = rows.map(
      ([label, ...x]) => label! - x.reduce((sum, value, j) => sum + weights[j]! * value, intercept!),
    );
    const mean = residuals.reduce((sum, r) => sum + r, 0) / rows.length;
    const variance = residuals.reduce((sum, r) => sum + (r - mean) ** 2, 0) / rows.length;

    expect(Math.abs(mean)).toBeLessThan(0.03); // four standard errors: 4 / √20,000
    expect(Math.abs(variance - 1)).toBeLessThan(0.04); // four standard errors: 4 · √(2 / 20,000)
  });

  it('does not touch an existing file', () => {
    const path = regressionTable(directory, { rows: 2, features: 1, seed: 1 });
    utimesSync(path, 1000, 1000);

    regressionTable(directory, { rows: 2, features: 1, seed: 1 });

    expect(statSync(path).mtimeMs).toBe(1_000_000);
  });
});

it('repeatFile writes the source the given number of times', () => {
  const source = regressionTable(directory, { rows: 20, features: 2, seed: 3 });

  const repeated = repeatFile(source, 4);

  expect(readFileSync(repeated, 'utf8')).toBe(readFileSync(source, 'utf8').repeat(4));
});
