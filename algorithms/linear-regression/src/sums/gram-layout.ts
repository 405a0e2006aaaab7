/**
 * Where the limbs of every column are in the kernel's memory, for one set of grids. Without weights both factors of the
 * dot products are the columns themselves; with weights the left one is weight times column, so that every sum stays a
 * sum of integers.
 *
 *   memory: [ staging rows | raw columns | weight limbs | right limbs | left limbs | bounds, firstRight, rows | sums ]
 */
import { type Grid, limbBound, limbsFor, plannedBound } from './column-grid.js';
import { align, CHUNK_ROWS, STRIDE, TILE, TILE_BYTES } from './gram-kernel.js';

/** One column of integers: `limbs` arrays from array `first` of its side on. */
export interface Slot {
  readonly first: number;
  readonly limbs: number;
  readonly places: number;
  readonly log2Bound: number;
}

export interface Side {
  readonly base: number;
  readonly slots: readonly Slot[];
  readonly tiles: number;
  /** Address of [tiles] doubles. */
  readonly bounds: number;
}

export interface GramLayout {
  readonly staging: number;
  readonly raw: number;
  readonly failures: number;
  readonly weight: (Slot & { readonly base: number }) | undefined;
  /** The columns: 1, powers, label. */
  readonly right: Side;
  /** The same object as `right` without weights. */
  readonly left: Side;
  readonly firstRight: number;
  readonly sumRows: number;
  readonly sums: number;
  readonly sumsBytes: number;
  readonly end: number;
}

export interface Expandable {
  readonly featureCount: number;
  readonly degree: number;
}

/** Plans the memory for `grids`: features, label and (if there is one) weight. */
export function planLayout(expansion: Expandable, grids: readonly Grid[], heapStart: number): GramLayout {
  const { featureCount, degree } = expansion;
  const weightGrid = grids[featureCount + 1];
  const staging = heapStart;
  const raw = align(staging + featureCount * CHUNK_ROWS * 8);
  const failures = align(raw + grids.length * STRIDE);
  let next = align(failures + CHUNK_ROWS * 4);

  const weightSlot = weightGrid && slotOf(0, plannedBound(weightGrid), weightGrid.places ?? 0);
  const weight = weightSlot && { ...weightSlot, base: next };
  if (weight) next += weight.limbs * STRIDE;

  const rightSlots = planRight(grids, featureCount, degree);
  const rightTiles = tilesOf(rightSlots);
  const rightBase = next;
  next += rightTiles * TILE * STRIDE;
  const leftSlots = weight ? planLeft(rightSlots, weight) : rightSlots;
  const leftTiles = tilesOf(leftSlots);
  const leftBase = weight ? next : rightBase;
  if (weight) next += leftTiles * TILE * STRIDE;

  const rightBounds = align(next);
  const leftBounds = weight ? align(rightBounds + rightTiles * 8) : rightBounds;
  const firstRight = align(leftBounds + leftTiles * 8);
  const sumRows = align(firstRight + leftTiles * 4);
  const sums = align(sumRows + leftTiles * 4);
  const right = { base: rightBase, slots: rightSlots, tiles: rightTiles, bounds: rightBounds };
  const left = weight ? { base: leftBase, slots: leftSlots, tiles: leftTiles, bounds: leftBounds } : right;
  const sumsBytes = countTiles(left, right) * TILE_BYTES;
  return { staging, raw, failures, weight, right, left, firstRight, sumRows, sums, sumsBytes, end: sums + sumsBytes };
}

/** For each left tile the first right tile that holds a pair of columns i <= j. */
export function firstRightTiles(left: Side, right: Side): Int32Array {
  const first = new Int32Array(left.tiles).fill(right.tiles);
  left.slots.forEach((slot, i) => {
    const wanted = Math.floor(right.slots[i]!.first / TILE);
    for (let limb = 0; limb < slot.limbs; limb++) {
      const tile = Math.floor((slot.first + limb) / TILE);
      first[tile] = Math.min(first[tile]!, wanted);
    }
  });
  return first;
}

/** Largest |limb| of each tile's arrays; at least 1, so that no bound is 0. */
export function tileBounds(side: Side): Float64Array {
  const bounds = new Float64Array(side.tiles).fill(1);
  for (const slot of side.slots) {
    const bound = limbBound(slot.log2Bound, slot.limbs);
    for (let limb = 0; limb < slot.limbs; limb++) {
      const tile = Math.floor((slot.first + limb) / TILE);
      bounds[tile] = Math.max(bounds[tile]!, bound);
    }
  }
  return bounds;
}

/** Whether two plans put everything at the same place and scale, so that sums can continue. */
export function isSameLayout(a: GramLayout, b: GramLayout): boolean {
  const sameSide = (x: Side, y: Side) =>
    x.slots.every((slot, i) => slot.limbs === y.slots[i]!.limbs && slot.places === y.slots[i]!.places);
  return (
    sameSide(a.right, b.right) &&
    sameSide(a.left, b.left) &&
    a.weight?.limbs === b.weight?.limbs &&
    a.weight?.places === b.weight?.places
  );
}

// --- internal ---

function slotOf(first: number, log2Bound: number, places: number): Slot {
  return { first, limbs: limbsFor(log2Bound), places, log2Bound };
}

function planRight(grids: readonly Grid[], featureCount: number, degree: number): Slot[] {
  const slots = [slotOf(0, 0, 0)];
  let first = 1;
  const push = (log2Bound: number, places: number) => {
    const slot = slotOf(first, log2Bound, places);
    slots.push(slot);
    first += slot.limbs;
  };
  for (let column = 0; column <= featureCount; column++) {
    const grid = grids[column]!;
    const powers = column < featureCount ? degree : 1;
    for (let k = 1; k <= powers; k++) push(k * plannedBound(grid), k * (grid.places ?? 0));
  }
  return slots;
}

function planLeft(right: readonly Slot[], weight: Slot): Slot[] {
  let first = 0;
  return right.map((slot) => {
    const left = slotOf(first, slot.log2Bound + weight.log2Bound, slot.places + weight.places);
    first += left.limbs;
    return left;
  });
}

function tilesOf(slots: readonly Slot[]): number {
  const last = slots[slots.length - 1]!;
  return Math.ceil((last.first + last.limbs) / TILE);
}

function countTiles(left: Side, right: Side): number {
  return firstRightTiles(left, right).reduce((sum, first) => sum + right.tiles - first, 0);
}
