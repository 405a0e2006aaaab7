/**
 * How the hosts of a job share the rows of a channel. Of a channel that each host has a part of (ShardedByS3Key), a host takes
 * all that it has. Of one that every host has whole (FullyReplicated) it reads all rows, too, and takes its share: rows are
 * dealt out in runs of RUN_ROWS, the first one to the first host, the next one to the second, and so on. Runs are counted over
 * the whole pass, so that they depend neither on files and blocks, nor on the format or the input mode. Hosts of an instance
 * group that does not get the channel have no rows of it, and no turn.
 */
import { type Communicator, oneHost } from '../cluster/communicator.js';
import { type Block, type Blocks, isSparse, type SparseBlock } from '../formats/block.js';

/** Rows that follow each other on the same host. */
export const RUN_ROWS = 256;

/** The hosts of a job, as all of its channels see them. */
export class JobHosts {
  /** By rank, as messages name them. */
  readonly names: readonly string[];
  readonly #agreements: (() => void)[] = [];
  readonly #holders = new Map<string, readonly number[]>();
  #communicator = oneHost();

  constructor(names: readonly string[]) {
    this.names = names;
  }

  /** This host alone, until the job has asked for its communicator. */
  get communicator(): Communicator {
    return this.#communicator;
  }

  /** @throws what the agreements throw */
  connect(communicator: Communicator): void {
    this.#communicator = communicator;
    for (const agree of this.#agreements.splice(0)) agree();
  }

  /** What all hosts do, in the same order, as soon as they are connected. */
  onceConnected(agree: () => void): void {
    this.#agreements.push(agree);
  }

  /** The ranks of the hosts that have a channel, in ascending order; all of them unless `setHolders` said otherwise. */
  holdersOf(channel: string): readonly number[] {
    return this.#holders.get(channel) ?? Array.from({ length: this.#communicator.size }, (_, rank) => rank);
  }

  setHolders(channel: string, ranks: readonly number[]): void {
    this.#holders.set(channel, ranks);
  }
}

/** The hosts that read a channel together, each of them its share, in passes that all of them make. */
export interface ChannelHosts {
  /** Of all hosts of the job, once it has asked for it; before that of this one alone. */
  readonly communicator: Communicator;
  /** By rank, as messages name them. */
  readonly names: readonly string[];
  /** Whether some hosts have rows that others do not: each has a shard, or some do not have the channel. */
  readonly isDivided: boolean;
  /** How many hosts have the same rows and take turns; 1: the rows of this host are its own. */
  readonly turns: number;
  /** Runs 0, 1, … whose number modulo `turns` is this are the host's. */
  readonly turn: number;
  /** Rows of a run. */
  readonly run: number;
}

export interface SharingOptions {
  /** Whether each host has rows of its own, or none. */
  readonly isShard: boolean;
  /** Default: RUN_ROWS. */
  readonly run?: number;
}

/** @param name of the channel */
export function hostsOfChannel(job: JobHosts, name: string, { isShard, run = RUN_ROWS }: SharingOptions): ChannelHosts {
  return {
    get communicator() {
      return job.communicator;
    },
    names: job.names,
    get isDivided() {
      return job.communicator.size > 1 && (isShard || job.holdersOf(name).length < job.communicator.size);
    },
    get turns() {
      return isShard ? 1 : job.holdersOf(name).length;
    },
    get turn() {
      return isShard ? 0 : job.holdersOf(name).indexOf(job.communicator.rank);
    },
    run,
  };
}

/** Where rows of a host are among those of all: row i, from 0, has the number `first + i + floor(i / run) * skip`. */
export interface RowNumbers {
  /** Rows of all hosts. */
  readonly total: number;
  readonly first: number;
  /** Rows that follow each other; Infinity: all of them. */
  readonly run: number;
  /** Rows of other hosts between two runs. */
  readonly skip: number;
}

/** @param rows [hosts] of each, by rank: its share */
export function rowNumbers({ communicator, turn, turns, run }: ChannelHosts, rows: readonly number[]): RowNumbers {
  const total = sumOf(rows);
  if (turns > 1) return { total, first: turn * run, run, skip: (turns - 1) * run };
  return { total, first: sumOf(rows.slice(0, communicator.rank)), run: Number.POSITIVE_INFINITY, skip: 0 };
}

/** How a log line about the rows of all hosts ends: `; this host has 300 of the rows`; empty on one host. @param own rows of this host, of each channel */
export function describeShare({ size }: Pick<Communicator, 'size'>, own: readonly number[]): string {
  return size === 1 ? '' : `; this host has ${own.join(' and ')} of the rows`;
}

/** This host's share of `blocks`, as parts of them. */
export function shareOfBlocks(blocks: Blocks, hosts: ChannelHosts): Blocks {
  return hosts.turns === 1 ? blocks : ownRuns(blocks, hosts);
}

/** This host's share of what comes one by one. */
export async function* shareOfItems<T>(items: AsyncIterable<T>, { turn, turns }: ChannelHosts): AsyncGenerator<T> {
  let number = 0;
  for await (const item of items) if (number++ % turns === turn) yield item;
}

// --- internal ---

async function* ownRuns(blocks: Blocks, { turn, turns, run }: ChannelHosts): Blocks {
  const [own, round] = [turn * run, turns * run];
  let first = 0;
  for await (const block of blocks) {
    // The first own run that does not end before this block, as a row of it.
    for (
      let start = own + Math.ceil((first - own - run + 1) / round) * round - first;
      start < block.rows;
      start += round
    ) {
      yield partOf(block, Math.max(0, start), Math.min(block.rows, start + run));
    }
    first += block.rows;
  }
}

/** Rows `from` to `to` of a block, on its memory. */
function partOf(block: Block | SparseBlock, from: number, to: number): Block | SparseBlock {
  if (from === 0 && to === block.rows) return block;
  const { labels, labelCount, weights, queryIds } = block;
  const head = {
    ...block,
    rows: to - from,
    labels: labels.subarray(from * labelCount, to * labelCount),
    ...(weights && { weights: weights.subarray(from, to) }),
    ...(queryIds && { queryIds: queryIds.subarray(from, to) }),
    firstLine: block.firstLine + from,
  };
  if (!isSparse(block)) return { ...head, features: block.features.subarray(from * block.columns, to * block.columns) };
  const [start, end] = [block.rowStarts[from]!, block.rowStarts[to]!];
  return {
    ...head,
    rowStarts: block.rowStarts.slice(from, to + 1).map((entry) => entry - start),
    columnIndices: block.columnIndices.subarray(start, end),
    values: block.values.subarray(start, end),
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
