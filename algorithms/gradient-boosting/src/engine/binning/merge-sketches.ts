/**
 * Sketches of the hosts' rows made those of all rows, on every host: facts are added up, distinct values united while they are
 * few, and samples put one behind the other, thinned as one sample of all rows would be. So cuts are those of one host.
 */
import type { Communicator } from '@algo/contract';
import * as Records from '../../../assembly/records.js';
import type { Pool } from '../threads/pool.js';
import { countValues, type ValueCounts } from './sketch.js';

/** Addresses of the sketches and samples of `featureCount` features. */
export interface SketchMemory {
  readonly featureCount: number;
  readonly sketches: number;
  /** [features × capacity] */
  readonly sample: number;
  /** The same shape; 0 where there is room for all rows. */
  readonly levels: number;
  /** The same shape; 0 without weights. */
  readonly weights: number;
  readonly capacity: number;
}

/** Values of a host that are sent in one call. */
const SENT_VALUES = 2 ** 22;
/** Levels of rows: leading zeros of 32 bits. */
const LEVELS = 33;
const FREE = 0xffffffff;
/** What a word can hold. */
const MOST = 0xffffffff;

/**
 * @param hosts several
 * @param maxBin features with fewer distinct values need no sample
 * @returns values of the rows of all hosts, of which there may be more than the sketches can count
 */
export function mergeSketches(pool: Pool, hosts: Communicator, memory: SketchMemory, maxBin: number): ValueCounts {
  const counts = addCounts(pool, hosts, memory);
  takeExtremes(pool, hosts, memory);
  uniteDistinct(pool, hosts, memory);
  const sampled = featuresOf(memory).filter(
    (feature) => pool.words()[wordOf(memory, feature, Records.SKETCH_DISTINCT)]! >= leastDistinct(maxBin),
  );
  const levels = memory.levels === 0 ? undefined : agreeOnLevels(pool, hosts, memory, sampled);
  const step = Math.max(1, Math.floor(SENT_VALUES / memory.capacity));
  for (let first = 0; first < sampled.length; first += step) {
    joinSamples(pool, hosts, memory, sampled.slice(first, first + step), levels?.slice(first, first + step));
  }
  return counts;
}

// --- internal ---

function featuresOf({ featureCount }: SketchMemory): readonly number[] {
  return Array.from({ length: featureCount }, (_, feature) => feature);
}

/** Distinct values from which a feature may be cut by its sample. */
function leastDistinct(maxBin: number): number {
  return Math.min(maxBin, Records.DISTINCT_LIMIT + 1);
}

function wordOf({ sketches }: SketchMemory, feature: number, offset: number): number {
  return (sketches + feature * Records.SKETCH_RECORD_BYTES + offset) >> 2;
}

function addCounts(pool: Pool, hosts: Communicator, memory: SketchMemory): ValueCounts {
  const words = pool.words();
  const all = countValues(pool, memory.sketches, memory.featureCount);
  for (const [offset, counts] of [
    [Records.SKETCH_MISSING, all.missing],
    [Records.SKETCH_PRESENT, all.present],
  ] as const) {
    hosts.sum(counts);
    for (const [feature, count] of counts.entries()) words[wordOf(memory, feature, offset)] = Math.min(count, MOST);
  }
  return all;
}

/** Smallest and largest values, and the largest number of distinct ones. */
function takeExtremes(pool: Pool, hosts: Communicator, memory: SketchMemory): void {
  const floats = pool.floats();
  const words = pool.words();
  const extremes = new Float32Array(3 * memory.featureCount);
  for (const feature of featuresOf(memory)) {
    extremes[3 * feature] = -floats[wordOf(memory, feature, Records.SKETCH_MINIMUM)]!;
    extremes[3 * feature + 1] = floats[wordOf(memory, feature, Records.SKETCH_MAXIMUM)]!;
    extremes[3 * feature + 2] = words[wordOf(memory, feature, Records.SKETCH_DISTINCT)]!;
  }
  hosts.max(extremes);
  for (const feature of featuresOf(memory)) {
    floats[wordOf(memory, feature, Records.SKETCH_MINIMUM)] = -extremes[3 * feature]!;
    floats[wordOf(memory, feature, Records.SKETCH_MAXIMUM)] = extremes[3 * feature + 1]!;
    if (extremes[3 * feature + 2]! <= Records.DISTINCT_LIMIT) continue;
    words[wordOf(memory, feature, Records.SKETCH_DISTINCT)] = Records.DISTINCT_LIMIT + 1;
  }
}

function uniteDistinct(pool: Pool, hosts: Communicator, memory: SketchMemory): void {
  const words = pool.words();
  const tableOf = (feature: number) => {
    const start = wordOf(memory, feature, Records.SKETCH_TABLE);
    return words.subarray(start, start + Records.DISTINCT_SLOTS);
  };
  const open = featuresOf(memory).filter(
    (feature) => words[wordOf(memory, feature, Records.SKETCH_DISTINCT)]! <= Records.DISTINCT_LIMIT,
  );
  const own = open.map((feature) => tableOf(feature).filter((bits) => bits !== FREE));
  const parts = gatherLists(hosts, own, Uint32Array);
  for (const [index, feature] of open.entries()) {
    const values = new Set(parts.flatMap((lists) => [...lists[index]!]));
    const isOver = values.size > Records.DISTINCT_LIMIT;
    words[wordOf(memory, feature, Records.SKETCH_DISTINCT)] = isOver ? Records.DISTINCT_LIMIT + 1 : values.size;
    if (isOver) continue;
    const table = tableOf(feature);
    table.fill(FREE);
    table.set([...values]);
  }
}

/** [features] the lowest level at which the values of all hosts fit into one sample. */
function agreeOnLevels(
  pool: Pool,
  hosts: Communicator,
  memory: SketchMemory,
  features: readonly number[],
): readonly number[] {
  const words = pool.words();
  const bytes = pool.bytes();
  const levels = Float64Array.from(features, (feature) => words[wordOf(memory, feature, Records.SKETCH_LEVEL)]!);
  const counts = new Float64Array(features.length * LEVELS);
  for (const [index, feature] of features.entries()) {
    const first = memory.levels + feature * memory.capacity;
    const end = first + words[wordOf(memory, feature, Records.SKETCH_SAMPLED)]!;
    for (let at = first; at < end; at++) counts[index * LEVELS + bytes[at]!]! += 1;
  }
  hosts.max(levels);
  hosts.sum(counts);
  return Array.from(levels, (least, index) => {
    let level = LEVELS;
    let values = 0;
    while (level > least && values + counts[index * LEVELS + level - 1]! <= memory.capacity) {
      level -= 1;
      values += counts[index * LEVELS + level]!;
    }
    return level;
  });
}

/** Puts the samples of these features, host after host, in place of this host's. */
function joinSamples(
  pool: Pool,
  hosts: Communicator,
  memory: SketchMemory,
  features: readonly number[],
  levels: readonly number[] | undefined,
): void {
  const { sample, weights, capacity } = memory;
  const words = pool.words();
  const areas = weights === 0 ? [sample] : [sample, weights];
  const kept = features.map((feature, index) => {
    const count = words[wordOf(memory, feature, Records.SKETCH_SAMPLED)]!;
    const least = levels?.[index];
    const first = memory.levels + feature * capacity;
    if (least === undefined) return undefined;
    return pool
      .bytes()
      .slice(first, first + count)
      .map((level) => Number(level >= least));
  });
  for (const area of areas) {
    const own = features.map((feature, index) => {
      const first = (area >> 2) + feature * capacity;
      const count = words[wordOf(memory, feature, Records.SKETCH_SAMPLED)]!;
      const values = pool.floats().slice(first, first + count);
      const isKept = kept[index];
      return isKept ? values.filter((_, at) => isKept[at] === 1) : values;
    });
    const parts = gatherLists(hosts, own, Float32Array);
    for (const [index, feature] of features.entries()) {
      let at = (area >> 2) + feature * capacity;
      for (const lists of parts) {
        pool.floats().set(lists[index]!, at);
        at += lists[index]!.length;
      }
    }
    if (area !== areas.at(-1)) continue;
    for (const [index, feature] of features.entries()) {
      const total = parts.reduce((sum, lists) => sum + lists[index]!.length, 0);
      words[wordOf(memory, feature, Records.SKETCH_SAMPLED)] = total;
    }
  }
}

/** Lists of each host, by rank, then as given. @param own as many on every host */
function gatherLists<T extends Uint32Array | Float32Array>(
  hosts: Communicator,
  own: readonly T[],
  kind: new (length: number) => T,
): readonly (readonly T[])[] {
  const lengths = hosts.gather(Uint32Array.from(own, ({ length }) => length));
  const joined = new kind(own.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const list of own) {
    joined.set(list, end);
    end += list.length;
  }
  return hosts.gather(joined).map((all, rank) => {
    let next = 0;
    return Array.from(lengths[rank]!, (length) => {
      next += length;
      return all.subarray(next - length, next) as T;
    });
  });
}
