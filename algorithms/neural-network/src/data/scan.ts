/**
 * The first pass over the training rows: how they are scaled, which categories and classes there are, how many rows. Rows
 * are kept as they come while they are few, so that small data is read once.
 */
import { type Block, type Channel, ClientError, type StopSignal } from '@algo/contract';
import { type CategoryValues, createCategoryValues } from './categories.js';
import { createLabelCollector, type LabelSummary } from './labels.js';
import { createMoments, type Moments } from './moments.js';

export interface ScanOptions {
  readonly hasWeights: boolean;
  readonly categoricalColumns: readonly number[];
  /** Undefined for a regression. */
  readonly classCount: number | undefined;
  /** Feature columns that the rows must have, when that is known. */
  readonly featureCount: number | undefined;
  /** Names that the columns must have, where the data has names: they are put into this order. */
  readonly featureNames?: readonly string[] | undefined;
  /** Rows are kept up to so many bytes as the network reads them: four a value. */
  readonly keptBytes: number;
  readonly stop: Pick<StopSignal, 'requested'>;
  progress?(line: string): void;
}

export interface Scan {
  readonly rows: number;
  /** Feature columns. */
  readonly columns: number;
  /** In the order of the features; of the model to go on from, where the rows have none. */
  readonly columnNames: readonly string[] | undefined;
  readonly moments: Moments;
  readonly categories: CategoryValues;
  readonly labels: LabelSummary;
  /** All rows, or undefined when they were too many or dropped. Blocks of libsvm may lack last columns that are 0. */
  readonly kept: readonly Block[] | undefined;
  /** Frees the rows that are kept. */
  dropRows(): void;
}

/**
 * @throws ClientError E_STOPPED when a stop comes before the end, E_DATA_LABEL, E_DATA_COLUMNS, E_DATA_CATEGORY naming
 *   the place
 */
export async function scanRows(channel: Channel, options: ScanOptions): Promise<Scan> {
  const moments = createMoments();
  const categories = createCategoryValues(options.categoricalColumns);
  const labels = createLabelCollector(options.classCount);
  const store = createRowStore(options.keptBytes);
  let first: Block | undefined;
  let columns = 0;
  let totalWeight = 0;
  for await (const block of channel.blocks(readOptions(options))) {
    if (options.stop.requested) throw stoppedWhileReading(channel.name, moments.count);
    first ??= block;
    requireWeightsAlike(block, first);
    columns = block.columns; // sparse rows tell of their last columns as they come
    labels.add(block);
    categories.add(block);
    moments.add(block.features, block.rows, columns);
    totalWeight += block.weights ? block.weights.reduce((sum, weight) => sum + weight, 0) : block.rows;
    store.add(block);
    options.progress?.(`read ${moments.count} rows of channel "${channel.name}"`);
  }
  if (!first) throw new ClientError('E_DATA_EMPTY', `Channel "${channel.name}" must have rows; received none.`);
  if (totalWeight === 0) {
    throw new ClientError(
      'E_DATA_WEIGHT',
      `Channel "${channel.name}" must have rows with a weight above 0; all ${moments.count} have 0.`,
    );
  }
  return {
    rows: moments.count,
    columns,
    columnNames: first.columnNames ?? options.featureNames,
    moments,
    categories,
    labels: labels.summary(),
    get kept() {
      return store.blocks;
    },
    dropRows: () => store.drop(),
  };
}

/** How a channel is read, in the first pass and in all others. */
export function readOptions({
  hasWeights,
  featureCount,
  featureNames,
}: Pick<ScanOptions, 'hasWeights' | 'featureCount' | 'featureNames'>) {
  return { hasWeights, featureNames, ...(featureCount !== undefined && { featureCount }) };
}

export function stoppedWhileReading(channel: string, rows: number): ClientError {
  return new ClientError(
    'E_STOPPED',
    `The job was stopped after ${rows} rows of channel "${channel}", before the first step. Give it more time, or less data.`,
  );
}

/** @throws ClientError E_DATA_COLUMNS when only some files of a channel have weights */
export function requireWeightsAlike(block: Pick<Block, 'weights' | 'source'>, first: typeof block): void {
  if ((block.weights === undefined) === (first.weights === undefined)) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `${block.source}: rows must have weights in all files of a channel or in none, as in ${first.source}.`,
  );
}

/** Memory of rows as the network reads them. @param width of a row: features, labels and weight */
export function encodedBytes(rows: number, width: number): number {
  return rows * width * Float32Array.BYTES_PER_ELEMENT;
}

// --- internal ---

/** Keeps blocks until they are too many, then none. */
function createRowStore(keptBytes: number) {
  let blocks: Block[] | undefined = [];
  let bytes = 0;
  return {
    get blocks(): readonly Block[] | undefined {
      return blocks;
    },
    add(block: Block): void {
      bytes += encodedBytes(block.rows, block.columns + block.labelCount + 1);
      if (bytes > keptBytes) blocks = undefined;
      blocks?.push({
        ...block,
        // A block's arrays are used again for the next one.
        features: block.features.slice(),
        labels: block.labels.slice(),
        ...(block.weights && { weights: block.weights.slice() }),
      });
    },
    drop(): void {
      blocks = undefined;
    },
  };
}
