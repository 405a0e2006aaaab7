/**
 * The parts of a libsvm line, and where the arrays of a block are in the kernel's memory:
 *
 *   [ tables | labels | weights | query ids | values | column indices | row starts | input: … pending bytes … ]
 */
import type { BlockOptions, ValuePolicy } from '../block.js';

/** How lines are to be read. `hasWeights` has no meaning here: the rows say. */
export interface LibsvmOptions extends Omit<BlockOptions, 'hasWeights'> {
  /** Whether every line begins with a label (training); otherwise a label may be there and is not kept. */
  readonly hasLabel: boolean;
  /** The index of the first column. */
  readonly indexBase: 0 | 1;
  /** Whether a block continues after a comment line, so that its rows need not be on consecutive lines. */
  readonly spansComments?: boolean;
  readonly policy: ValuePolicy;
}

/** Offsets are bytes of the kernel's memory. */
export interface LibsvmLayout {
  readonly rowCapacity: number;
  readonly entryCapacity: number;
  readonly labelsOffset: number;
  readonly weightsOffset: number;
  readonly queriesOffset: number;
  readonly rowStartsOffset: number;
  readonly indicesOffset: number;
  readonly valuesOffset: number;
  readonly inputOffset: number;
}

/** About 1 MiB of values, and as much of indices. */
export const DEFAULT_ENTRIES = 128 * 1024;
const MAX_ROWS = 32 * 1024;
/** Input starts on a line of the processor's cache. */
const ALIGNMENT = 64;

export function layoutSparseBlock(freeOffset: number, options: LibsvmOptions, entryCapacity: number): LibsvmLayout {
  const { precision, maxRows = MAX_ROWS } = options;
  const rowCapacity = Math.min(maxRows, MAX_ROWS);
  const align = (offset: number) => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
  const labelsOffset = align(freeOffset);
  const weightsOffset = labelsOffset + rowCapacity * 8;
  const queriesOffset = weightsOffset + rowCapacity * 8;
  const valuesOffset = align(queriesOffset + rowCapacity * 8);
  const indicesOffset = valuesOffset + entryCapacity * (precision === 'float32' ? 4 : 8);
  const rowStartsOffset = indicesOffset + entryCapacity * 4;
  const inputOffset = align(rowStartsOffset + (rowCapacity + 1) * 4);
  return {
    rowCapacity,
    entryCapacity,
    labelsOffset,
    weightsOffset,
    queriesOffset,
    rowStartsOffset,
    indicesOffset,
    valuesOffset,
    inputOffset,
  };
}
