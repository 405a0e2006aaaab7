/**
 * Digits with SIMD: a shuffle removes the point of a number and aligns its digits to the right, and three multiply-adds
 * make an integer of 16 of them. Source: Muła, "Parsing series of integers with SIMD" (shuffles from a table,
 * multiply-adds).
 */
import { ZEROS } from '../characters';

/** [17 × 17 × 16] u8: lane indices for a number of `length` characters with its point at `point` (= length: none). */
const SHUFFLES_OFFSET: usize = 20480;

// Vectors lie in memory, as those of characters.ts.
/** Makes all but digit values 128 or more. */
const BEYOND_DIGITS = memory.data<u8>([118, 118, 118, 118, 118, 118, 118, 118, 118, 118, 118, 118, 118, 118, 118, 118], 16);
/** (d0 + 256 d1) × 2561 has 10 d0 + d1 in its upper byte. */
const TENS = memory.data<u16>([2561, 2561, 2561, 2561, 2561, 2561, 2561, 2561], 16);
const HUNDREDS = memory.data<u16>([100, 1, 100, 1, 100, 1, 100, 1], 16);
const TEN_THOUSANDS = memory.data<u16>([10_000, 1, 10_000, 1, 10_000, 1, 10_000, 1], 16);

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

/** The digit values of the `length` ≤ 16 characters at `p`, right-aligned in 16 lanes, without the point. */
@inline
export function alignDigits(p: usize, length: i32, point: i32): v128 {
  return i8x16.swizzle(toDigits(v128.load(p)), v128.load(shuffleEntry(length, point)));
}

/** The values of characters that are digits. */
@inline
export function toDigits(chars: v128): v128 {
  return i8x16.sub(chars, v128.load(ZEROS));
}

/** A bit for each lane that is not a digit value. */
@inline
export function textLanes(digits: v128): i32 {
  return i8x16.bitmask(i8x16.add_sat_u(digits, v128.load(BEYOND_DIGITS)));
}

/** Whether any lane is not a digit value. */
@inline
export function hasText(digits: v128): bool {
  return textLanes(digits) != 0;
}

/** 16 digit values, the most significant first, as one integer below 10^16. */
@inline
export function digitsToInteger(digits: v128): u64 {
  const pairs = i16x8.shr_u(i16x8.mul(digits, v128.load(TENS)), 8);
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(HUNDREDS));
  const packed = i16x8.narrow_i32x4_s(fours, fours);
  const eights = i64x2.extract_lane(i32x4.dot_i16x8_s(packed, v128.load(TEN_THOUSANDS)), 0);
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
