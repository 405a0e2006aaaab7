/**
 * Plain numbers with SIMD. The end of a number and its point are found in 16 or 32 bytes in parallel, a shuffle removes
 * the point and aligns the digits to the right, and three multiply-adds make an integer of 16 of them. Source: Muła,
 * "Parsing series of integers with SIMD" (shuffles from a table, multiply-adds).
 */
import { LETTER_E, MINUS, PLUS, POINT } from '../characters';
import { scale, scaleWide } from './decimal';

/** [17 × 17 × 16] u8: lane indices for a number of `length` characters with its point at `point` (= length: none). */
const SHUFFLES_OFFSET: usize = 20480;
/** With at most 19 digits before it, such an exponent leads to neither infinity nor a power outside the table. */
const MAX_QUICK_EXPONENT: i32 = 280;

/** What `quickNumber` read. */
export let quickValue: f64 = 0;

/** Builds the table of shuffles; called once, before anything else. */
export function initializeDigits(): void {
  for (let length = 0; length <= 16; length++) {
    for (let point = 0; point <= length; point++) {
      const entry = shuffleEntry(length, point);
      let lane = 15;
      for (let char = length - 1; char >= 0; char--) {
        if (char != point) store<u8>(entry + lane--, <u8>char);
      }
      // An index outside the vector reads as 0, which is a leading zero.
      for (; lane >= 0; lane--) store<u8>(entry + lane, 0xff);
    }
  }
}

/**
 * Reads the number of up to 31 characters, besides an exponent, that starts at `p` into `quickValue`: finite, and as
 * exact as any. Returns where it stops, at a character that cannot be part of a number; 0 when it is not so simple.
 */
export function quickNumber(p: usize): usize {
  const first = v128.load(p);
  const second = v128.load(p, 16);
  const ends = stops(first) | (stops(second) << 16);
  if (!ends) return 0;
  const end = ctz(ends);
  const point = ctz(ends | equals(first, POINT) | (equals(second, POINT) << 16));
  const isNegative = <i32>(load<u8>(p) == MINUS);
  const hasPoint = <i32>(point != end);
  if (end - hasPoint <= isNegative) return 0;

  // [ sign | head … | tail: the last 16 characters ], the point in either
  const length = end - isNegative;
  const pointAt = point - isNegative;
  const headLength = max(length - 16, 0);
  const tailLength = length - headLength;
  const tailPoint = pointAt < headLength ? tailLength : pointAt - headLength;
  const tail = alignDigits(p + isNegative + headLength, tailLength, tailPoint);
  if (hasText(tail)) return 0;
  let mantissa = digitsToInteger(tail);
  if (headLength) {
    const head = alignDigits(p + isNegative, headLength, min(pointAt, headLength));
    if (hasText(head)) return 0;
    const headDigits = digitsToInteger(head);
    if (headDigits >= 1000) return 0;
    mantissa += headDigits * (tailPoint < tailLength ? 1_000_000_000_000_000 : 10_000_000_000_000_000);
  }
  let stop = p + end;
  let exponent = hasPoint ? point + 1 - end : 0;
  if ((load<u8>(stop) | 0x20) == LETTER_E) {
    const sign = load<u8>(++stop);
    if (sign == MINUS || sign == PLUS) stop++;
    const exponentStart = stop;
    let written = 0;
    let digit: u32 = 0;
    while ((digit = <u32>load<u8>(stop) - 0x30) <= 9 && written < MAX_QUICK_EXPONENT) {
      written = written * 10 + digit;
      stop++;
    }
    if (stop == exponentStart || written >= MAX_QUICK_EXPONENT) return 0;
    exponent += sign == MINUS ? -written : written;
  }
  // Above 16 digits a mantissa may lie on either side of 2^53: one way for all is cheaper than a branch that guesses.
  quickValue = withSign(headLength ? scaleWide(mantissa, exponent) : scale(mantissa, exponent), isNegative);
  return stop;
}

/** The digit values of the `length` ≤ 16 characters at `p`, right-aligned in 16 lanes, without the point. */
@inline
export function alignDigits(p: usize, length: i32, point: i32): v128 {
  return i8x16.swizzle(i8x16.sub(v128.load(p), i8x16.splat(0x30)), v128.load(shuffleEntry(length, point)));
}

/** Whether any lane is not a digit value. */
@inline
export function hasText(digits: v128): bool {
  return i8x16.bitmask(i8x16.add_sat_u(digits, i8x16.splat(0x76))) != 0;
}

/** 16 digit values, the most significant first, as one integer below 10^16. */
@inline
export function digitsToInteger(digits: v128): u64 {
  const upper = v128.and(digits, i16x8.splat(0xff));
  const pairs = i16x8.add(i16x8.mul(upper, i16x8.splat(10)), i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const packed = i16x8.narrow_i32x4_s(fours, fours);
  const eights = i64x2.extract_lane(i32x4.dot_i16x8_s(packed, i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1)), 0);
  return (<u64>eights & 0xffffffff) * 100_000_000 + (<u64>eights >> 32);
}

@inline
export function withSign(value: f64, isNegative: i32): f64 {
  return reinterpret<f64>(reinterpret<u64>(value) | (<u64>isNegative << 63));
}

// --- internal ---

@inline
function shuffleEntry(length: i32, point: i32): usize {
  return SHUFFLES_OFFSET + ((<usize>length * 17 + point) << 4);
}

/** The lanes that cannot be among a number's digits: those below the minus sign, above ASCII, and the letter e. */
@inline
function stops(chars: v128): i32 {
  const letters = i8x16.eq(v128.or(chars, i8x16.splat(0x20)), i8x16.splat(LETTER_E));
  return i8x16.bitmask(v128.or(letters, i8x16.lt_s(chars, i8x16.splat(MINUS))));
}

@inline
function equals(chars: v128, char: u8): i32 {
  return i8x16.bitmask(i8x16.eq(chars, i8x16.splat(char)));
}
