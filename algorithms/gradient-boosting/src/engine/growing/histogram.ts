/**
 * Histograms of nodes. A level's histograms are built from the rows of the smaller child of each split; the sibling's is
 * parent − child and takes the parent's place (assembly/growing/scan.ts). Threads share the work in two ways: a node with few
 * rows is one task; a node with many is divided, each helper adding to a histogram of its own. Split search adds these up
 * (assembly/growing/scan.ts), or, on several hosts, what makes the sums of all hosts (exchange.ts).
 */
import * as Layout from '../../../assembly/layout.js';
import * as Records from '../../../assembly/records.js';
import type { Dataset } from '../binning/dataset.js';
import { tasksBetweenLooks, UNITS_BETWEEN_LOOKS } from '../interruption.js';
import { largestOfHosts } from '../team.js';
import { createScratch } from '../threads/scratch.js';
import { createHistogramExchange } from './exchange.js';
import type { RowSets } from './row-partition.js';

/** A node whose histogram is wanted. */
export interface HistogramRequest {
  readonly node: number;
  readonly depth: number;
  /** Rows in use on this host. */
  readonly rows: number;
  /** Where the histogram goes. */
  readonly histogram: number;
}

export interface Histograms {
  /**
   * Begins a tree whose sums have `limbs` limbs; all histograms must have been given back.
   * @param features ascending, those it may split on; undefined: all
   */
  begin(limbs: number, features?: Int32Array): void;
  /** Room for a histogram, or undefined when the limit is reached. */
  take(): number | undefined;
  give(histogram: number): void;
  /** Histograms that may still be taken. */
  free(): number;
  limit(): number;
  /** Nodes to build and search together, so that their histograms are still in the cache when they are searched. */
  batch(): number;
  /**
   * Fills the histograms of the nodes with the sums over the rows of all hosts.
   * @param requests at least one
   * @param meanwhile called when the helpers have begun, with the numbers of the divided nodes, from 1, by histogram: split
   *   search adds the helpers' parts to these
   * @returns what `meanwhile` returns
   * @throws Interrupted on all of several hosts when one was asked to stop
   */
  build<T>(requests: readonly HistogramRequest[], meanwhile: (locals: ReadonlyMap<number, number>) => T): T;
}

/** Histograms kept between levels at most; beyond it a node's two children are both built from their rows. */
const KEPT_BYTES = 768 * 2 ** 20;
/** Maximum bytes of helpers' histograms. */
const LOCAL_BYTES = 256 * 2 ** 20;
const LEAST_KEPT = 4;
/** Histograms that are built and searched together: about the size of a third-level cache. */
const CACHED_BYTES = 16 * 2 ** 20;
const LEAST_BATCH = 4;
const TASKS_PER_THREAD = 8;
/** Nodes with fewer rows are not divided. */
const DIVIDED_ROWS = 4096;
/** A node's rows lie far apart when it has less than this share of all rows. */
const SCATTERED_SHARE = 0.4;

export function createHistograms(dataset: Dataset, rowSets: RowSets): Histograms {
  const { pool, layout, team } = dataset;
  const { threads, arena } = pool;
  const limbBytes = Math.ceil((layout.histogramEntries * 16) / 64) * 64;
  /** Updates of a histogram that a row costs. */
  const rowUnits = entriesOfRow(dataset);
  const isLong = dataset.rows * rowUnits > UNITS_BETWEEN_LOOKS;
  const helpers = threads - 1;
  const exchange = team.hosts.size > 1 ? createHistogramExchange(dataset) : undefined;
  // All hosts build and search the same nodes together.
  const leastBatch = LEAST_BATCH * largestOfHosts(team, [threads])[0]!;
  const mostLocals =
    helpers === 0
      ? Number(isLong)
      : Math.max(1, Math.min(2 * threads, Math.floor(LOCAL_BYTES / (limbBytes * helpers))));
  const localScratch = createScratch(pool, limbBytes, 'histograms of threads', 1);
  const used = arena.allocate(mostLocals * threads * 4, 'histograms of threads');
  const buildScratch = createScratch(pool, Records.BUILD_TASK_BYTES);
  let locals = helpers === 0 ? 0 : localScratch.reserve(mostLocals * helpers);
  let localCount = mostLocals;
  /** Histograms that may be taken, of at least `bytes` each, and what all ever made take. */
  let idle: number[] = [];
  let bytes = limbBytes;
  let limbs = 1;
  let limit = Math.max(LEAST_KEPT, Math.floor(KEPT_BYTES / bytes));
  let made = 0;
  let room = limbs;
  let lost = 0;

  /** The nodes whose rows are divided among threads. */
  const chooseDivided = (requests: readonly HistogramRequest[]): HistogramRequest[] => {
    const total = requests.reduce((sum, { rows }) => sum + rows, 0);
    const isLarge = ({ rows }: HistogramRequest) =>
      threads > 1 ? rows > DIVIDED_ROWS && rows * 2 * threads > total : rows * rowUnits > UNITS_BETWEEN_LOOKS;
    const large = requests.filter(isLarge);
    return large.sort((a, b) => b.rows - a.rows).slice(0, localCount);
  };

  /** Ranges of shards that a node is built in. */
  const piecesOf = (rows: number, total: number): number =>
    Math.min(
      rowSets.shards,
      Math.max(
        Math.ceil((rows * threads * TASKS_PER_THREAD) / total),
        Math.ceil((rows * rowUnits) / (UNITS_BETWEEN_LOOKS / threads)),
      ),
    );

  /**
   * Large nodes at both ends, where the threads begin (each T-th at the front, for the main thread), pieces of divided ones
   * in the middle, where they meet: with these they finish together.
   */
  const writeTasks = (requests: readonly HistogramRequest[], divided: readonly HistogramRequest[]) => {
    const { shards } = rowSets;
    const total = requests.reduce((sum, { rows }) => sum + rows, 0);
    const whole = requests.filter((request) => !divided.includes(request)).sort((a, b) => b.rows - a.rows);
    const address = buildScratch.reserve(divided.length * shards + whole.length);
    const words = pool.words();
    let count = 0;
    const write = ({ node, depth, rows, histogram }: HistogramRequest, local: number, step: number) => {
      for (let shard = 0; shard < shards; shard += step, count++) {
        const task = (address + count * Records.BUILD_TASK_BYTES) >> 2;
        words[task + (Records.BUILD_NODE >> 2)] = node;
        words[task + (Records.BUILD_ORDER >> 2)] = depth & 1;
        words[task + (Records.BUILD_TARGET >> 2)] = histogram;
        words[task + (Records.BUILD_LOCAL >> 2)] = local;
        words[task + (Records.BUILD_FIRST_SHARD >> 2)] = shard;
        words[task + (Records.BUILD_END_SHARD >> 2)] = Math.min(shards, shard + step);
        words[task + (Records.BUILD_ALL_ROWS >> 2)] = rows === dataset.rows ? 1 : 0;
        words[task + (Records.BUILD_SCATTERED >> 2)] = rows < SCATTERED_SHARE * dataset.rows ? 1 : 0;
      }
    };
    const isFirst = (index: number) => index % threads === threads - 1;
    for (const request of whole.filter((_, index) => isFirst(index))) write(request, 0, shards);
    for (const [local, request] of divided.entries()) {
      write(request, local + 1, Math.ceil(shards / piecesOf(request.rows, total)));
    }
    for (const request of whole.filter((_, index) => !isFirst(index)).reverse()) write(request, 0, shards);
    return { address, count, units: total * rowUnits * limbs };
  };

  return {
    begin(wanted, features) {
      limbs = wanted;
      exchange?.begin(limbs, features);
      bytes = limbBytes * limbs;
      localCount = mostLocals === 0 ? 0 : Math.max(1, Math.floor(mostLocals / limbs));
      if (helpers > 0) locals = localScratch.reserve(localCount * helpers * limbs);
      if (limbs <= room) return;
      // Those made so far are too small from now on.
      lost += made * limbBytes * room;
      room = limbs;
      idle = [];
      made = 0;
      limit = Math.max(LEAST_KEPT, Math.floor((KEPT_BYTES - lost) / bytes));
    },
    limit: () => limit,
    batch: () => Math.max(leastBatch, Math.floor(CACHED_BYTES / bytes)),
    free: () => limit - made + idle.length,
    take() {
      const histogram = idle.pop();
      if (histogram !== undefined) return histogram;
      if (made >= limit) return undefined;
      made++;
      return arena.allocate(limbBytes * room, 'histograms');
    },
    give: (histogram) => void idle.push(histogram),
    build<T>(requests: readonly HistogramRequest[], meanwhile: (locals: ReadonlyMap<number, number>) => T): T {
      pool.set(Layout.HISTOGRAM_BYTES, bytes);
      pool.set(Layout.LIMB_BYTES, limbBytes);
      pool.set(Layout.LOCAL_HISTOGRAMS, locals);
      pool.set(Layout.LOCAL_COUNT, localCount);
      pool.set(Layout.LOCAL_USED, used);
      pool.words().fill(0, used >> 2, (used >> 2) + localCount * threads);
      const divided = chooseDivided(requests);
      const tasks = writeTasks(requests, divided);
      const slice = {
        taskBytes: Records.BUILD_TASK_BYTES,
        tasks: tasksBetweenLooks(tasks.count, tasks.units, threads),
      };
      const numbers = new Map(divided.map(({ histogram }, local) => [histogram, local + 1]));
      let result: T | undefined;
      pool.runInSlices(Layout.BUILD, tasks.count, tasks.address, slice, () => {
        result = meanwhile(exchange ? new Map() : numbers);
      });
      exchange?.sum(
        requests.map(({ histogram }) => histogram),
        numbers,
      );
      return result as T;
    },
  };
}

// --- internal ---

/** Bins of a row, on average. */
function entriesOfRow({ layout, cuts }: Dataset): number {
  if (layout.binBytes !== 0) return layout.columns.length;
  const missing = cuts.missing.reduce((sum, count) => sum + count, 0);
  return Math.ceil((cuts.rows * cuts.featureCount - missing) / cuts.rows);
}
