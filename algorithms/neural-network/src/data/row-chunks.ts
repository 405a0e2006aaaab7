/**
 * Rows as the network reads them, on the host, in windows of bounded size: all rows in one when they fit, else as many as
 * do, one window after the other.
 */
import type { Block } from '@algo/contract';
import type { NetworkDefinition, Scaling } from '../network/definition.js';
import { createInputEncoder, type NetworkInputs } from '../network/inputs.js';
import { labelWidth } from './labels.js';
import { encodedBytes } from './scan.js';

/** Encoded rows. Arrays may be longer than `rows` needs. */
export interface Window {
  readonly rows: number;
  readonly inputs: NetworkInputs;
  /** [rows × label columns] standardized, [rows] 0 or 1, or [rows] class indices. */
  readonly labels: Float32Array | Int32Array;
  /** [rows] of the rows themselves, without those of classes; undefined for 1 each. */
  readonly weights: Float32Array | undefined;
}

export interface WindowOptions {
  readonly definition: NetworkDefinition;
  readonly inputScaling: Scaling;
  readonly outputScaling: Scaling | undefined;
  /** Maximum number of rows of a window, ≥ 1. */
  readonly capacity: number;
  /** Rows of each window in turn, in [1, capacity], where it is known; default: the capacity. */
  readonly sizes?: readonly number[] | undefined;
  /** Rows to come, where that is known: spares growing. */
  readonly expectedRows?: number | undefined;
}

/** Rows that a window has room for at first when it is not known how many will come. */
const FIRST_ROWS = 4096;

/**
 * The rows of `blocks` in order. A window is valid until the next one is asked for: its arrays are used again.
 * @param blocks with labels that the task takes
 * @throws as the blocks do
 */
export async function* readWindows(
  blocks: AsyncIterable<Block> | Iterable<Block>,
  options: WindowOptions,
): AsyncGenerator<Window, void, undefined> {
  const { definition, capacity, sizes, expectedRows = FIRST_ROWS } = options;
  let size = sizes?.[0] ?? capacity;
  let windows = 0;
  let writer: WindowWriter | undefined;
  for await (const block of blocks) {
    writer ??= createWindowWriter(options, Math.min(capacity, expectedRows), block.weights !== undefined);
    const wide = widened(block, definition.featureCount);
    for (let from = 0; from < block.rows; ) {
      const count = Math.min(block.rows - from, size - writer.rows);
      writer.add(wide, from, count);
      from += count;
      if (writer.rows < size) continue;
      yield writer.take();
      size = sizes?.[++windows] ?? capacity;
    }
  }
  if (writer && writer.rows > 0) yield writer.take();
}

/** Rows that fit in this many bytes. */
export function fittingRows({ task, featureCount, outputCount }: NetworkDefinition, bytes: number): number {
  return Math.floor(bytes / encodedBytes(1, featureCount + labelWidth(task, outputCount) + 1));
}

/** Undefined for a regression. */
export function classCountOf({ task, outputCount }: NetworkDefinition): number | undefined {
  return task === 'regression' ? undefined : Math.max(2, outputCount);
}

/** A window of a host that has none of the rows. */
export function emptyWindow(definition: NetworkDefinition): Window {
  const isMulticlass = definition.task === 'multiclass';
  return {
    rows: 0,
    inputs: {
      rows: 0,
      numeric: new Float32Array(),
      categories: definition.categoricalInputs.map(() => new Int32Array()),
    },
    labels: isMulticlass ? new Int32Array() : new Float32Array(),
    weights: undefined,
  };
}

// --- internal ---

type WindowWriter = ReturnType<typeof createWindowWriter>;

function createWindowWriter(
  { definition, inputScaling, outputScaling, capacity }: WindowOptions,
  room: number,
  hasWeights: boolean,
) {
  const encoder = createInputEncoder(definition, inputScaling);
  const width = labelWidth(definition.task, definition.outputCount);
  const Labels = definition.task === 'multiclass' ? Int32Array : Float32Array;
  const allocate = (count: number) => ({
    inputs: encoder.allocate(count),
    labels: new Labels(count * width),
    weights: hasWeights ? new Float32Array(count) : undefined,
  });
  let arrays = allocate(room);
  let rows = 0;

  function grow(least: number): void {
    const { inputs, labels, weights } = arrays;
    arrays = allocate(Math.min(capacity, Math.max(least, 2 * inputs.rows)));
    arrays.inputs.numeric.set(inputs.numeric);
    for (const [index, indices] of inputs.categories.entries()) arrays.inputs.categories[index]!.set(indices);
    arrays.labels.set(labels);
    if (weights) arrays.weights?.set(weights);
  }

  return {
    get rows() {
      return rows;
    },
    /** `count` rows of `block` from `first` on; they fit. */
    add(block: Block, first: number, count: number): void {
      if (rows + count > arrays.inputs.rows) grow(rows + count);
      const { columns } = block;
      encoder.encode(block.features.subarray(first * columns, (first + count) * columns), count, arrays.inputs, rows);
      const labels = block.labels.subarray(first * width, (first + count) * width);
      const means = outputScaling?.means;
      const deviations = outputScaling?.deviations;
      for (let index = 0, target = rows * width; index < labels.length; index++, target++) {
        const value = labels[index]!;
        arrays.labels[target] =
          means && deviations ? (value - means[index % width]!) / deviations[index % width]! : value;
      }
      if (block.weights) arrays.weights?.set(block.weights.subarray(first, first + count), rows);
      rows += count;
    },
    take(): Window {
      const window = { ...arrays, rows };
      rows = 0;
      return window;
    },
  };
}

/** The block with all columns: those of libsvm rows that nobody named yet are 0. */
function widened(block: Block, columns: number): Block {
  if (block.columns === columns) return block;
  const features = new Float64Array(block.rows * columns);
  for (let row = 0; row < block.rows; row++) {
    features.set(block.features.subarray(row * block.columns, (row + 1) * block.columns), row * columns);
  }
  return { ...block, columns, features };
}
