/**
 * Numbers that are short enough for SIMD, whatever ends them. The end of a number and its point are found in 32 bytes in
 * parallel.
 */
import { LETTER_E, MINUS, MINUSES, PLUS, POINTS } from '../characters';
import { scale, scaleWide } from './decimal';
import { alignDigits, digitsToInteger, hasText, initializeDigits, withSign } from './digits';
import { initializeLong, longNumber, longValue } from './long';

/** With at most 19 digits before it, such an exponent leads to neither infinity nor a power outside the table. */
const MAX_QUICK_EXPONENT: i32 = 280;

/** What `quickNumber` or `variedNumber` read. */
export let quickValue: f64 = 0;

/** Builds the tables of digits; called once, before anything else. */
export function initialize(): void {
  initializeDigits();
  initializeLong();
}

/**
 * Reads the number of up to 31 characters, besides an exponent, that starts at `p` into `quickValue`: finite, and as
 * exact as any. Returns where it stops, at a character that cannot be part of a number; 0 when it is not so simple.
 */
export function quickNumber(p: usize): usize {
  if (!i8x16.bitmask(i8x16.lt_s(v128.load(p), v128.load(MINUSES)))) {
    const stop = longNumber(p);
    // Else it has an exponent, or is no number.
    if (stop && <i8>load<u8>(stop) < <i8>MINUS) {
      quickValue = longValue;
      return stop;
    }
  }
  return variedNumber(p);
}

/** As `quickNumber`, without a way of its own for those of `longNumber`. */
export function variedNumber(p: usize): usize {
  const first = v128.load(p);
  const second = v128.load(p, 16);
  const ends = stops(first) | (stops(second) << 16);
  if (!ends) return 0;
  const end = ctz(ends);
  const point = ctz(ends | points(first) | (points(second) << 16));
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

// --- internal ---

/** The lanes that cannot be among a number's digits: those below the minus sign, above ASCII, and the letter e. */
@inline
function stops(chars: v128): i32 {
  const letters = i8x16.eq(v128.or(chars, i8x16.splat(0x20)), i8x16.splat(LETTER_E));
  return i8x16.bitmask(v128.or(letters, i8x16.lt_s(chars, v128.load(MINUSES))));
}

@inline
function points(chars: v128): i32 {
  return i8x16.bitmask(i8x16.eq(chars, v128.load(POINTS)));
}
