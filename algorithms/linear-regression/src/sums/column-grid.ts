/**
 * How a column is stored as integers: on which decimal grid (value = N · 10^-places) and in how many limbs of 25 bits.
 * A grid only grows, when values need more digits, so it settles within the first rows of a data set.
 */
import { type Decimal, readDecimal } from '../exact/decimal.js';

/** A limb holds 25 bits; the top one may reach 2^25.5, so that a number of 7 digits is one limb. */
const LIMB_BITS = 25;
const TOP_LIMB_BITS = 25.5;
/** Up to here one division proves that a value is on the grid (see assembly/limbs.ts); beyond, each value is read digit by digit. */
const NARROW_DIGITS = 15;
const NARROW_PLACES = 22;
/**
 * A factor of a product may have this many limbs (see `multiply` in assembly/limbs.ts): 90 digits from first to last.
 */
const MAX_LIMBS = 12;
/** Rounding up a logarithm, so that a bound stays a bound. */
const LOG_MARGIN = 1e-9;

export interface Grid {
  /** Decimal places; undefined until the first value that is not 0. */
  readonly places: number | undefined;
  /** log2 of the largest |N| so far; 0 at least. */
  readonly log2Bound: number;
}

export const EMPTY_GRID: Grid = { places: undefined, log2Bound: 0 };

/**
 * log2 of a bound of |N| to plan with: what was seen where the kernel reports it, else all that the limbs hold.
 */
export function plannedBound(grid: Grid): number {
  return isNarrow(grid) ? grid.log2Bound : TOP_LIMB_BITS + LIMB_BITS * (limbsFor(grid.log2Bound) - 1);
}

export function limbsFor(log2Bound: number): number {
  return Math.max(0, Math.ceil((log2Bound - TOP_LIMB_BITS) / LIMB_BITS)) + 1;
}

/** Largest |limb| among the limbs of an integer of at most 2^log2Bound. */
export function limbBound(log2Bound: number, limbs: number): number {
  const top = 2 ** (log2Bound - LIMB_BITS * (limbs - 1) + LOG_MARGIN);
  return limbs === 1 ? top : Math.max(2 ** (LIMB_BITS - 1), top + 1);
}

/** Whether the fast kernel reads this grid's values. */
export function isNarrow(grid: Grid): boolean {
  const places = grid.places ?? 0;
  return places >= 0 && places <= NARROW_PLACES && grid.log2Bound <= NARROW_DIGITS * Math.log2(10);
}

/** The smallest grid that holds `grid`'s values and `value`; undefined when that would pass MAX_LIMBS. */
export function widen(grid: Grid, value: number): Grid | undefined {
  if (value === 0) return grid;
  const decimal = readDecimal(value);
  const places = grid.places === undefined ? startPlaces(decimal) : Math.max(grid.places, decimal.places);
  const grown = grid.log2Bound + (places - (grid.places ?? places)) * Math.log2(10);
  const log2Bound = Math.max(grown, log2OfInteger(decimal, places), 0);
  return limbsFor(log2Bound) <= MAX_LIMBS ? { places, log2Bound } : undefined;
}

/** Whether both hold the same values in the same way. */
export function isSameGrid(a: Grid, b: Grid): boolean {
  return a.places === b.places && plannedBound(a) === plannedBound(b) && isNarrow(a) === isNarrow(b);
}

/** `grid` with values up to |N| = largest, a count on the same places. */
export function raiseBound(grid: Grid, largest: number): Grid {
  const log2Bound = largest > 1 ? Math.log2(largest) + LOG_MARGIN : 0;
  return log2Bound > grid.log2Bound ? { ...grid, log2Bound } : grid;
}

// --- internal ---

/** Whole numbers start at 0 places however many zeros they end in; only huge ones need less. */
function startPlaces(decimal: Decimal): number {
  return decimal.places < -NARROW_PLACES ? decimal.places : Math.max(0, decimal.places);
}

function log2OfInteger({ digits, places }: Decimal, gridPlaces: number): number {
  const size = Number(digits < 0n ? -digits : digits);
  return Math.log2(size) + (gridPlaces - places) * Math.log2(10) + LOG_MARGIN;
}
