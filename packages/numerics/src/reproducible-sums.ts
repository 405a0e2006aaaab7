/**
 * Sums of doubles that have the same bits in whatever order their values come, and however these are divided among hosts:
 * each value is rounded to a multiple of a unit that the largest of them sets, and multiples are added exactly.
 *
 * Units are powers of 2^25, so that those of small values are multiples of none and divide those of large ones: a value is
 * split into three parts, of the unit of its own size and of the two below, and where a larger value comes, the lowest
 * parts of all so far are dropped. That leaves what rounding all of them to the larger unit would have.
 * @see Demmel, Nguyen, Parallel Reproducible Summation, IEEE Transactions on Computers 64 (2015)
 */

/** Several sums, each with a unit of its own. Each takes up to 2^28 values per host. */
export interface ReproducibleSums {
  /** Adds a value to one sum. Values of 2^975 and above count as infinite. */
  add(index: number, value: number): void;
  /** Adds the first `count` of the values. */
  addAll(index: number, values: Float64Array, count: number): void;
  /** All that has been added, for `totalsOf`; [5 × sums], a live view. */
  readonly parts: Float64Array;
}

export function createReproducibleSums(count: number): ReproducibleSums {
  // Of each sum the level of its unit, its three parts, the largest unit first, and its values that are not finite.
  const parts = new Float64Array(SUM_FIELDS * count);
  const bounds = new Float64Array(count).fill(boundOf(LEAST_LEVEL));
  for (let at = 0; at < parts.length; at += SUM_FIELDS) parts[at] = LEAST_LEVEL;

  function raise(index: number, size: number): void {
    const at = SUM_FIELDS * index;
    const level = levelOf(size);
    const steps = Math.min(level - parts[at]!, LEVELS);
    parts[at] = level;
    bounds[index] = boundOf(level);
    parts.copyWithin(at + 1 + steps, at + 1, at + 1 + LEVELS - steps);
    parts.fill(0, at + 1, at + 1 + steps);
  }

  return {
    parts,
    add(index, value) {
      const at = SUM_FIELDS * index + 1;
      const size = Math.abs(value);
      if (!(size < LARGEST)) {
        parts[at + LEVELS]! += infinite(value);
        return;
      }
      if (size >= bounds[index]!) raise(index, size);
      const first = bounds[index]! * ROUNDING;
      const second = first * INVERSE_UNIT;
      const third = second * INVERSE_UNIT;
      const high = value + first - first;
      const rest = value - high;
      const middle = rest + second - second;
      parts[at]! += high;
      parts[at + 1]! += middle;
      parts[at + 2]! += rest - middle + third - third;
    },
    addAll(index, values, length) {
      const at = SUM_FIELDS * index + 1;
      for (let i = 0; i < length; i++) {
        const bound = bounds[index]!;
        const first = bound * ROUNDING;
        const second = first * INVERSE_UNIT;
        const third = second * INVERSE_UNIT;
        let high = parts[at]!;
        let middle = parts[at + 1]!;
        let low = parts[at + 2]!;
        for (; i < length; i++) {
          const value = values[i]!;
          if (!(Math.abs(value) < bound)) break;
          const highPart = value + first - first;
          const rest = value - highPart;
          const middlePart = rest + second - second;
          high += highPart;
          middle += middlePart;
          low += rest - middlePart + third - third;
        }
        parts[at] = high;
        parts[at + 1] = middle;
        parts[at + 2] = low;
        if (i < length) this.add(index, values[i]!);
      }
    },
  };
}

/**
 * The sums of what was added to `all` of them, each rounded once; NaN and infinities as adding them one by one gives.
 * @param all `parts` of alike sums, at least one; of as many hosts as there are, in any order
 */
export function totalsOf(all: readonly Float64Array[]): number[] {
  return Array.from({ length: all[0]!.length / SUM_FIELDS }, (_, index) => {
    const at = SUM_FIELDS * index;
    const special = all.reduce((sum, parts) => sum + parts[at + 1 + LEVELS]!, 0);
    if (special !== 0) return special;
    const level = all.reduce((most, parts) => Math.max(most, parts[at]!), LEAST_LEVEL);
    let units = 0n;
    for (const parts of all) {
      for (let own = parts[at]!, place = at + 1; place <= at + LEVELS; own--, place++) {
        if (level - own < LEVELS)
          units += BigInt(parts[place]! / unitOf(own)) << BigInt(UNIT_BITS * (own - level + LEVELS - 1));
      }
    }
    return Number(units) * unitOf(level - LEVELS + 1);
  });
}

// --- internal ---

const UNIT_BITS = 25;
const INVERSE_UNIT = 2 ** -UNIT_BITS;
/** Parts of a value. */
const LEVELS = 3;
/** Of a sum: its level, its parts, and what is not finite. */
const SUM_FIELDS = LEVELS + 2;
/** Its third unit is 2^-1050, near the smallest number. */
const LEAST_LEVEL = -40;
const LARGEST = 2 ** 975;
/** Adding 1.5·2^52 units and taking them away rounds to the nearest multiple of the unit; a bound is 2^25 units. */
const ROUNDING = 1.5 * 2 ** (52 - UNIT_BITS);

/** The unit of a level. */
function unitOf(level: number): number {
  return 2 ** (UNIT_BITS * level);
}

/** Values of a level are below this. */
function boundOf(level: number): number {
  return unitOf(level + 1);
}

/** The lowest level whose bound is above the size. */
function levelOf(size: number): number {
  let level = Math.max(LEAST_LEVEL, Math.floor(Math.log2(size) / UNIT_BITS));
  while (size >= boundOf(level)) level += 1;
  while (level > LEAST_LEVEL && size < unitOf(level)) level -= 1;
  return level;
}

function infinite(value: number): number {
  return value * Number.POSITIVE_INFINITY;
}
