/**
 * Numbers of 14 to 18 digits and a point, as programs write doubles, without a branch on what they are: the characters
 * that are no digits say where the number ends, two loads side by side close the gap of the point, and the product with
 * a 64-bit power of five, cut short, is rounded by the conversion to a double. One in a hundred, where what was cut might
 * decide, is scaled as any other. Source: Lemire, "Number parsing at a gigabyte per second", 2021, for negative powers
 * that lead to normal numbers.
 */
import { MINUS, POINT } from '../characters';
import { scaleWide } from './decimal';
import { digitsToInteger, textLanes, toDigits, withSign } from './digits';

/** Numbers of 16 characters have as many, if one is a sign and one the point. */
const MIN_DIGITS: i32 = 14;
/** More digits might not fit 63 bits. */
const MAX_DIGITS: i32 = 18;
/** "0." as a little-endian u16. */
const ZERO_POINT: u16 = 0x2e30;

/** [19 × 2] u64, by decimals: the upper 64 bits of 5^-decimals, and the bits of an exponent; none for 0 decimals. */
const POWERS_OFFSET: usize = 25600;
/** [6 × 2] u64, from 13 digits: the values of the last digit before the final 16, and of the first digit. */
const PLACES_OFFSET: usize = 25920;
/** 16 bytes of ones, then 32 of zeros: from `decimals` on, ones for those of the final 16 digits before the point. */
const POINT_MASKS_OFFSET: usize = 26016;
/** 16 bytes of zeros, then 32 of ones: from `digits` on, zeros for those of the final 16 that are none. */
const DIGIT_MASKS_OFFSET: usize = 26064;

/** What `longNumber` read. */
export let longValue: f64 = 0;

/** Builds the tables; called once, before anything else. */
export function initializeLong(): void {
  let divisor: u64 = 1;
  for (let decimals = 1; decimals <= MAX_DIGITS; decimals++) {
    divisor *= 5;
    let remainder: u64 = 1;
    // mantissa / 10^decimals = product × 2^(65 - leading zeros) / 2^(63 + bits of 5^decimals) / 2^decimals
    let exponent = 1023 + 65 - 63 - decimals;
    for (; remainder < divisor; remainder <<= 1) exponent--;
    let power: u64 = 0;
    for (let bit = 0; bit < 64; bit++) {
      const isSet = remainder >= divisor;
      power = (power << 1) | <u64>isSet;
      remainder = (remainder - (isSet ? divisor : 0)) << 1;
    }
    const entry = <usize>decimals << 4;
    store<u64>(entry, power, POWERS_OFFSET);
    store<u64>(entry, <u64>exponent << 52, POWERS_OFFSET + 8);
  }
  store<u64>((17 - 13) << 4, 10_000_000_000_000_000, PLACES_OFFSET);
  store<u64>((18 - 13) << 4, 10_000_000_000_000_000, PLACES_OFFSET);
  store<u64>((18 - 13) << 4, 100_000_000_000_000_000, PLACES_OFFSET + 8);
  v128.store(0, i8x16.splat(-1), POINT_MASKS_OFFSET);
  v128.store(16, i8x16.splat(-1), DIGIT_MASKS_OFFSET);
  v128.store(32, i8x16.splat(-1), DIGIT_MASKS_OFFSET);
}

/**
 * Reads the number that starts at `p` into `longValue`, rounded to nearest. Returns where it stops, at a character that
 * is no digit; 0 when it has fewer or more digits, or no point after the first.
 */
@inline
export function longNumber(p: usize): usize {
  const text = textLanes(toDigits(v128.load(p))) | (textLanes(toDigits(v128.load(p, 16))) << 16);
  const isNegative = <i32>(load<u8>(p) == MINUS);
  const marks = text ^ isNegative;
  const point = ctz(marks);
  const end = ctz(marks & (marks - 1));
  const digits = end - isNegative - 1;
  const leadingZero = <i32>(load<u16>(p + isNegative) == ZERO_POINT);
  if (load<u8>(p + point) != POINT || point == isNegative) return 0;
  if (<u32>(digits - MIN_DIGITS) > <u32>(MAX_DIGITS - MIN_DIGITS + leadingZero)) return 0;

  const stop = p + end;
  const decimals = <usize>(end - point - 1);
  const tail = v128.bitselect(v128.load(stop - 17), v128.load(stop - 16), v128.load(decimals, POINT_MASKS_OFFSET));
  const values = v128.and(toDigits(tail), v128.load(digits, DIGIT_MASKS_OFFSET));
  const places = <usize>(digits - leadingZero - 13) << 4;
  const before = <u64>load<u8>(stop - 17 - <usize>(decimals <= 16)) - 0x30;
  const first = <u64>load<u8>(p + isNegative + (leadingZero << 1)) - 0x30;
  const mantissa =
    digitsToInteger(values) +
    before * load<u64>(places, PLACES_OFFSET) +
    first * load<u64>(places, PLACES_OFFSET + 8);

  // With its first bit at 62, times the power, over 2^64. Without the lowest of four partial products, the fractions of
  // two, and what the power lacks, this is less than 3.5 too small, and never exact: no power here is a binary fraction.
  const leadingZeros = clz(mantissa);
  const normal = mantissa << (leadingZeros - 1);
  const entry = decimals << 4;
  const powerLow = <u64>load<u32>(entry, POWERS_OFFSET);
  const powerHigh = <u64>load<u32>(entry, POWERS_OFFSET + 4);
  const middle = ((normal >> 32) * powerLow >> 32) + ((normal & 0xffffffff) * powerHigh >> 32);
  const product = (normal >> 32) * powerHigh + middle;
  // It has 62 or 63 bits, so doubles, and the middles between them, are multiples of 256. As long as it is none (0 is
  // one), and the next one is out of reach, it is rounded as the true value would be.
  if (((product + 3) & 0xfc) == 0) {
    longValue = withSign(scaleWide(mantissa, -<i32>decimals), isNegative);
    return stop;
  }
  const scale = (load<u64>(entry, POWERS_OFFSET + 8) - (leadingZeros << 52)) | (<u64>isNegative << 63);
  longValue = <f64>(<i64>product) * reinterpret<f64>(scale);
  return stop;
}
