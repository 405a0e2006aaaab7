/** Files of /opt/ml/output/data: feature importance and predictions of cross-validation. */

import type { Ensemble } from '../ensemble/tree.js';
import { featureImportance, IMPORTANCE_TYPES } from '../predict/index.js';
import { QUERY_LABEL } from './labels.js';
import type { Table } from './table.js';

export const IMPORTANCE_FILE = 'feature-importance.json';
export const PREDICTIONS_FILE = 'predictions.csv';

/**
 * XGBoost's five kinds for every feature that some tree uses, largest gain first; of several models the mean.
 * @param models at least one
 */
export function importanceReport(models: readonly Ensemble[]): string {
  const kinds = IMPORTANCE_TYPES.map((type) => meanOf(models.map((model) => featureImportance(model, type))));
  const { featureCount, featureNames } = models[0]!;
  const features = Array.from({ length: featureCount }, (_, index) => ({
    feature: featureNames?.[index] ?? `f${index}`,
    index,
    ...Object.fromEntries(IMPORTANCE_TYPES.map((type, kind) => [type, kinds[kind]![index]!])),
  }));
  const gains = kinds[IMPORTANCE_TYPES.indexOf('gain')]!;
  const used = features.filter(({ index }) => kinds[IMPORTANCE_TYPES.indexOf('weight')]![index]! > 0);
  used.sort((a, b) => gains[b.index]! - gains[a.index]! || a.index - b.index);
  return `${JSON.stringify({ featureCount, features: used }, null, 2)}\n`;
}

/**
 * A header, then label columns and out-of-fold predictions of each row, in the order of train and validation. Queries in
 * a label column are written exactly.
 * @param predictions [rows × groups]
 */
export function predictionsReport(
  table: Pick<Table, 'rows' | 'labels' | 'labelCount' | 'queryIds'>,
  predictions: Float32Array,
): string {
  const { rows, labels, labelCount, queryIds } = table;
  const groups = predictions.length / rows;
  const names = (name: string, count: number) =>
    count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}_${index}`);
  const lines = [[...names('label', labelCount), ...names('prediction', groups)].join(',')];
  for (let row = 0; row < rows; row++) {
    const own: number[] = [...labels.subarray(row * labelCount, (row + 1) * labelCount)];
    if (queryIds && labelCount > 1) own[QUERY_LABEL] = queryIds[row]!;
    lines.push([...own, ...predictions.subarray(row * groups, (row + 1) * groups)].join(','));
  }
  return `${lines.join('\n')}\n`;
}

// --- internal ---

function meanOf(columns: readonly Float32Array[]): Float32Array {
  return columns[0]!.map((_, index) => columns.reduce((sum, column) => sum + column[index]! / columns.length, 0));
}
