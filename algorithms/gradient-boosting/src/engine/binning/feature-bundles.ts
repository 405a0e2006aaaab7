/**
 * Bundles: one-hot groups, and other features of two values (0 and one above) that are never above 0 in the same row,
 * share one column of bins. Their histograms cost one update per row instead of one per feature, and the splits stay the
 * same: a feature's upper bin against all other rows. (Exclusive feature bundling: Ke et al. 2017; here without conflicts.)
 */
import type { Communicator } from '@algo/contract';
import * as Layout from '../../../assembly/layout.js';
import * as Records from '../../../assembly/records.js';
import type { Pool } from '../threads/pool.js';
import { fillRanges } from '../threads/task-ranges.js';

export interface BundleFinder {
  /** Looks at a block of [rows × features] float32 at `block`, after the sketches have seen it. */
  addBlock(block: number, rows: number): void;
  /** The bundles of at least two features that excluded each other in every row. */
  finish(isCategorical?: readonly boolean[]): number[][];
}

/** Rows from which bundles are formed; later rows only take features out of them. */
const FORMING_ROWS = 4096;
/** A byte counts the features of a bundle; 0 means none. */
const MAX_MEMBERS = 255;
/** With more candidates than this, pairs are too many to count. */
const MAX_CANDIDATES = 2048;
/** Rows of a task. */
const TASK_ROWS = 1024;

export function createBundleFinder(
  pool: Pool,
  {
    featureCount,
    blockRows,
    sketches,
  }: { readonly featureCount: number; readonly blockRows: number; readonly sketches: number },
): BundleFinder {
  const records = pool.arena.allocate(featureCount * Records.CANDIDATE_RECORD_BYTES, 'bundles');
  const seenBytes = featureCount * 4;
  const seen = pool.arena.allocate(seenBytes * pool.threads, 'bundles');
  const tasks = pool.arena.allocate(Math.ceil(blockRows / TASK_ROWS) * Records.RANGE_BYTES, 'task lists');
  let candidates = Array.from({ length: featureCount }, (_, feature) => feature);
  /** [features] bit b of a candidate's set: it and feature b were above 0 in one row. */
  const conflicts = new Map<number, Uint32Array>();
  const setWords = Math.ceil(featureCount / 32);
  let formed: number[][] | undefined;
  let rows = 0;

  const isCandidate = (feature: number) => {
    const record = (sketches + feature * Records.SKETCH_RECORD_BYTES) >> 2;
    const distinct = pool.words()[record + (Records.SKETCH_DISTINCT >> 2)]!;
    if (distinct > 2 || pool.words()[record + (Records.SKETCH_MISSING >> 2)] !== 0) return false;
    if (pool.floats()[record + (Records.SKETCH_MINIMUM >> 2)]! < 0) return false;
    const table = record + (Records.SKETCH_TABLE >> 2);
    return (
      distinct < 2 ||
      pool
        .words()
        .subarray(table, table + Records.DISTINCT_SLOTS)
        .includes(0)
    ); // the bits of 0
  };

  /** Marks every pair of candidates that a row has above 0. */
  const markConflicts = (block: number, count: number) => {
    const floats = pool.floats();
    for (let row = 0; row < count; row++) {
      const values = (block >> 2) + row * featureCount;
      const above = new Uint32Array(setWords);
      for (const feature of candidates) {
        if (floats[values + feature]! > 0) above[feature >> 5]! |= 1 << (feature & 31);
      }
      for (const feature of candidates) {
        if (floats[values + feature]! > 0) addAll(conflicts.get(feature)!, above);
      }
    }
  };

  /** Puts each candidate into the first bundle it has no conflict with. */
  const form = (): number[][] => {
    const bundles: number[][] = [];
    for (const feature of candidates) {
      const rivals = conflicts.get(feature);
      const isFree = (members: readonly number[]) => !members.some((other) => rivals && isIn(rivals, other));
      const fit = bundles.find((members) => members.length < MAX_MEMBERS && isFree(members));
      if (fit) fit.push(feature);
      else bundles.push([feature]);
    }
    writeCandidates(bundles);
    return bundles;
  };

  const writeCandidates = (bundles: readonly (readonly number[])[]) => {
    const words = pool.words();
    const members = bundles.flatMap((features, bundle) => features.map((feature) => ({ feature, bundle })));
    for (const [index, { feature, bundle }] of members.sort((a, b) => a.feature - b.feature).entries()) {
      const record = (records + index * Records.CANDIDATE_RECORD_BYTES) >> 2;
      words[record + (Records.CANDIDATE_FEATURE >> 2)] = feature;
      words[record + (Records.CANDIDATE_BUNDLE >> 2)] = bundle;
      words[record + (Records.CANDIDATE_BROKEN >> 2)] = 0;
    }
  };

  const broken = (): Set<number> => {
    const words = pool.words();
    const found = new Set<number>();
    for (let index = 0; index < candidates.length; index++) {
      const record = (records + index * Records.CANDIDATE_RECORD_BYTES) >> 2;
      if (words[record + (Records.CANDIDATE_BROKEN >> 2)]) found.add(words[record + (Records.CANDIDATE_FEATURE >> 2)]!);
    }
    return found;
  };

  return {
    addBlock(block, count) {
      if (!formed) {
        candidates = candidates.filter(isCandidate);
        if (candidates.length > MAX_CANDIDATES) candidates = [];
        for (const feature of candidates) {
          if (!conflicts.has(feature)) conflicts.set(feature, new Uint32Array(setWords));
        }
        markConflicts(block, count);
        rows += count;
        if (rows >= FORMING_ROWS) formed = form();
        return;
      }
      if (candidates.length === 0) return;
      pool.set(Layout.CANDIDATES, records);
      pool.set(Layout.CANDIDATE_COUNT, candidates.length);
      pool.set(Layout.SCRATCH, seen);
      pool.set(Layout.SCRATCH_BYTES, seenBytes);
      pool.run(Layout.CHECK_BUNDLES, fillRanges(pool, tasks, count, TASK_ROWS), tasks);
    },
    finish(isCategorical) {
      candidates = formed ? candidates : candidates.filter(isCandidate);
      const bundles = formed ?? form();
      const left = broken();
      const isKept = (feature: number) => !left.has(feature) && isCandidate(feature) && !isCategorical?.[feature];
      return bundles.map((members) => members.filter(isKept)).filter((members) => members.length > 1);
    },
  };
}

/**
 * Bundles of features that exclude each other in the rows of every host.
 * @param own this host's
 * @param hasRows whether it has rows; otherwise its bundles say nothing
 */
export function mergeBundles(hosts: Communicator, own: number[][], hasRows: boolean): number[][] {
  if (hosts.size === 1) return own;
  const parts = hosts.gatherValues(hasRows ? own : undefined).filter((bundles) => bundles !== undefined);
  const keys = new Map<number, string>();
  for (const bundles of parts) {
    for (const [bundle, members] of bundles.entries()) {
      for (const feature of members) keys.set(feature, `${keys.get(feature) ?? ''} ${bundle}`);
    }
  }
  const isInAll = (key: string) => key.split(' ').length === parts.length + 1;
  const features = [...keys].filter(([, key]) => isInAll(key)).sort(([one], [other]) => one - other);
  return [...Map.groupBy(features, ([, key]) => key).values()]
    .map((members) => members.map(([feature]) => feature))
    .filter((members) => members.length > 1);
}

// --- internal ---

/** set ∪= other */
function addAll(set: Uint32Array, other: Uint32Array): void {
  for (let word = 0; word < set.length; word++) set[word]! |= other[word]!;
}

function isIn(set: Uint32Array, feature: number): boolean {
  return ((set[feature >> 5]! >>> (feature & 31)) & 1) === 1;
}
