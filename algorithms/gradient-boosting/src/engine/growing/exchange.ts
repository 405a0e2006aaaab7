/**
 * Histograms of all hosts: those of a batch of nodes are summed in one call, in place. A host sends the entries that a split
 * of the tree may be found in: none of features that were not sampled or have no value at all, none of missing values,
 * which are what the node's sums have besides. Where a stop was asked for goes with them.
 */
import * as Layout from '../../../assembly/layout.js';
import * as Records from '../../../assembly/records.js';
import type { Dataset } from '../binning/dataset.js';
import { Interrupted } from '../interruption.js';
import { createScratch } from '../threads/scratch.js';

export interface HistogramExchange {
  /** Begins a tree. @param features ascending, those it may split on; undefined: all */
  begin(limbs: number, features: Int32Array | undefined): void;
  /**
   * Makes built histograms those of all hosts.
   * @param locals numbers of the divided nodes, from 1, by histogram (histogram.ts): helpers' parts are added to these
   * @throws Interrupted on all hosts when one was asked to stop
   */
  sum(histograms: readonly number[], locals: ReadonlyMap<number, number>): void;
}

const ENTRY_BYTES = 16;

export function createHistogramExchange(dataset: Dataset): HistogramExchange {
  const { pool, team } = dataset;
  const rangeScratch = createScratch(pool, Records.RANGE_BYTES);
  const taskScratch = createScratch(pool, Records.EXCHANGE_TASK_BYTES);
  const packedScratch = createScratch(pool, 8, 'histograms of hosts');
  let ranges: readonly ByteRange[] = [];
  /** Of one histogram. */
  let bytes = 0;

  const writeRanges = () => {
    const address = rangeScratch.reserve(ranges.length);
    const words = pool.words();
    for (const [index, { begin, end }] of ranges.entries()) {
      words[(address + index * Records.RANGE_BYTES + Records.RANGE_BEGIN) >> 2] = begin;
      words[(address + index * Records.RANGE_BYTES + Records.RANGE_END) >> 2] = end;
    }
    pool.set(Layout.EXCHANGED, address);
    pool.set(Layout.EXCHANGED_COUNT, ranges.length);
  };

  return {
    begin(limbs, features) {
      ranges = joinRanges(rangesOf(dataset, features));
      bytes = limbs * ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);
    },
    sum(histograms, locals) {
      writeRanges();
      const length = (histograms.length * bytes) / 8;
      const packed = packedScratch.reserve(length + 1);
      const tasks = taskScratch.reserve(histograms.length);
      const words = pool.words();
      for (const [index, histogram] of histograms.entries()) {
        const task = (tasks + index * Records.EXCHANGE_TASK_BYTES) >> 2;
        words[task + (Records.EXCHANGE_HISTOGRAM >> 2)] = histogram;
        words[task + (Records.EXCHANGE_PACKED >> 2)] = packed + index * bytes;
        words[task + (Records.EXCHANGE_LOCAL >> 2)] = locals.get(histogram) ?? 0;
      }
      pool.run(Layout.PACK, histograms.length, tasks);
      const values = pool.doubles().subarray(packed >> 3, (packed >> 3) + length + 1);
      values[length] = Number(team.isStopping());
      team.hosts.sum(values);
      if (values[length]! > 0) throw new Interrupted();
      pool.run(Layout.UNPACK, histograms.length, tasks);
    },
  };
}

// --- internal ---

/** Bytes of a limb of a histogram. */
interface ByteRange {
  readonly begin: number;
  readonly end: number;
}

function rangesOf({ cuts, layout }: Dataset, features: Int32Array | undefined): ByteRange[] {
  const all = features ?? Int32Array.from({ length: cuts.featureCount }, (_, feature) => feature);
  return [...all].flatMap((feature) => {
    if (cuts.missing[feature]! >= cuts.rows) return [];
    const { column, kind, bins, code } = layout.places[feature]!;
    const [first, count] = kind === Records.BUNDLED ? [code, 1] : [0, bins];
    const begin = (layout.columns[column]!.start + first) * ENTRY_BYTES;
    return [{ begin, end: begin + count * ENTRY_BYTES }];
  });
}

/** The same bytes in as few ranges, ascending. */
function joinRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const joined: ByteRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.begin - b.begin)) {
    const last = joined.at(-1);
    if (last?.end === range.begin) joined[joined.length - 1] = { begin: last.begin, end: range.end };
    else joined.push(range);
  }
  return joined;
}
