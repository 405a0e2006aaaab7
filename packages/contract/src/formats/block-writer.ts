/** The arrays that all blocks of a pass use, for formats whose values are put into them one by one. */
import type { Block, BlockOptions, ColumnValues } from './block.js';
import { rowCapacity } from './block-size.js';
import type { Role } from './column-plan.js';

export interface BlockWriter {
  /** Rows that there is room for. */
  readonly capacity: number;
  readonly labelCount: number;
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly features: Float64Array | Float32Array;
  /** Of the features; undefined where columns have no names. */
  readonly columnNames: readonly string[] | undefined;
}

/** Room for as many rows as `maxRows` or the usual size of a block allow. */
export function createWriter(
  columns: readonly { readonly role: Role; readonly name: string }[],
  { precision, maxRows }: Pick<BlockOptions, 'precision' | 'maxRows'>,
): BlockWriter {
  const named = (role: Role) => columns.filter((column) => column.role === role).map(({ name }) => name);
  const columnNames = named('feature');
  const labelCount = named('label').length;
  const hasWeights = named('weight').length > 0;
  const Features = precision === 'float32' ? Float32Array : Float64Array;
  const leadBytes = (labelCount + Number(hasWeights)) * 8;
  const capacity = rowCapacity(leadBytes + columnNames.length * Features.BYTES_PER_ELEMENT, maxRows);
  return {
    capacity,
    labelCount,
    labels: new Float64Array(capacity * labelCount),
    weights: hasWeights ? new Float64Array(capacity) : undefined,
    features: new Features(capacity * columnNames.length),
    columnNames,
  };
}

/** Where the values of a column go. */
export function targetOf(
  { capacity, labelCount, labels, weights, features }: BlockWriter,
  { role, index }: { readonly role: Role; readonly index: number },
): Omit<ColumnValues, 'rows'> {
  if (role === 'label') return { values: labels, offset: index, stride: labelCount };
  if (role === 'weight') return { values: weights!, offset: 0, stride: 1 };
  return { values: features, offset: index, stride: features.length / capacity };
}

/** The first `rows` rows. */
export function blockOf(
  { capacity, labelCount, labels, weights, features, columnNames }: BlockWriter,
  rows: number,
  source: string,
  firstLine: number,
): Block {
  const columns = features.length / capacity;
  return {
    rows,
    columns,
    features: features.subarray(0, rows * columns),
    labelCount,
    labels: labels.subarray(0, rows * labelCount),
    ...(weights && { weights: weights.subarray(0, rows) }),
    ...(columnNames && { columnNames }),
    source,
    firstLine,
  };
}
