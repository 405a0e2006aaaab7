/**
 * Margins and contributions of a `gblinear` model: bias plus weight times value, missing values skipped. Sums are float32
 * in XGBoost's order. As in XGBoost, the base score of the first group serves all groups.
 */
import type { LinearModel } from '../model/linear.js';
import { baseMargins } from './base-margin.js';
import { countRows } from './reference-predictor.js';

/**
 * @param rows [rows × features] float32, row-major; NaN is missing
 * @returns    [rows × groups]
 */
export function linearMargins(model: LinearModel, rows: Float32Array): Float32Array {
  const { featureCount, groupCount, weights } = model;
  const rowCount = countRows(rows, featureCount);
  const base = baseMargins(model)[0]!;
  const margins = new Float32Array(rowCount * groupCount);
  for (let entry = 0; entry < margins.length; entry++) {
    const group = entry % groupCount;
    const offset = Math.floor(entry / groupCount) * featureCount;
    margins[entry] = weights[featureCount * groupCount + group]! + base;
    for (let feature = 0; feature < featureCount; feature++) {
      const value = rows[offset + feature]!;
      if (!Number.isNaN(value)) margins[entry]! += Math.fround(value * weights[feature * groupCount + group]!);
    }
  }
  return margins;
}

/** @returns [rows × groups × (features + 1)]; the last one is bias and base margin */
export function linearContributions(model: LinearModel, rows: Float32Array): Float32Array {
  const { featureCount, groupCount, weights } = model;
  const rowCount = countRows(rows, featureCount);
  const base = baseMargins(model)[0]!;
  const width = featureCount + 1;
  const result = new Float32Array(rowCount * groupCount * width);
  for (let entry = 0; entry < rowCount * groupCount; entry++) {
    const group = entry % groupCount;
    const offset = Math.floor(entry / groupCount) * featureCount;
    for (let feature = 0; feature < featureCount; feature++) {
      const value = rows[offset + feature]!;
      if (!Number.isNaN(value)) result[entry * width + feature] = value * weights[feature * groupCount + group]!;
    }
    result[entry * width + featureCount] = weights[featureCount * groupCount + group]! + base;
  }
  return result;
}
