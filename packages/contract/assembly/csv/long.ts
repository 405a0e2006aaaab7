/**
 * Numbers of 16 to 18 digits and a point, as programs write doubles, without a branch on what they are: the characters
 * that are no digits say where the number ends, two loads side by side close the gap of the point, and the product with
 * a 64-bit power of five, cut short, is rounded by the conversion to a double. The two numbers in a hundred that the cut
 * might decide are left to others. Source: Lemire, "Number parsing at a gigabyte per second", 2021, simplified for
 * powers that are neither large nor whole.
 */
import { MINUS, POINT } from '../characters';
import { digitsToInteger, textLanes, toDigits } from './digits';

/** More digits might not fit 63 bits. */
const MAX_DIGITS: i32 = 18;
/** "0." as a little-endian u16. */
const ZERO_POINT: u16 = 0x2e30;

/** [19 × 2] u64, by decimals: the upper 64 bits of 5^-decimals, and the exponent's bits of a result; [0] stays 0. */
const POWERS_OFFSET: usize = 25600;
/** [4 × 2] u64, from 15 digits: the values of the last digit before the final 16, and of the first digit. */
const PLACES_OFFSET: usize = 25920;
/** 16 bytes of ones, then 32 of zeros: read from `decimals` on, ones for the lanes of final digits before the point. */
const MASKS_OFFSET: usize = 25984;

/** What `longNumber` read. */
export let longValue: f64 = 0;

/** Builds the tables; called once, before anything else. */
export function initializeLong(): void {
  let divisor: u64 = 1;
  for (let decimals = 1; decimals <= MAX_DIGITS; decimals++) {
    divisor *= 5;
    let remainder: u64 = 1;
    // The product is taken without its lower 64 bits, of a mantissa with a bit less than 64: 2^65 and the bias.
    let exponent = 65 - 63 - decimals + 1023;
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
  store<u64>(2 << 4, 10_000_000_000_000_000, PLACES_OFFSET);
  store<u64>(3 << 4, 10_000_000_000_000_000, PLACES_OFFSET);
  store<u64>(3 << 4, 100_000_000_000_000_000, PLACES_OFFSET + 8);
  v128.store(0, i8x16.splat(-1), MASKS_OFFSET);
}

/**
 * Reads the number that starts at `p` into `longValue`, rounded to nearest. Returns where it stops, at a character that
 * is no digit; 0 when it has fewer or more digits, no point, or a value too close to the middle between two doubles.
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
  if (<u32>(digits - 16) > <u32>(MAX_DIGITS - 16 + leadingZero)) return 0;

  const stop = p + end;
  const decimals = <usize>(end - point - 1);
  const tail = v128.bitselect(v128.load(stop - 17), v128.load(stop - 16), v128.load(decimals, MASKS_OFFSET));
  const places = <usize>(digits - leadingZero - 15) << 4;
  const before = <u64>load<u8>(stop - 17 - <usize>(decimals <= 16)) - 0x30;
  const first = <u64>load<u8>(p + isNegative + (leadingZero << 1)) - 0x30;
  const mantissa =
    digitsToInteger(toDigits(tail)) +
    before * load<u64>(places, PLACES_OFFSET) +
    first * load<u64>(places, PLACES_OFFSET + 8);

  // At 63 bits, times the power, over 2^64. Leaving out the lowest of four partial products, the fractions of two, and
  // what the power lacks makes this less than 3.5 too small, and never exact, as no power here is a binary fraction.
  const leadingZeros = clz(mantissa);
  const normal = mantissa << (leadingZeros - 1);
  const entry = decimals << 4;
  const powerLow = <u64>load<u32>(entry, POWERS_OFFSET);
  const powerHigh = <u64>load<u32>(entry, POWERS_OFFSET + 4);
  const middle = ((normal >> 32) * powerLow >> 32) + ((normal & 0xffffffff) * powerHigh >> 32);
  const product = (normal >> 32) * powerHigh + middle;
  // It has 62 or 63 bits: doubles, and the middles between them, are multiples of 256. As long as it is none, as 0 is,
  // and the next one is out of reach, it rounds as the true value does.
  if (((product + 3) & 0xfc) == 0) return 0;
  const scale = (load<u64>(entry, POWERS_OFFSET + 8) - (leadingZeros << 52)) | (<u64>isNegative << 63);
  longValue = <f64>(<i64>product) * reinterpret<f64>(scale);
  return stop;
}
