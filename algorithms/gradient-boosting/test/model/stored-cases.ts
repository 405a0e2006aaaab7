/** The stored models of real XGBoost (test/peers/train.py --fixtures) and what XGBoost predicts with them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ExpectedCase {
  readonly objective: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly features: number;
  readonly rows: readonly (number | null)[];
  readonly margins: readonly number[];
  readonly predictions: readonly number[];
  readonly contributions: readonly number[];
  readonly interactions?: readonly number[];
  readonly leaves?: readonly number[];
  readonly importance?: Readonly<Record<string, readonly number[]>>;
  /** Margins of rounds 1 and 2 of 0, 1, 2, … */
  readonly firstRounds?: readonly number[];
}

export interface StoredCase {
  readonly name: string;
  readonly expected: ExpectedCase;
  readonly ubjson: Buffer;
  /** Only some cases have both forms. */
  readonly json: Buffer | undefined;
  /** [rows × features] float32, NaN for missing */
  readonly rows: Float32Array;
}

const FOLDER = join(import.meta.dirname, '../fixtures/xgboost-models');

export function storedCases(folder: string = FOLDER): StoredCase[] {
  const suffix = '.expected.json';
  const names = readdirSync(folder).filter((file) => file.endsWith(suffix));
  return names.sort().map((file) => storedCase(file.slice(0, -suffix.length), folder));
}

export function storedCase(name: string, folder: string = FOLDER): StoredCase {
  const expected: ExpectedCase = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8'));
  const json = join(folder, `${name}.json`);
  return {
    name,
    expected,
    ubjson: readFileSync(join(folder, `${name}.ubj`)),
    json: existsSync(json) ? readFileSync(json) : undefined,
    rows: Float32Array.from(expected.rows, (value) => value ?? Number.NaN),
  };
}

/** Largest difference of float32 values from expected ones, which are stored as their shortest decimals. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let index = 0; index < actual.length; index++) {
    largest = Math.max(largest, Math.abs(actual[index]! - Math.fround(expected[index]!)));
  }
  return largest;
}
