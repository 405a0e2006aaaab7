/**
 * Doubles of any number of digits as limbs: each value is read as the shortest decimal that reads back as it, which is what programs
 * print. Double-double arithmetic decides all but a few values in a thousand; those it leaves to the slow way.
 */
import { DIGITS15, RADIX, RADIX_INVERSE, STRIDE, TOP_LIMIT } from './limbs';

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
    const v = load<f64>(values + at);
    const isZero = v == 0;
    if (!isZero && readDecimal(v, places, powers) && spread(out, limbs, places - foundPlaces, powers)) continue;
    for (let i = 0; i < limbs; i++) store<f64>(out + <usize>i * STRIDE, 0);
    if (isZero) continue;
    store<i32>(failures + (<usize>failed << 2), r);
    failed++;
  }
  if (rows & 1) for (let i = 0; i < limbs; i++) store<f64>(target + (<usize>rows << 3) + <usize>i * STRIDE, 0);
  return failed;
}

/** What readDecimal found: the value is (foundHigh + foundLow) · 10^-foundPlaces. */
let foundHigh: f64 = 0;
let foundLow: f64 = 0;
let foundPlaces: i32 = 0;

/** v · 10^k as an integer multiple of 2^e and a rest; see `product`. */
let productHigh: f64 = 0;
let productLow: f64 = 0;

/**
 * Shortest decimal of `v` with at most `places` decimal places; false: none, or too close to call.
 *
 * With k places |v| has 15 digits, with k + 2 it has 17. From v · 10^(k+2), known to 40 bits behind the point, come the candidates of 15, 16
 * and 17 digits; the first one closer to v than half the distance to v's neighbour double reads back as v.
 */
function readDecimal(v: f64, places: i32, powers: usize): bool {
  const size = abs(v);
  if (!(size > 1e-270 && size < 1e270)) return false;
  const exponent = <i32>(reinterpret<u64>(size) >> 52) - 1023;
  let k = <i32>floor(14.9 - <f64>(exponent + 1) * 0.30102999566398119521);
  while (size * powerHigh(powers, k + 1) <= DIGITS15) k++;
  if (k >= places) return tryPlaces(v, places, powers);

  const places17 = k + 2;
  product(v, places17, powers);
  const half = halfStep(v) * powerHigh(powers, places17);
  const m15 = nearest(productHigh * 0.01);
  // 100 m = 64 m + 4 (9 m): 9 m stays below 2^53, so each step is exact.
  const off15 = productHigh - m15 * 64 - m15 * 9 * 4 + productLow;
  let verdict = judge(v, off15, half, 50);
  if (verdict == 1) return found(m15, 0, k);
  if (verdict < 0) return false;
  // Next to a power of ten the number of digits itself is in doubt.
  if (abs(size * powerHigh(powers, k) - DIGITS15) < 2) return false;

  const tenth = nearest(productHigh * 0.1);
  // 10 m = 8 m + 2 m; the tenth of `productHigh` is off by at most one, which the rest brings in.
  const whole = productHigh - tenth * 8 - tenth * 2;
  const rest = whole + productLow;
  let step = nearest(rest * 0.1);
  const off16 = rest - step * 10;
  if (abs(off16) == 5 && half > 5.1 && isExact(v, places17) && rest - whole == productLow) {
    // Halfway between two of 16 digits: the even one is printed.
    if (isOdd(tenth) != isOdd(step)) step += off16 > 0 ? 1 : -1;
    return found(tenth, step, k + 1);
  }
  verdict = judge(v, off16, half, 5);
  if (verdict == 1) return found(tenth, step, k + 1);
  if (verdict < 0 || places17 > places) return false;

  let carry = nearest(productLow);
  const off17 = productLow - carry;
  if (abs(off17) == 0.5 && isExact(v, places17)) {
    if (isOdd(productHigh) != isOdd(carry)) carry += off17 > 0 ? 1 : -1;
  } else if (abs(abs(off17) - 0.5) < 1e-9) {
    return false;
  }
  return found(productHigh, carry, places17);
}

/** Whether productHigh + productLow is v · 10^k to the last bit (10^k is a double); powers of two have a rule of their own. */
@inline
function isExact(v: f64, k: i32): bool {
  return k >= 0 && k <= 22 && (reinterpret<u64>(v) & 0x000fffffffffffff) != 0;
}

/** Whether v is a whole number of 10^-places, with at most 15 digits. */
function tryPlaces(v: f64, places: i32, powers: usize): bool {
  product(v, places, powers);
  const whole = nearest(productHigh);
  const off = productHigh - whole + productLow;
  const half = halfStep(v) * powerHigh(powers, places);
  return judge(v, off, half, 0.5) == 1 && found(whole, 0, places);
}

/** Sets productHigh + productLow to v · 10^k, by Dekker's product: the error is below 2^-100 of it. */
@inline
function product(v: f64, k: i32, powers: usize): void {
  const at = powers + (<usize>k << 4);
  const power = load<f64>(at);
  const high = v * power;
  const vs = v * 134217729.0; // 2^27 + 1
  const v1 = vs - (vs - v);
  const v0 = v - v1;
  const ps = power * 134217729.0;
  const p1 = ps - (ps - power);
  const p0 = power - p1;
  productHigh = high;
  productLow = v0 * p0 - (high - v1 * p1 - v0 * p1 - v1 * p0) + v * load<f64>(at, 8);
}

/** Half the distance from v to the next double. */
@inline
function halfStep(v: f64): f64 {
  return reinterpret<f64>((reinterpret<u64>(v) & 0x7ff0000000000000) - (<u64>53 << 52));
}

/**
 * Whether a candidate that is `off` away reads as v, `half` being half a step of v and `tie` half a step of the candidates:
 * 1 yes, 0 no, -1 too close to call. The doubles below a power of two lie twice as close.
 */
@inline
function judge(v: f64, off: f64, half: f64, tie: f64): i32 {
  const distance = abs(off);
  if (distance > half * (1 + 1e-9)) return 0;
  const isPowerOfTwo = (reinterpret<u64>(v) & 0x000fffffffffffff) == 0;
  if (abs(distance - tie) < tie * 1e-9) return -1;
  const sure = isPowerOfTwo ? half * 0.5 : half;
  return distance < sure * (1 - 1e-9) ? 1 : -1;
}

@inline
function found(high: f64, low: f64, places: i32): bool {
  foundHigh = high;
  foundLow = low;
  foundPlaces = places;
  return true;
}

@inline
function powerHigh(powers: usize, k: i32): f64 {
  return load<f64>(powers + (<usize>k << 4));
}

@inline
function isOdd(integer: f64): bool {
  return nearest(integer * 0.5) * 2 != integer;
}

/** (foundHigh + foundLow) · 10^shift into limbs; false when it does not fit. */
function spread(out: usize, limbs: i32, shift: i32, powers: usize): bool {
  let t2 = nearest(foundHigh * (RADIX_INVERSE * RADIX_INVERSE));
  const rest = foundHigh - t2 * (RADIX * RADIX);
  let t1 = nearest(rest * RADIX_INVERSE);
  let t0 = rest - t1 * RADIX + foundLow;
  if (limbs == 3 && shift <= 7) {
    // The common case, without a way through memory.
    const factor = powerHigh(powers, shift);
    t0 *= factor;
    let carry = nearest(t0 * RADIX_INVERSE);
    store<f64>(out, t0 - carry * RADIX);
    t1 = t1 * factor + carry;
    carry = nearest(t1 * RADIX_INVERSE);
    store<f64>(out + STRIDE, t1 - carry * RADIX);
    t2 = t2 * factor + carry;
    store<f64>(out + 2 * STRIDE, t2);
    return abs(t2) <= TOP_LIMIT;
  }
  if (limbs == 1) {
    store<f64>(out, foundHigh + foundLow);
  } else {
    store<f64>(out, t0);
    store<f64>(out + STRIDE, limbs == 2 ? t1 + t2 * RADIX : t1);
    if (limbs > 2) store<f64>(out + 2 * STRIDE, t2);
    for (let i = 3; i < limbs; i++) store<f64>(out + <usize>i * STRIDE, 0);
  }
  const top = out + <usize>(limbs - 1) * STRIDE;
  if (abs(load<f64>(top)) > TOP_LIMIT) return false;
  for (; shift > 0; shift -= 7) {
    const factor = powerHigh(powers, min(shift, 7));
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
