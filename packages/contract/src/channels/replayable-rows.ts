/**
 * A channel's rows as often as training needs them. The first pass reads the channel and keeps its blocks while they are
 * few; later passes give these, or read the channel again (in Pipe mode its next epoch), so that data may be larger than
 * memory.
 */
import { ClientError } from '../errors.js';
import type { Block, BlockOptions, FloatsOf, Precision, SparseBlock } from '../formats/block.js';
import type { Categories } from '../formats/categories/categories.js';
import { copyBlock, copyBytes } from '../formats/join-blocks.js';
import type { StopSignal } from '../training/stop.js';
import { stoppedBefore } from '../training/stopped.js';
import type { Channel } from './channel.js';
import { createRowDigest, digestOfTerms } from './row-digest.js';
import { requireForm } from './row-form.js';
import { agreeOnForm, type FoundForm, formOf, type RowsForm } from './rows-form.js';
import { type ChannelHosts, hostsOfChannel, JobHosts, type RowNumbers, rowNumbers } from './sharing.js';

export interface ReplayOptions<F extends Precision = Precision> {
  /** Blocks are kept up to this many bytes of their arrays; above it, none is. */
  readonly keepBytes: number;
  readonly read?: BlockOptions<F>;
  /** Looked at for each block: the pass then throws E_STOPPED. */
  readonly stop?: Pick<StopSignal, 'requested'>;
  /** What there is not yet, as the error of a stop says it: `a tree was grown`. */
  readonly before?: string;
  /** Called after each block of the first pass with the number of rows read so far. */
  progress?(line: string): void;
  /**
   * Whether connected hosts agree on the rows at the end of the first pass, which all of them must come to. Default true; false for
   * passes that end on some hosts and not on others, as at a stop: `form` is that of this host's rows, which may be none.
   */
  readonly areAgreed?: boolean;
  /** Whether the first pass makes a digest. */
  readonly digest?: boolean;
}

export interface ReplayableRows<B extends Block | SparseBlock = Block> {
  /** The channel's. */
  readonly name: string;
  /** Rows of the first pass on this host, so far or all. */
  readonly rows: number;
  /** Feature columns; of libsvm rows as many as were seen, after the first pass on any host. */
  readonly columns: number;
  readonly columnNames: readonly string[] | undefined;
  /** Of the complete first pass: the same on all hosts. @throws TypeError before its end */
  readonly form: RowsForm;
  /** Of the complete first pass: the rows of each host, by rank. @throws TypeError before its end */
  readonly rowsOfHosts: readonly number[];
  /** Of the complete first pass: where this host's rows are among those of all. @throws TypeError before its end */
  readonly numbers: RowNumbers;
  /** The names behind the codes of text columns; undefined where no column holds text. */
  readonly categories: Categories | undefined;
  /** Whether later passes need not read the channel. */
  readonly isKept: boolean;
  /**
   * One pass over all rows, in order. A block is valid until the next one is asked for.
   * @throws ClientError E_STOPPED at a stop; E_DATA_COLUMNS for a block of another form than the first; E_DATA_EMPTY
   *   without rows; E_CHANNEL when a later pass finds another number of rows
   */
  pass(): AsyncGenerator<B, void, undefined>;
  /**
   * Of the rows of all hosts, once the first pass is complete: the same for any number of hosts that have them in this order.
   * Undefined where none was asked for. @throws TypeError before its end
   */
  digest(): string | undefined;
  /** Frees what is kept: later passes read the channel again. */
  release(): void;
}

/** The rows as tables: sparse ones are made dense. */
export function replayableRows<C extends Precision, F extends Precision = C>(
  channel: Channel<C>,
  options: ReplayOptions<F>,
): ReplayableRows<Block<FloatsOf<F>>> {
  return replay(channel, options, (wishes) => channel.blocks(wishes), false);
}

/** The rows as they are stored, sparse ones left sparse. */
export function replayableStoredRows<C extends Precision, F extends Precision = C>(
  channel: Channel<C>,
  options: ReplayOptions<F>,
): ReplayableRows<Block<FloatsOf<F>> | SparseBlock<FloatsOf<F>>> {
  return replay(channel, options, (wishes) => channel.blocksAsStored(wishes), true);
}

// --- internal ---

const NO_ROWS = { labelCount: 0, hasWeights: false, hasQueryIds: false };

function replay<B extends Block | SparseBlock, F extends Precision>(
  channel: Pick<Channel, 'name' | 'mode' | 'contentType' | 'isShard' | 'hosts'>,
  options: ReplayOptions<F>,
  open: (wishes: BlockOptions<F> | undefined) => AsyncIterable<B>,
  isStored: boolean,
): ReplayableRows<B> {
  const { name, contentType, isShard } = channel;
  const alone = hostsOfChannel(new JobHosts([name]), name, { isShard: false });
  const hosts = (options.areAgreed === false ? undefined : channel.hosts) ?? alone;
  const { stop, before = 'the end of the data', read, keepBytes } = options;
  let kept: B[] | undefined = [];
  let bytes = 0;
  let rows = 0;
  let columns = read?.featureCount ?? 0;
  let columnNames: readonly string[] | undefined;
  let categories: Categories | undefined;
  let complete: { readonly form: RowsForm; readonly rowsOfHosts: readonly number[] } | undefined;
  let digest: string | undefined;

  function completed() {
    if (!complete) throw new TypeError(`The rows of channel "${name}" must have been read.`);
    return complete;
  }

  async function* watched(wishes: BlockOptions<F> | undefined): AsyncGenerator<B, void, undefined> {
    let count = 0;
    for await (const block of open(wishes)) {
      if (stop?.requested) throw stoppedBefore(`after ${count} rows of channel "${name}"`, before);
      count += block.rows;
      yield block;
    }
    if (!complete || count === rows) return;
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${name}" must give the same rows each time it is read; received ${rows}, then ${count}.`,
    );
  }

  function keep(block: B): void {
    if (!kept) return;
    bytes += copyBytes(block);
    if (bytes > keepBytes) kept = undefined;
    else kept.push(copyBlock(block));
  }

  const onThisHost = channel.hosts && channel.hosts.names.length > 1 ? ' on this host' : '';

  async function* firstPass(): AsyncGenerator<B, void, undefined> {
    let first: FoundForm | undefined;
    let names: readonly string[] | undefined;
    kept = [];
    rows = bytes = 0;
    const hash = options.digest ? createRowDigest(read?.isWhole ? undefined : rowNumbers(hosts, [])) : undefined;
    for await (const block of watched(read)) {
      first ??= formOf(channel, block, columns || block.columns);
      names ??= block.columnNames;
      categories = block.categories;
      requireForm(channel, block, first, { isStored });
      columns = Math.max(columns, block.columns);
      first = { ...first, columns };
      hash?.add(block);
      keep(block);
      rows += block.rows;
      yield block;
      options.progress?.(`read ${rows} rows of channel "${name}"${onThisHost}`);
    }
    const form = agreeOnForm({ contentType, hosts }, first && { ...first, columnNames: names });
    const hasPart = isShard || (channel.hosts?.communicator.size ?? 1) > 1;
    const mayBeEmpty = hasPart && hosts.communicator.size === 1;
    if (!form && !mayBeEmpty) throw new ClientError('E_DATA_EMPTY', `Channel "${name}" must have rows; received none.`);
    columns = form?.columns ?? columns;
    columnNames = form?.columnNames ?? read?.featureNames;
    const rowsOfHosts = hosts.communicator.gather(Float64Array.of(rows)).map(([count]) => count!);
    categories = categoriesOfHosts(hosts, rowsOfHosts, categories);
    complete = { form: { ...NO_ROWS, ...form, columns, columnNames }, rowsOfHosts };
    digest = hash && digestOfHosts(hash.terms, rowsOfHosts);
  }

  /** Of the rows of all hosts. Where several have read all of them, those of the first one count. All hosts call it. */
  function digestOfHosts(termsOf: (after: number) => Float64Array, rowsOfHosts: readonly number[]): string {
    const isRepeated = read?.isWhole === true && hosts.turns > 1;
    const { total, first, run, skip } = isRepeated ? rowNumbers(alone, [rows]) : rowNumbers(hosts, rowsOfHosts);
    const last = first + rows - 1 + Math.floor((rows - 1) / run) * skip;
    const isCounted = !isRepeated || hosts.turn === 0;
    return digestOfTerms(hosts.communicator.gather(isCounted ? termsOf(total - 1 - last) : createRowDigest().terms(0)));
  }

  async function* pass(): AsyncGenerator<B, void, undefined> {
    if (!complete) yield* firstPass();
    else if (kept) yield* kept;
    else yield* watched({ ...read, featureCount: columns, featureNames: columnNames });
  }

  return {
    name,
    get rows() {
      return rows;
    },
    get columns() {
      return columns;
    },
    get columnNames() {
      return columnNames;
    },
    get categories() {
      return categories;
    },
    get isKept() {
      return kept !== undefined;
    },
    get form() {
      return completed().form;
    },
    get rowsOfHosts() {
      return completed().rowsOfHosts;
    },
    get numbers() {
      return rowNumbers(hosts, completed().rowsOfHosts);
    },
    pass,
    digest: () => completed() && digest,
    release() {
      kept = undefined;
    },
  };
}

/** They are the same on all hosts; one without rows has not seen them. */
function categoriesOfHosts(
  { communicator }: ChannelHosts,
  rows: readonly number[],
  own: Categories | undefined,
): Categories | undefined {
  if (!rows.includes(0)) return own;
  const source = rows.findIndex((count) => count > 0);
  return communicator.gatherValues(communicator.rank === source ? own : undefined)[Math.max(0, source)];
}
