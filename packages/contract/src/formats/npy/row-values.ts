/** The numbers of rows as a block has them: labels first, then the weight, then the features, each held to its rule. */
import type { ValuePolicy } from '../block.js';
import { checkValues } from '../check-values.js';
import type { Role } from '../column-plan.js';
import { magnitudeLimit } from '../float32-range.js';
import type { Floats } from './element-type.js';

/** Columns of a row before its features. */
export interface Lead {
  readonly labelCount: number;
  readonly hasWeights: boolean;
}

/**
 * @param values [rows × columns], row-major
 * @param place of a row by its offset from the first, for the start of messages
 * @throws ClientError naming row and column of the first value that must not be
 */
export function checkRowValues(
  values: Floats,
  columns: number,
  lead: Lead,
  policy: ValuePolicy,
  place: (row: number) => string,
): void {
  const limit = magnitudeLimit(policy);
  if (!lead.hasWeights && areAllBelow(values, limit)) return;
  const weightColumn = lead.hasWeights ? lead.labelCount : -1;
  for (let i = 0; i < values.length; i++) {
    // NaN is not below the limit either.
    if (Math.abs(values[i]!) < limit && weightColumn < 0) continue;
    const column = i % columns;
    const role: Role = column < lead.labelCount ? 'label' : column === weightColumn ? 'weight' : 'feature';
    const label = `column ${column + 1}`;
    const row = Math.floor(i / columns);
    checkValues({ values, offset: i, stride: 1, rows: 1 }, { role, label }, policy, () => place(row));
  }
}

/** Splits rows into their parts. @param values [rows × columns] */
export function splitRows(
  values: Floats,
  columns: number,
  { labelCount, hasWeights }: Lead,
  into: { readonly labels: Float64Array; readonly weights: Float64Array | undefined; readonly features: Floats },
): void {
  const leadCount = labelCount + Number(hasWeights);
  const featureCount = columns - leadCount;
  for (let row = 0, at = 0; at < values.length; row++, at += columns) {
    for (let i = 0; i < labelCount; i++) into.labels[row * labelCount + i] = values[at + i]!;
    if (into.weights) into.weights[row] = values[at + labelCount]!;
    for (let i = 0; i < featureCount; i++) into.features[row * featureCount + i] = values[at + leadCount + i]!;
  }
}

// --- internal ---

/**
 * Whether all are finite and well below `limit`, without a branch for each: what overflows when it is scaled, times 0, is NaN.
 * False says only that they must be looked at one by one.
 */
function areAllBelow(values: Floats, limit: number): boolean {
  const scale = limit === Number.POSITIVE_INFINITY ? 1 : TO_OVERFLOW;
  const whole = values.length - (values.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * scale * 0;
    b += values[i + 1]! * scale * 0;
    c += values[i + 2]! * scale * 0;
    d += values[i + 3]! * scale * 0;
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * scale * 0;
  return a + b + c + d === 0;
}

/** Takes half of the largest float32, and more, beyond the doubles. */
const TO_OVERFLOW = 2 ** (1024 - 127);
