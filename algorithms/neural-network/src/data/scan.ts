/**
 * The first pass over the training rows: how they are scaled, which categories and classes there are, how many rows.
 */
import {
  type Block,
  type BlockOptions,
  type Categories,
  type Channel,
  ClientError,
  type ReplayableRows,
  replayableRows,
  type StopSignal,
} from '@algo/contract';
import { type CategoryValues, createCategoryValues } from './categories.js';
import { createLabelCollector, type LabelSummary } from './labels.js';
import { createMoments, type Moments } from './moments.js';

export interface RowOptions {
  readonly hasWeights: boolean;
  /** Feature columns that the rows must have, when that is known. */
  readonly featureCount: number | undefined;
  /** Names that the columns must have, where the data has names: they are put into this order. */
  readonly featureNames?: readonly string[] | undefined;
  /** Names of categories, of a model that training continues from; default: those of the training channel. */
  readonly categories?: BlockOptions['categories'];
  readonly unseenCategories?: BlockOptions['unseenCategories'];
  /** Rows are kept up to this many bytes, at four bytes per value. */
  readonly keptBytes: number;
  readonly stop: Pick<StopSignal, 'requested'>;
  progress?(line: string): void;
  /** Whether the labels get a digest. The features are known by the scaling that they give. */
  readonly digest?: 'labels' | undefined;
}

export interface ScanOptions extends RowOptions {
  /** What is collected of the rows, once the first of them say which columns hold text. */
  collected(block: Pick<Block, 'categories' | 'labelCount'>): Collected;
}

export interface Collected {
  readonly categoricalColumns: readonly number[];
  /** Undefined for a regression. */
  readonly classCount: number | undefined;
}

export interface Scan {
  readonly rows: number;
  /** Feature columns. */
  readonly columns: number;
  /** In the order of the features; those of the model that training continues from, if the rows have none. */
  readonly columnNames: readonly string[] | undefined;
  readonly moments: Moments;
  readonly categories: CategoryValues;
  /** The names behind the codes of text columns; undefined where there is none. */
  readonly categoryNames: Categories | undefined;
  readonly labels: LabelSummary;
  /** The rows themselves, as often as they are needed. Blocks of libsvm may lack last columns that are 0. */
  readonly source: Pick<ReplayableRows, 'pass' | 'release'>;
  /** Of the labels, where it was asked for. */
  readonly labelDigest?: string | undefined;
}

/**
 * @throws ClientError E_STOPPED when a stop comes before the end, E_DATA_LABEL, E_DATA_COLUMNS, E_DATA_CATEGORY naming
 *   the place
 */
export async function scanRows(channel: Channel, options: ScanOptions): Promise<Scan> {
  const moments = createMoments();
  let categories = createCategoryValues([]);
  let labels = createLabelCollector(undefined);
  const source = openRows(channel, options);
  let totalWeight = 0;
  let isFirst = true;
  for await (const block of source.pass()) {
    if (isFirst) {
      const { categoricalColumns, classCount } = options.collected(block);
      categories = createCategoryValues(categoricalColumns);
      labels = createLabelCollector(classCount);
      isFirst = false;
    }
    labels.add(block);
    categories.add(block);
    moments.add(block.features, block.rows, block.columns);
    totalWeight += block.weights ? block.weights.reduce((sum, weight) => sum + weight, 0) : block.rows;
  }
  const { rows, columns, columnNames } = source;
  if (totalWeight === 0) {
    throw new ClientError(
      'E_DATA_WEIGHT',
      `Channel "${channel.name}" must have rows with a weight above 0; all ${rows} have 0.`,
    );
  }
  return {
    rows,
    columns,
    columnNames,
    moments,
    categories,
    categoryNames: source.categories,
    labels: labels.summary(),
    source,
    labelDigest: source.digest(),
  };
}

/** A channel's rows as the first pass and all others read them. */
export function openRows(channel: Channel, options: RowOptions): ReplayableRows {
  const { hasWeights, featureCount, featureNames, categories, unseenCategories, keptBytes, ...others } = options;
  return replayableRows(channel, {
    ...others,
    // Kept as doubles, which are twice as long.
    keepBytes: 2 * keptBytes,
    read: {
      ...{ hasWeights, featureNames, categories, unseenCategories },
      ...(featureCount !== undefined && { featureCount }),
    },
    before: 'the first step',
  });
}

/** Memory of rows as the network reads them. @param width of a row: features, labels and weight */
export function encodedBytes(rows: number, width: number): number {
  return rows * width * Float32Array.BYTES_PER_ELEMENT;
}
