/**
 * Exact integer arithmetic on columns of doubles: decimal digits into limbs, products of limbs, and all pairwise dot
 * products. Every number here is an integer that a double holds exactly and every sum stays at most 2^53, so nothing is ever
 * rounded, and a fused and an unfused multiply-add give the same bits.
 *
 *   column of integers N_r = limb0_r + limb1_r · 2^25 + limb2_r · 2^50 + …   |limb| <= 2^24, the top one <= 2^25.5
 *   a limb is an array of ROWS doubles; the limbs of all columns follow each other, STRIDE bytes apart
 */

/** Rows of a chunk: 3 + 3 limb arrays of a tile are 12 kB, so a tile's loop runs in the first-level cache. */
const ROWS: i32 = 256;
/** 2048 bytes of rows and one cache line more: a power of two would map every column to the same cache sets. */
const STRIDE: usize = 2112;
const RADIX: f64 = 33554432.0; // 2^25
const RADIX_INVERSE: f64 = 1.0 / 33554432.0;
/** Sums are kept as high · 2^26 + low. */
const SPILL: f64 = 67108864.0;
const SPILL_INVERSE: f64 = 1.0 / 67108864.0;
/** Decimals of up to 15 digits: each is the only one among them that reads as its double. */
const DIGITS15: f64 = 1e15;
/** A top limb may reach 2^25.5 (less a little for the limbs below): two of them multiply to 2^51. */
const TOP_LIMIT: f64 = 47453000.0;
/** 10^-290 … 10^290 as high + low doubles, 16 bytes a power. */
const POWER_RANGE: i32 = 290;

/** Row-major [rows × columns] at `source` into one array a column at `target`; rows up to the next even one become 0. */
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
  const end = values + ((<usize>(rows + 1) >> 1) << 4);
  const scale = f64x2.splat(power);
  const digits = f64x2.splat(DIGITS15);
  let largest = f64x2.splat(0);
  let fit = i64x2.splat(-1);
  if (limbs == 1) {
    for (let p = values, out = target; p < end; p += 16, out += 16) {
      const v = v128.load(p);
      const n = f64x2.nearest(f64x2.mul(v, scale));
      const size = f64x2.abs(n);
      const ok = v128.and(f64x2.eq(f64x2.div(n, scale), v), f64x2.le(size, digits));
      fit = v128.and(fit, ok);
      largest = f64x2.pmax(largest, size);
      v128.store(out, v128.and(n, ok));
    }
  } else {
    const radix = f64x2.splat(RADIX);
    const inverse = f64x2.splat(RADIX_INVERSE);
    for (let p = values, out = target; p < end; p += 16, out += 16) {
      const v = v128.load(p);
      let n = f64x2.nearest(f64x2.mul(v, scale));
      const size = f64x2.abs(n);
      const ok = v128.and(f64x2.eq(f64x2.div(n, scale), v), f64x2.le(size, digits));
      fit = v128.and(fit, ok);
      largest = f64x2.pmax(largest, size);
      n = v128.and(n, ok);
      const high = f64x2.nearest(f64x2.mul(n, inverse));
      v128.store(out, f64x2.sub(n, f64x2.mul(high, radix)));
      v128.store(out + STRIDE, high);
    }
  }
  if (!i64x2.all_true(fit)) return -1;
  return max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
}

/**
 * Any values: each as the shortest decimal m · 10^-k that reads as it (15, 16 or 17 digits), times 10^(places - k), into limbs.
 * @param powers   10^0 as high + low, the other powers before and after it
 * @param failures [rows] int32 out: the rows that do not fit the limbs or need the slow way; their limbs are 0
 * @returns how many rows failed
 */
export function takeWide(
  values: usize, limbs: i32, places: i32, powers: usize, target: usize, failures: usize, rows: i32,
): i32 {
  let failed = 0;
  for (let r = 0; r < rows; r++) {
    const at = <usize>r << 3;
    const out = target + at;
    for (let i = 0; i < limbs; i++) store<f64>(out + <usize>i * STRIDE, 0);
    const v = load<f64>(values + at);
    if (v == 0) continue;
    if (!readDecimal(v, places, powers) || !spread(out, limbs, places - foundPlaces)) {
      for (let i = 0; i < limbs; i++) store<f64>(out + <usize>i * STRIDE, 0);
      store<i32>(failures + (<usize>failed << 2), r);
      failed++;
    }
  }
  if (rows & 1) for (let i = 0; i < limbs; i++) store<f64>(target + (<usize>rows << 3) + <usize>i * STRIDE, 0);
  return failed;
}

/** What readDecimal found: the value is (foundHigh + foundLow) · 10^-foundPlaces. */
let foundHigh: f64 = 0;
let foundLow: f64 = 0;
let foundPlaces: i32 = 0;

/** Shortest decimal of `v` with at most `places` decimal places; false: none, or too close to call. */
function readDecimal(v: f64, places: i32, powers: usize): bool {
  const size = abs(v);
  if (!(size > 1e-270 && size < 1e270)) return false;
  // The most decimal places with which |v| has 15 digits, from the binary exponent and then by trial.
  const exponent = <i32>(reinterpret<u64>(size) >> 52) - 1023;
  let k = <i32>floor(14.9 - <f64>(exponent + 1) * 0.30102999566398119521);
  while (size * powerHigh(powers, k + 1) <= DIGITS15) k++;
  if (k >= places) return tryPlaces(v, places, powers) == 1;
  let answer = tryPlaces(v, k, powers);
  if (answer == 0) {
    // Next to a power of ten the digits' count itself is in doubt.
    if (abs(size * powerHigh(powers, k) - DIGITS15) < 2) return false;
    answer = tryPlaces(v, k + 1, powers);
    if (answer == 0 && k + 2 <= places) answer = tryPlaces(v, k + 2, powers);
  }
  return answer == 1;
}

// @ts-ignore: decorator
@inline
function powerHigh(powers: usize, k: i32): f64 {
  return load<f64>(powers + (<usize>k << 4));
}

/**
 * Whether the integer nearest to v · 10^k, taken times 10^-k, reads as v: 1 yes, 0 no, -1 too close to call.
 * v · 10^k is formed as high + low by Dekker's product, so its fraction is known to 2^-40 and better.
 */
function tryPlaces(v: f64, k: i32, powers: usize): i32 {
  const at = powers + (<usize>k << 4);
  const power = load<f64>(at);
  const high = v * power;
  const vs = v * 134217729.0;
  const v1 = vs - (vs - v);
  const v0 = v - v1;
  const ps = power * 134217729.0;
  const p1 = ps - (ps - power);
  const p0 = power - p1;
  const low = v0 * p0 - (high - v1 * p1 - v0 * p1 - v1 * p0) + v * load<f64>(at, 8);
  const whole = nearest(high);
  const rest = high - whole + low;
  let carry = nearest(rest);
  const off = abs(rest - carry);
  const bits = reinterpret<u64>(v);
  // Half the distance to the next double, in units of 10^-k.
  const half = reinterpret<f64>((bits & 0x7ff0000000000000) - (<u64>53 << 52)) * power;
  const isPowerOfTwo = (bits & 0x000fffffffffffff) == 0;
  if (off > half * (1 + 1e-9)) return 0;
  if (abs(off - 0.5) < 1e-9) {
    // Halfway between two integers. Of a value with 24 bits (float32) the product is exact, and the even one is printed.
    if (off != 0.5 || k < 0 || k > 22 || <f64>(<f32>v) != v) return -1;
    if (isOdd(whole) != isOdd(carry)) carry += rest > carry ? 1 : -1;
  }
  const sure = isPowerOfTwo ? half * 0.5 : half;
  foundHigh = whole;
  foundLow = carry;
  foundPlaces = k;
  return off < sure * (1 - 1e-9) ? 1 : -1;
}

// @ts-ignore: decorator
@inline
function isOdd(integer: f64): bool {
  return nearest(integer * 0.5) * 2 != integer;
}

/** (foundHigh + foundLow) · 10^shift into limbs; false when it does not fit. */
function spread(out: usize, limbs: i32, shift: i32): bool {
  const t2 = nearest(foundHigh * (RADIX_INVERSE * RADIX_INVERSE));
  const rest = foundHigh - t2 * (RADIX * RADIX);
  const t1 = nearest(rest * RADIX_INVERSE);
  const t0 = rest - t1 * RADIX + foundLow;
  if (limbs == 1) {
    store<f64>(out, foundHigh + foundLow);
  } else {
    store<f64>(out, t0);
    store<f64>(out + STRIDE, limbs == 2 ? t1 + t2 * RADIX : t1);
    if (limbs > 2) store<f64>(out + 2 * STRIDE, t2);
  }
  const top = out + <usize>(limbs - 1) * STRIDE;
  if (abs(load<f64>(top)) > TOP_LIMIT) return false;
  while (shift > 0) {
    let factor: f64 = 1;
    for (let i = 0; i < 7 && shift > 0; i++, shift--) factor *= 10;
    let carry: f64 = 0;
    for (let p = out; p < top; p += STRIDE) {
      const t = load<f64>(p) * factor + carry;
      carry = nearest(t * RADIX_INVERSE);
      store<f64>(p, t - carry * RADIX);
    }
    const t = load<f64>(top) * factor + carry;
    if (abs(t) > TOP_LIMIT) return false;
    store<f64>(top, t);
  }
  return true;
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

/**
 * Adds the dot products of all left limb arrays with the right ones, 3 × 3 at a time (9 sums, 3 left and 1 right value fit the 16
 * vector registers). A tile's sums go to memory before they can pass 2^53.
 * @param leftBounds  [leftTiles] largest |limb| of each three arrays; `rightBounds` likewise
 * @param firstRight  [leftTiles] int32: the right tiles before it are not wanted
 * @param sums        [leftTiles] int32 addresses: of tile 0 in that row; a tile is 9 pairs (high, low)
 */
export function accumulate(
  left: usize, leftTiles: i32, leftBounds: usize, right: usize, rightTiles: i32, rightBounds: usize,
  firstRight: usize, sums: usize, rows: i32,
): void {
  const pairs = (rows + 1) >> 1;
  for (let i = 0; i < leftTiles; i++) {
    const bound = load<f64>(leftBounds + (<usize>i << 3));
    const row = <usize>load<i32>(sums + (<usize>i << 2));
    const a = left + <usize>i * (3 * STRIDE);
    for (let j = load<i32>(firstRight + (<usize>i << 2)); j < rightTiles; j++) {
      // Two lanes of n products each: 2 n · bound · bound <= 2^53.
      const room = 4503599627370496.0 / (bound * load<f64>(rightBounds + (<usize>j << 3)));
      const step = room < <f64>ROWS ? <i32>room : ROWS;
      const b = right + <usize>j * (3 * STRIDE);
      const out = row + <usize>j * 144;
      for (let from = 0; from < pairs; from += step) {
        tile(a + (<usize>from << 4), b + (<usize>from << 4), min(step, pairs - from), out);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function spill(sum: v128, at: usize): void {
  const both = f64x2.add(sum, v128.shuffle<f64>(sum, sum, 1, 0));
  const high = f64x2.nearest(f64x2.mul(both, f64x2.splat(SPILL_INVERSE)));
  const low = f64x2.sub(both, f64x2.mul(high, f64x2.splat(SPILL)));
  v128.store(at, f64x2.add(v128.load(at), v128.shuffle<f64>(high, low, 0, 2)));
}

function tile(a: usize, b: usize, pairs: i32, out: usize): void {
  let s00 = f64x2.splat(0), s01 = s00, s02 = s00;
  let s10 = s00, s11 = s00, s12 = s00;
  let s20 = s00, s21 = s00, s22 = s00;
  const end = a + (<usize>pairs << 4);
  while (a < end) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, STRIDE);
    const a2 = v128.load(a, 2 * STRIDE);
    let y = v128.load(b);
    s00 = f64x2.relaxed_madd(a0, y, s00);
    s10 = f64x2.relaxed_madd(a1, y, s10);
    s20 = f64x2.relaxed_madd(a2, y, s20);
    y = v128.load(b, STRIDE);
    s01 = f64x2.relaxed_madd(a0, y, s01);
    s11 = f64x2.relaxed_madd(a1, y, s11);
    s21 = f64x2.relaxed_madd(a2, y, s21);
    y = v128.load(b, 2 * STRIDE);
    s02 = f64x2.relaxed_madd(a0, y, s02);
    s12 = f64x2.relaxed_madd(a1, y, s12);
    s22 = f64x2.relaxed_madd(a2, y, s22);
    a += 16;
    b += 16;
  }
  spill(s00, out);
  spill(s01, out + 16);
  spill(s02, out + 32);
  spill(s10, out + 48);
  spill(s11, out + 64);
  spill(s12, out + 80);
  spill(s20, out + 96);
  spill(s21, out + 112);
  spill(s22, out + 128);
}
