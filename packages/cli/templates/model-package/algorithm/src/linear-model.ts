/** A linear model: its file, its predictions, and the least squares that make it. */
import { z } from 'zod';

export const MODEL_FILE = 'coefficients.json';

export const linearModelSchema = z.object({
  intercept: z.number(),
  /** One per column. */
  coefficients: z.array(z.number()).min(1),
});
export type LinearModel = z.output<typeof linearModelSchema>;

/**
 * intercept + Σ coefficient × value for each row.
 * @param features [rows × columns], row-major, as many columns as coefficients
 * @returns [rows]
 */
export function predictRows(
  { intercept, coefficients }: LinearModel,
  features: Float64Array | Float32Array,
  rows: number,
): Float64Array {
  const columns = coefficients.length;
  return Float64Array.from({ length: rows }, (_, row) =>
    coefficients.reduce((sum, own, column) => sum + own * features[row * columns + column]!, intercept),
  );
}

/**
 * Least squares through the normal equations of centred columns, solved by Gaussian elimination: enough digits for a few
 * columns that measure different things.
 * @param table rows of the target, then the features; more rows than columns
 * @throws Error when a column is a combination of others
 */
export function fitLeastSquares(table: readonly (readonly number[])[]): LinearModel {
  const columns = table[0]!.length;
  const means = Array.from({ length: columns }, (_, column) => mean(table.map((row) => row[column]!)));
  const centred = table.map((row) => row.map((value, column) => value - means[column]!));
  const product = (a: number, b: number) => centred.reduce((sum, row) => sum + row[a]! * row[b]!, 0);
  // Each equation: Σ product(feature, other) × coefficient = product(feature, target), target last.
  const order = [...Array.from({ length: columns - 1 }, (_, index) => index + 1), 0];
  const equations = order.slice(0, -1).map((feature) => order.map((other) => product(feature, other)));
  const coefficients = solve(equations);
  const intercept = coefficients.reduce((rest, own, index) => rest - own * means[index + 1]!, means[0]!);
  return { intercept, coefficients };
}

// --- internal ---

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param equations [n × (n + 1)], the right side last; positive definite, so that no rows need to be exchanged */
function solve(equations: readonly (readonly number[])[]): number[] {
  const rows = equations.map((row) => [...row]);
  for (const [at, pivot] of rows.entries()) {
    if (!(pivot[at]! > 0)) throw new Error(`Column ${at + 1} is a combination of the columns before it.`);
    for (const row of rows.slice(at + 1)) {
      const factor = row[at]! / pivot[at]!;
      for (let column = at; column < row.length; column++) row[column]! -= factor * pivot[column]!;
    }
  }
  const solution = new Array<number>(rows.length).fill(0);
  for (const [at, row] of [...rows.entries()].reverse()) {
    const known = row.slice(at + 1, -1).reduce((sum, own, index) => sum + own * solution[at + 1 + index]!, 0);
    solution[at] = (row.at(-1)! - known) / row[at]!;
  }
  return solution;
}
