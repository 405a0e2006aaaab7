/**
 * A channel's rows as often as training needs them: once for the cut points, once for the bins, more in
 * cross-validation. Labels and weights stay in memory; features do if they fit, otherwise the channel is read again.
 */
import {
  type Block,
  type BlockOptions,
  type Categories,
  type Channel,
  ClientError,
  placeOfRow,
  replayableStoredRows,
  type SparseBlock,
  type SparseEntries,
  type StopSignal,
} from '@algo/contract';
import { createGrowingArray } from '@algo/numerics';
import { MAX_FEATURES } from '../ensemble/tree.js';
import { createRowPlaces } from './row-places.js';

/** Rows of features without labels: dense, [rows × columns] row-major with NaN for missing, or sparse, an absent entry missing. */
export type FeatureBlock =
  | { readonly rows: number; readonly features: Float32Array }
  | ({ readonly rows: number } & SparseEntries<Float32Array>);

export interface Table {
  /** As messages name it: a channel, or what was made of channels. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly labelCount: number;
  /** [rows × labelCount] */
  readonly labels: Float32Array;
  /** [rows] */
  readonly weights: Float32Array | undefined;
  /** [rows] queries by the id of the data (`qid` of libsvm, or a label column), exact. */
  readonly queryIds: Float64Array | undefined;
  readonly columnNames: readonly string[] | undefined;
  /** The names behind the codes of text columns; undefined where there is none. */
  readonly categories?: Categories | undefined;
  /** Rows of each of the tables it was joined from; default: it is one. */
  readonly parts?: readonly number[];
  /** As messages name a row's place in the data: `train/a.csv line 7`. @param row from 0 */
  placeOf?(row: number): string;
  /** Of the rows of all hosts, where it was asked for. */
  readonly digest?: string | undefined;
  /** One pass over all rows, in order. Arrays are valid until the next block is asked for. */
  blocks(): AsyncIterable<FeatureBlock>;
  /** Frees features that are kept in memory; a later pass reads the channel again. */
  release?(): void;
}

export interface ReadTableOptions {
  readonly hasWeights: boolean;
  /** Features are kept in memory up to this many bytes. */
  readonly keptBytes: number;
  /** Columns the rows must have; sparse rows at most. */
  readonly columns?: number;
  /** Names that the columns must have, where the data has names: they are put into this order. */
  readonly columnNames?: readonly string[] | undefined;
  /** Those of a model that training continues from; default: those of the training channel. */
  readonly categories?: BlockOptions['categories'];
  readonly unseenCategories?: BlockOptions['unseenCategories'];
  /** Label column that holds the query of a row, if the data has no separate query ids. */
  readonly queryColumn?: number | undefined;
  readonly stop: Pick<StopSignal, 'requested'>;
  /** Whether the rows get a digest. */
  readonly digest?: boolean;
  /** Called after each block of the first pass. */
  progress?(line: string): void;
}

/**
 * The first pass over all rows of `channel` that are on this host; several hosts agree on what they are like.
 * @throws ClientError E_STOPPED when a stop comes before its end, E_DATA_COLUMNS when files differ in width or have more
 *   columns than a model
 */
export async function readTable(channel: Channel, options: ReadTableOptions): Promise<Table> {
  const { hasWeights, keptBytes: keepBytes, columns: featureCount, columnNames: featureNames, ...others } = options;
  const { categories, unseenCategories } = options;
  const labels = createGrowingArray(Float32Array);
  const weights = createGrowingArray(Float32Array);
  const queryIds = createGrowingArray(Float64Array);
  const places = createRowPlaces(channel);
  const read = {
    ...({ precision: 'float32', isWhole: true, hasWeights, featureNames, categories, unseenCategories } as const),
    ...(featureCount !== undefined && { featureCount }),
  };
  const rows = replayableStoredRows(channel, { ...others, keepBytes, read, before: 'a tree was grown' });
  for await (const block of rows.pass()) {
    if (rows.columns > MAX_FEATURES) throw tooManyColumns(channel, block);
    labels.add(block.labels);
    places.add(block);
    if (block.weights) weights.add(block.weights);
    const ids = block.queryIds ?? queriesOf(block, options.queryColumn, channel);
    if (ids) queryIds.add(ids);
  }
  const { labelCount, hasWeights: isWeighted, hasQueryIds } = rows.form;
  const hasQueries = hasQueryIds || (options.queryColumn ?? labelCount) < labelCount;
  return {
    name: rows.name,
    rows: rows.rows,
    columns: rows.columns,
    labelCount,
    labels: labels.finish(),
    weights: isWeighted ? weights.finish() : undefined,
    queryIds: hasQueries ? queryIds.finish() : undefined,
    columnNames: rows.columnNames,
    categories: rows.categories,
    digest: rows.digest(),
    placeOf: places.placeOf,
    blocks: () => rows.pass(),
    release: () => rows.release(),
  };
}

// --- internal ---

function tooManyColumns(channel: Channel, block: Block | SparseBlock): ClientError {
  return new ClientError(
    'E_DATA_COLUMNS',
    `${placeOfRow(channel, block)}: rows must have at most ${MAX_FEATURES} feature columns; received ${block.columns}.`,
  );
}

/** Identifiers keep their double: as float32, which labels are in, those above 2^24 would run together. */
function queriesOf(block: Block | SparseBlock, column: number | undefined, channel: Channel): Float64Array | undefined {
  const { labels, labelCount } = block;
  if (column === undefined || column >= labelCount) return undefined;
  const ids = new Float64Array(labels.length / labelCount);
  for (let row = 0; row < ids.length; row++) {
    const id = labels[row * labelCount + column]!;
    if (!Number.isSafeInteger(id) || id < 0) {
      throw new ClientError(
        'E_DATA_QUERY',
        `${placeOfRow(channel, block, row)}: the query in label column ${column + 1} must be a whole number below 2^53; received ${id}. Number the queries from 0.`,
      );
    }
    ids[row] = id;
  }
  return ids;
}
