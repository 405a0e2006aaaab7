/**
 * Gradients that differ by more orders of magnitude than one grid covers, as with one label of 1e17 and others of 1:
 * each is divided into limbs, like the digits of a number, the first on a coarse grid, each next one on a finer grid
 * for the remainder of the previous ones. Sums of every limb are exact, so that neither the order of rows nor threads
 * matter, and are put together to one float64 only where a weight or a gain is computed from them.
 *
 *   1e17 + 3   =   [ multiple of the coarse unit ]  +  [ multiple of the fine unit ]
 *
 * A list of limbs is [limbs] (gradient, hessian) f64 pairs. In a histogram the limbs of an entry are `stride` bytes apart.
 */

/** Limbs of the phase, and bytes between the limbs of the entries at hand. */
export let limbs: usize = 1;
let stride: usize = 0;

export function useLimbs(count: usize): void {
  limbs = count;
}

export function useStride(bytes: usize): void {
  stride = bytes;
}

/** The sum of an entry's limbs, smallest first. */
export function wholeEntry(entry: usize): v128 {
  let sum = f64x2.splat(0);
  for (let limb = limbs; limb > 0; limb--) sum = f64x2.add(sum, v128.load(entry + (limb - 1) * stride));
  return sum;
}

/** The sum of a list of limbs. */
export function whole(list: usize): v128 {
  let sum = f64x2.splat(0);
  for (let p = list + (limbs << 4); p > list; p -= 16) sum = f64x2.add(sum, v128.load(p - 16));
  return sum;
}

export function clearLimbs(list: usize): void {
  memory.fill(list, 0, limbs << 4);
}

export function copyLimbs(target: usize, source: usize): void {
  memory.copy(target, source, limbs << 4);
}

/** Adds an entry to a list; false when the entry is empty. */
export function addEntry(list: usize, entry: usize): bool {
  let isFull = false;
  for (let limb: usize = 0; limb < limbs; limb++) {
    const part = v128.load(entry + limb * stride);
    if (!v128.any_true(f64x2.ne(part, f64x2.splat(0)))) continue;
    isFull = true;
    v128.store(list + (limb << 4), f64x2.add(v128.load(list + (limb << 4)), part));
  }
  return isFull;
}

/** target = a + b, limb by limb. */
export function addLimbs(target: usize, a: usize, b: usize): void {
  for (let p: usize = 0; p < limbs << 4; p += 16) {
    v128.store(target + p, f64x2.add(v128.load(a + p), v128.load(b + p)));
  }
}

/** target = a − b, limb by limb; true when anything is left. */
export function takeLimbs(target: usize, a: usize, b: usize): bool {
  let isFull = false;
  for (let p: usize = 0; p < limbs << 4; p += 16) {
    const rest = f64x2.sub(v128.load(a + p), v128.load(b + p));
    if (v128.any_true(f64x2.ne(rest, f64x2.splat(0)))) isFull = true;
    v128.store(target + p, rest);
  }
  return isFull;
}
