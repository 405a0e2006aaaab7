/** `toEqual` for tens of thousands of rows, which it takes longer to compare than the SDK to read. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** Shows the first row that differs. */
export function expectSameRows(rows: readonly unknown[], expected: readonly unknown[]): void {
  const at = expected.findIndex((row, index) => !isDeepStrictEqual(rows[index], row));
  if (at >= 0) expect(rows[at], `row ${at}`).toStrictEqual(expected[at]);
  expect(rows).toHaveLength(expected.length);
}
