/**
 * A channel's rows as often as training needs them: once for the cut points, once for the bins, more in
 * cross-validation. Labels and weights stay in memory; features do while they are few, else the channel is read again
 * (in Pipe mode its next epoch), so that a table may be larger than memory.
 */
import { type Block, type Channel, ClientError, isSparse, type SparseBlock, type StopSignal } from '@algo/contract';
import { createGrowingArray } from '@algo/numerics';
import { MAX_FEATURES } from '../ensemble/tree.js';

/** Rows of features without labels: dense, or lists of entries. */
export interface FeatureBlock {
  readonly rows: number;
  /** [rows × columns], row-major; NaN is missing. Absent in a sparse block. */
  readonly features?: Float32Array;
  /** Entries of sparse rows; an absent one is missing. */
  readonly sparse?: SparseFeatures;
}

export interface SparseFeatures {
  /** [rows + 1] */
  readonly starts: Uint32Array;
  /** Column of each entry, ascending within a row. */
  readonly features: Uint32Array;
  readonly values: Float32Array;
}

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
  /** One pass over all rows, in order. Arrays are valid until the next block is asked for. */
  blocks(): AsyncIterable<FeatureBlock>;
  /** Frees features that are kept in memory; a later pass reads the channel again. */
  release?(): void;
}

export interface ReadTableOptions {
  readonly hasWeights: boolean;
  /** Features are kept in memory up to so many bytes. */
  readonly keptBytes: number;
  /** Columns the rows must have; sparse rows at most. */
  readonly columns?: number;
  /** Names that the columns must have, where the data has names: they are put into this order. */
  readonly columnNames?: readonly string[] | undefined;
  /** Label column that holds the query of a row, where the data has no query beside its labels. */
  readonly queryColumn?: number | undefined;
  readonly stop: StopSignal;
  /** Told after each block of the first pass. */
  progress?(line: string): void;
}

/**
 * The first pass over `channel`.
 * @throws ClientError E_STOPPED when a stop comes before its end, E_DATA_COLUMNS when files differ in width or have more
 *   columns than a model
 */
export async function readTable(channel: Channel, options: ReadTableOptions): Promise<Table> {
  const labels = createGrowingArray(Float32Array);
  const weights = createGrowingArray(Float32Array);
  const queryIds = createGrowingArray(Float64Array);
  const store = createFeatureStore(options.keptBytes);
  let rows = 0;
  let columns = options.columns ?? 0;
  let first: Block | SparseBlock | undefined;
  for await (const block of channel.blocksAsStored(readOptions(options))) {
    if (options.stop.requested) throw stoppedWhileReading(channel.name, rows);
    first ??= block;
    requireSameForm(block, first, columns);
    columns = Math.max(columns, block.columns);
    if (columns > MAX_FEATURES) throw tooManyColumns(block);
    labels.add(block.labels);
    if (block.weights) weights.add(block.weights);
    const ids = block.queryIds ?? queriesOf(block, options.queryColumn, channel);
    if (ids) queryIds.add(ids);
    store.add(block);
    rows += block.rows;
    options.progress?.(`read ${rows} rows of channel "${channel.name}"`);
  }
  if (!first) throw new ClientError('E_DATA_EMPTY', `Channel "${channel.name}" must have rows; received none.`);
  const { labelCount, columnNames } = first;
  const width = columns;
  return {
    name: channel.name,
    rows,
    columns,
    labelCount,
    labels: labels.finish(),
    weights: weights.length > 0 ? weights.finish() : undefined,
    queryIds: queryIds.length > 0 ? queryIds.finish() : undefined,
    columnNames,
    blocks: () => store.blocks() ?? readAgain(channel, { ...options, columns: width }, rows),
    release: () => store.drop(),
  };
}

// --- internal ---

const readOptions = ({
  hasWeights,
  columns,
  columnNames: featureNames,
}: Pick<ReadTableOptions, 'hasWeights' | 'columns' | 'columnNames'>) =>
  ({
    precision: 'float32',
    hasWeights,
    featureNames,
    ...(columns !== undefined && { featureCount: columns }),
  }) as const;

function stoppedWhileReading(channel: string, rows: number): ClientError {
  return new ClientError(
    'E_STOPPED',
    `The job was stopped after ${rows} rows of channel "${channel}", before a tree was grown. Give it more time, or less data.`,
  );
}

function tooManyColumns({ source, columns }: Block | SparseBlock): ClientError {
  return new ClientError(
    'E_DATA_COLUMNS',
    `${source}: rows must have at most ${MAX_FEATURES} feature columns; received ${columns}.`,
  );
}

function requireSameForm(block: Block | SparseBlock, first: Block | SparseBlock, columns: number): void {
  const isOther = (block.weights === undefined) !== (first.weights === undefined);
  if (isOther || (block.queryIds === undefined) !== (first.queryIds === undefined)) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${block.source}: rows must have weights and queries in all files of a channel or in none, as in ${first.source}.`,
    );
  }
  const width = columns || first.columns;
  if (isSparse(block) || block.columns === width) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `${block.source}: rows must have ${width} feature columns as in ${first.source}; received ${block.columns}.`,
  );
}

/** Identifiers keep their double: as float32, which labels are in, those above 2^24 would run together. */
function queriesOf(
  { labels, labelCount, source, firstLine }: Block | SparseBlock,
  column: number | undefined,
  { name, contentType }: Pick<Channel, 'name' | 'contentType'>,
): Float64Array | undefined {
  if (column === undefined || column >= labelCount) return undefined;
  const ids = new Float64Array(labels.length / labelCount);
  for (let row = 0; row < ids.length; row++) {
    const id = labels[row * labelCount + column]!;
    if (!Number.isSafeInteger(id) || id < 0) {
      throw new ClientError(
        'E_DATA_QUERY',
        `${name}/${source} ${contentType.type.startsWith('text/') ? 'line' : 'row'} ${firstLine + row}: the query in label column ${column + 1} must be a whole number below 2^53; received ${id}. Number the queries from 0.`,
      );
    }
    ids[row] = id;
  }
  return ids;
}

/** Keeps feature blocks until they are too many, then none. */
function createFeatureStore(keptBytes: number) {
  let kept: FeatureBlock[] | undefined = [];
  let bytes = 0;
  return {
    add(block: Block | SparseBlock): void {
      if (!kept) return;
      bytes += isSparse(block) ? 8 * block.values.length + 4 * block.rows : 4 * block.features.length;
      if (bytes > keptBytes) kept = undefined;
      else kept.push(copyFeatures(block));
    },
    /** Undefined when they were too many, or dropped. */
    blocks: () => kept && iterate(kept),
    drop(): void {
      kept = undefined;
    },
  };
}

async function* iterate(blocks: readonly FeatureBlock[]): AsyncGenerator<FeatureBlock, void, undefined> {
  yield* blocks;
}

function copyFeatures(block: Block | SparseBlock): FeatureBlock {
  if (!isSparse(block)) return { rows: block.rows, features: Float32Array.from(block.features) };
  const { rows, rowStarts, columnIndices, values } = block;
  const sparse = { starts: rowStarts.slice(), features: columnIndices.slice(), values: Float32Array.from(values) };
  return { rows, sparse };
}

async function* readAgain(
  channel: Channel,
  options: ReadTableOptions,
  expectedRows: number,
): AsyncGenerator<FeatureBlock, void, undefined> {
  let rows = 0;
  for await (const block of channel.blocksAsStored(readOptions(options))) {
    if (options.stop.requested) throw stoppedWhileReading(channel.name, rows);
    rows += block.rows;
    if (isSparse(block)) {
      const { rowStarts: starts, columnIndices: features, values } = block;
      yield { rows: block.rows, sparse: { starts, features, values: asFloat32(values) } };
    } else yield { rows: block.rows, features: asFloat32(block.features) };
  }
  if (rows === expectedRows) return;
  throw new ClientError(
    'E_CHANNEL',
    `Channel "${channel.name}" must give the same rows each time it is read; received ${expectedRows}, then ${rows}.`,
  );
}

function asFloat32(values: Float32Array | Float64Array): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
