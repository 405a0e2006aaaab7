/**
 * The parts of a CSV line, and where the arrays of a block are in the kernel's memory:
 *
 *   [ kernel's tables | table of columns | labels | weights | features | input: … pending bytes … ]
 *
 * The table of columns (column-table.ts) is there only where a column is not a number in its place.
 */
import type { WebAssemblyMemory } from '@algo/numerics';
import type { Block, BlockOptions, ValuePolicy } from '../block.js';
import { rowCapacity } from '../block-size.js';
import type { TextColumns } from '../categories/text-columns.js';
import type { HeaderRule } from './header.js';

/** How the lines are made up and what they may hold. */
export interface CsvOptions extends BlockOptions {
  /** Columns at the front of a line that are labels; ≥ 0. */
  readonly labelCount: number;
  readonly policy: ValuePolicy;
  /** One block for all rows, without labels: it grows from `maxRows` on instead of ending. */
  readonly isOneBlock?: boolean;
  /** What to do with a header line; absent: there is none. */
  readonly header?: HeaderRule | undefined;
  /** Whether the content type may declare columns of text: of the training channel. */
  readonly mayDeclare?: boolean;
  /** Which columns hold text; absent: none. */
  readonly texts?: TextColumns | undefined;
}

/** Offsets are bytes of the kernel's memory. */
export interface CsvLayout {
  readonly labelCount: number;
  readonly hasWeights: boolean;
  readonly featureColumns: number;
  readonly isFloat32: boolean;
  /** Rows that the arrays have room for. */
  readonly rowCapacity: number;
  readonly labelsOffset: number;
  readonly weightsOffset: number;
  readonly featuresOffset: number;
  readonly inputOffset: number;
}

/** Input starts on a line of the processor's cache. */
const ALIGNMENT = 64;

/** @param featureColumns 0 while it is not known: no room for rows, all for input */
export function layoutBlock(freeOffset: number, options: CsvOptions, featureColumns: number): CsvLayout {
  const { labelCount, hasWeights = false, precision, maxRows } = options;
  const weightBytes = hasWeights ? 8 : 0;
  const rowBytes = labelCount * 8 + weightBytes + featureColumns * (precision === 'float32' ? 4 : 8);
  const limit = options.isOneBlock ? maxRows : rowCapacity(rowBytes, maxRows);
  const capacity = featureColumns === 0 ? 0 : (limit ?? 1);
  const weightsOffset = freeOffset + capacity * labelCount * 8;
  return {
    labelCount,
    hasWeights,
    featureColumns,
    isFloat32: precision === 'float32',
    rowCapacity: capacity,
    labelsOffset: freeOffset,
    weightsOffset,
    featuresOffset: weightsOffset + capacity * weightBytes,
    inputOffset: freeOffset + Math.ceil((capacity * rowBytes) / ALIGNMENT) * ALIGNMENT,
  };
}

/** The arrays of a block with `rows` rows, in the kernel's memory. */
export function blockArrays(
  { buffer }: WebAssemblyMemory,
  { labelCount, hasWeights, featureColumns, isFloat32, ...offsets }: CsvLayout,
  rows: number,
): Pick<Block, 'columns' | 'features' | 'labelCount' | 'labels' | 'weights'> {
  const Features = isFloat32 ? Float32Array : Float64Array;
  return {
    columns: featureColumns,
    features: new Features(buffer, offsets.featuresOffset, rows * featureColumns),
    labelCount,
    labels: new Float64Array(buffer, offsets.labelsOffset, rows * labelCount),
    ...(hasWeights && { weights: new Float64Array(buffer, offsets.weightsOffset, rows) }),
  };
}
