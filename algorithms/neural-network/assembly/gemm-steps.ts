/**
 * What all tiles of a part of a product have in common: how far their loops go, and the bytes of each step. Tiles copy
 * what their loops need: V8 would load a global again in every step.
 */

/** Bytes from one row of A to the next, and from one step of k to the next in A and in B. */
export let aRow: usize = 0;
export let aStep: usize = 0;
export let bStep: usize = 0;
/** Bytes from one row of C to the next. */
export let cRow: usize = 0;

/** Describes the product whose tiles come next. */
export function useProduct(rowOfA: usize, stepOfA: usize, stepOfB: usize, rowOfC: usize): void {
  aRow = rowOfA;
  aStep = stepOfA;
  bStep = stepOfB;
  cRow = rowOfC;
}

/** Steps of k. */
export let depth: usize = 0;
/** Bytes from one row to the next of what the sums start with. */
export let startRow: usize = 0;
/** Nothing below it is stored. */
export let floor: f32 = 0;

/** Describes the part of k. */
export function usePart(steps: usize, rowOfStart: usize, lowest: f32): void {
  depth = steps;
  startRow = rowOfStart;
  floor = lowest;
}
