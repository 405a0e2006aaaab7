/**
 * Columns of doubles as columns of integers in limbs, and their products. Every number here is an integer that a double holds
 * exactly, so nothing is ever rounded.
 *
 *   column of integers N_r = limb0_r + limb1_r · 2^25 + limb2_r · 2^50 + …   |limb| <= 2^24, the top one <= 2^25.5
 *   a limb is an array of doubles, one per row; the limbs of all columns follow each other, STRIDE bytes apart
 */

/** Rows of a chunk: 3 + 3 limb arrays of a tile are 12 kB, so a tile's loop runs in the first-level cache. */
export const ROWS: i32 = 256;
/** 2048 bytes of rows and one cache line more: a power of two would map every column to the same cache sets. */
export const STRIDE: usize = 2112;
export const RADIX: f64 = 33554432.0; // 2^25
export const RADIX_INVERSE: f64 = 1.0 / 33554432.0;
/** Decimals of up to 15 digits: each is the only one among them that reads as its double. */
export const DIGITS15: f64 = 1e15;
/** A top limb may reach 2^25.5 (less a little for the limbs below): two of them multiply to 2^51. */
export const TOP_LIMIT: f64 = 47453000.0;

/** Row-major [rows × columns] at `source` into one array per column at `target`; rows up to the next even one become 0. */
export function transpose(source: usize, columns: i32, rows: i32, target: usize): void {
  const width = <usize>columns << 3;
  const pairs = rows >> 1;
  const even = columns & ~1;
  for (let p = 0; p < pairs; p++) {
    const top = source + <usize>(p << 1) * width;
    const bottom = top + width;
    let out = target + (<usize>p << 4);
    for (let c = 0; c < even; c += 2) {
      const a = v128.load(top + (<usize>c << 3));
      const b = v128.load(bottom + (<usize>c << 3));
      v128.store(out, v128.shuffle<f64>(a, b, 0, 2));
      v128.store(out + STRIDE, v128.shuffle<f64>(a, b, 1, 3));
      out += 2 * STRIDE;
    }
    if (even < columns) {
      store<f64>(out, load<f64>(top + (<usize>even << 3)));
      store<f64>(out, load<f64>(bottom + (<usize>even << 3)), 8);
    }
  }
  if (rows & 1) {
    const last = source + <usize>(rows - 1) * width;
    let out = target + (<usize>pairs << 4);
    for (let c = 0; c < columns; c++, out += STRIDE) {
      store<f64>(out, load<f64>(last + (<usize>c << 3)));
      store<f64>(out, 0, 8);
    }
  }
}

/**
 * Values that are multiples of 1 / power (power = 10^s, s in 0 … 22) and have at most 15 digits there, into one or two limbs.
 * The division proves it: it is correctly rounded, and two decimals of 15 digits never share a double.
 * @returns the largest |N|, or -1 when some value is not such a multiple (its limbs are then 0)
 */
export function takeNarrow(values: usize, limbs: i32, power: f64, target: usize, rows: i32): f64 {
  if (limbs == 1) return narrow(1, values, power, target, rows);
  return narrow(2, values, power, target, rows);
}

@inline
function narrow(limbs: i32, values: usize, power: f64, target: usize, rows: i32): f64 {
  const end = values + ((<usize>(rows + 1) >> 1) << 4);
  const scale = f64x2.splat(power);
  const digits = f64x2.splat(DIGITS15);
  const radix = f64x2.splat(RADIX);
  const inverse = f64x2.splat(RADIX_INVERSE);
  let largest = f64x2.splat(0);
  let fit = i64x2.splat(-1);
  for (let p = values, out = target; p < end; p += 16, out += 16) {
    const v = v128.load(p);
    let n = f64x2.nearest(f64x2.mul(v, scale));
    const size = f64x2.abs(n);
    const ok = v128.and(f64x2.eq(f64x2.div(n, scale), v), f64x2.le(size, digits));
    fit = v128.and(fit, ok);
    largest = f64x2.pmax(largest, size);
    n = v128.and(n, ok);
    if (limbs == 2) {
      const high = f64x2.nearest(f64x2.mul(n, inverse));
      v128.store(out + STRIDE, high);
      n = f64x2.sub(n, f64x2.mul(high, radix));
    }
    v128.store(out, n);
  }
  if (!i64x2.all_true(fit)) return -1;
  return max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
}

/**
 * Row by row a · b as limbs, carries done. A sum of products of one position stays below 2^53 as long as the shorter
 * factor has at most 12 limbs: two products with a top limb (2^49.5 each) and ten inner ones (2^48 each).
 * `limbs` must be at least aLimbs + bLimbs - 1.
 */
export function multiply(a: usize, aLimbs: i32, b: usize, bLimbs: i32, target: usize, limbs: i32, rows: i32): void {
  const end = ((<usize>(rows + 1) >> 1) << 4);
  const radix = f64x2.splat(RADIX);
  const inverse = f64x2.splat(RADIX_INVERSE);
  for (let at: usize = 0; at < end; at += 16) {
    let carry = f64x2.splat(0);
    for (let p = 0; p < limbs; p++) {
      let sum = carry;
      const first = max(0, p - bLimbs + 1);
      const last = min(p, aLimbs - 1);
      for (let i = first; i <= last; i++) {
        const x = v128.load(a + at + <usize>i * STRIDE);
        const y = v128.load(b + at + <usize>(p - i) * STRIDE);
        sum = f64x2.add(sum, f64x2.mul(x, y));
      }
      if (p + 1 < limbs) {
        carry = f64x2.nearest(f64x2.mul(sum, inverse));
        sum = f64x2.sub(sum, f64x2.mul(carry, radix));
      }
      v128.store(target + at + <usize>p * STRIDE, sum);
    }
  }
}
