/**
 * CSV lines to numbers: whole lines of a buffer in linear memory become row-major labels, weights and features. A plain
 * number of up to 31 characters is read with SIMD: its end and its point are found in 16 bytes at once, a shuffle
 * removes the point and aligns the digits, and three multiply-adds make one integer of them. Anything else (quotes,
 * blanks, exponents, words, errors) goes through `readField`, which keeps every rule.
 *
 * The buffer must end with a line feed and be followed by 48 readable bytes.
 */
import { exactPower, isNumber, parseDecimal, scale } from './decimal';
export { POWERS_OFFSET } from './decimal';

/** [17 × 17 × 16] u8: lane indices for a number of `length` characters with its point at `point` (= length: none). */
const SHUFFLES_OFFSET: usize = 20480;
/** First byte that the tables leave free. */
export const FREE_OFFSET: usize = 32768;

const LINE_FEED: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;
const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const MINUS: u8 = 0x2d;

// What `parse` returns; the same numbers stand in src/formats/csv/kernel.ts.
const OK: i32 = 0;
const BAD_NUMBER: i32 = 1;
const BAD_COLUMNS: i32 = 2;
const OPEN_QUOTE: i32 = 3;
const TEXT_AFTER_QUOTE: i32 = 4;
const BLANK_LINE: i32 = 5;
const MISSING: i32 = 6;
const INFINITE: i32 = 7;
const BAD_WEIGHT: i32 = 8;

/** After `parse`: rows now in the block, start of the first line not consumed, column of the problem from 1. */
export let rows: i32 = 0;
export let position: usize = 0;
export let column: i32 = 0;

let labelCount: i32 = 0;
let weightColumn: i32 = 0;
let leadCount: i32 = 0;
let featureCount: i32 = 0;
let refusesMissing: bool = false;
let refusesInfinite: bool = false;
let labelsOffset: usize = 0;
let weightsOffset: usize = 0;
let featuresOffset: usize = 0;

// What `readField` found beside the value.
let problem: i32 = OK;
let next: usize = 0;
let endsLine: bool = false;

/** Builds the shuffle table; called once, before anything else. */
export function initialize(): void {
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

/** Sets the columns of a line (labels, weight, features), the rules for values, and where the block's arrays stand. */
export function configure(
  labels: i32,
  hasWeights: bool,
  features: i32,
  refuseMissing: bool,
  refuseInfinite: bool,
  labelsAt: usize,
  weightsAt: usize,
  featuresAt: usize,
): void {
  labelCount = labels;
  weightColumn = hasWeights ? labels + 1 : 0;
  leadCount = labels + <i32>hasWeights;
  featureCount = features;
  refusesMissing = refuseMissing;
  refusesInfinite = refuseInfinite;
  labelsOffset = labelsAt;
  weightsOffset = weightsAt;
  featuresOffset = featuresAt;
}

/** Reads lines of [start, end) into rows `row` to `rowLimit` - 1 of the block; stops before the first bad line. */
export function parse64(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  return parse<f64>(start, end, row, rowLimit);
}

/** As `parse64`, with features rounded to float32. */
export function parse32(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  return parse<f32>(start, end, row, rowLimit);
}

// --- internal ---

function parse<T extends number>(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  const featuresEnd = sizeof<T>() * featureCount;
  let out = featuresOffset + <usize>row * featuresEnd;
  let p = start;
  for (; p < end && row < rowLimit; row++) {
    rows = row;
    position = p;
    if (leadCount) {
      p = readLead(p, row);
      if (problem) return problem;
    }
    const outEnd = out + featuresEnd;
    const lastOut = outEnd - sizeof<T>();
    for (; out < outEnd; out += sizeof<T>()) {
      const separator: u8 = out == lastOut ? LINE_FEED : COMMA;
      const chars = v128.load(p);
      // A number's characters lie above the comma, whatever may follow it below; signed, so bytes from 0x80 end it too.
      const ends = i8x16.bitmask(i8x16.lt_s(chars, i8x16.splat(0x2d)));
      if (ends) {
        const end = ctz(ends);
        const point = ctz(ends | i8x16.bitmask(i8x16.eq(chars, i8x16.splat(0x2e))));
        const isNegative = <i32>(load<u8>(p) == MINUS);
        const digits = alignDigits(p + isNegative, end - isNegative, point - isNegative);
        const hasPoint = <i32>(point != end);
        const stop = load<u8>(p + end);
        if (!hasText(digits) && end - hasPoint > isNegative) {
          let after = p + end + 1;
          if (stop == separator || (stop == CARRIAGE_RETURN && separator == LINE_FEED && load<u8>(after++) == LINE_FEED)) {
            const value = <f64>(<i64>digitsToInteger(digits)) / exactPower(hasPoint ? end - point - 1 : 0);
            store<T>(out, <T>withSign(value, isNegative));
            p = after;
            continue;
          }
        }
      }
      const index = leadCount + <i32>((out + featuresEnd - outEnd) / sizeof<T>()) + 1;
      const value = readField(p, index);
      if (problem) return problem;
      if (endsLine != (separator == LINE_FEED)) {
        column = index;
        return BAD_COLUMNS;
      }
      store<T>(out, <T>value);
      p = next;
    }
  }
  rows = row;
  position = p;
  return OK;
}

/** The labels and the weight at the front of a line; returns where the features begin. */
function readLead(p: usize, row: i32): usize {
  const labels = labelsOffset + ((<usize>row * labelCount) << 3);
  for (let index = 1; index <= leadCount; index++) {
    const value = readField(p, index);
    if (problem) return 0;
    if (endsLine) {
      problem = BAD_COLUMNS;
      column = index;
      return 0;
    }
    if (index == weightColumn) store<f64>(weightsOffset + (<usize>row << 3), value);
    else store<f64>(labels + (<usize>(index - 1) << 3), value);
    p = next;
  }
  return p;
}

/**
 * The value of the field that starts at `start`, under all the rules; sets `next` to the start of the following field,
 * `endsLine`, and `problem`.
 */
function readField(start: usize, index: i32): f64 {
  problem = OK;
  const isQuick = quickField(start);
  let value = quickValue;
  if (!isQuick) {
    value = carefulField(start, index);
    if (problem) return NaN;
  }
  if (isNaN(value)) {
    if (index == weightColumn) return fail(BAD_WEIGHT, index);
    if (index <= labelCount || refusesMissing) return fail(MISSING, index);
  } else if (index == weightColumn) {
    if (!(value >= 0 && value < Infinity)) return fail(BAD_WEIGHT, index);
  } else if (abs(value) == Infinity && (index <= labelCount || refusesInfinite)) {
    return fail(INFINITE, index);
  }
  return value;
}

function fail(code: i32, index: i32): f64 {
  problem = code;
  column = index;
  return NaN;
}

let quickValue: f64 = 0;

/** Reads a plain number of up to 31 characters that a comma or a line end follows; false for anything else. */
function quickField(p: usize): bool {
  const first = v128.load(p);
  const second = v128.load(p, 16);
  const minus = i8x16.splat(0x2d);
  const ends = i8x16.bitmask(i8x16.lt_s(first, minus)) | (i8x16.bitmask(i8x16.lt_s(second, minus)) << 16);
  if (!ends) return false;
  const dot = i8x16.splat(0x2e);
  const points = i8x16.bitmask(i8x16.eq(first, dot)) | (i8x16.bitmask(i8x16.eq(second, dot)) << 16);
  const end = ctz(ends);
  const point = ctz(ends | points);
  const stop = p + end;
  const isNegative = <i32>(load<u8>(p) == MINUS);
  const hasPoint = <i32>(point != end);
  if (end - hasPoint <= isNegative) return false;

  // [ sign | head … | tail: the last 16 characters ], the point in either
  const length = end - isNegative;
  const pointAt = point - isNegative;
  const headLength = max(length - 16, 0);
  const tailLength = length - headLength;
  const tailPoint = pointAt < headLength ? tailLength : pointAt - headLength;
  const tail = alignDigits(p + isNegative + headLength, tailLength, tailPoint);
  if (hasText(tail)) return false;
  let mantissa = digitsToInteger(tail);
  if (headLength) {
    const head = alignDigits(p + isNegative, headLength, min(pointAt, headLength));
    if (hasText(head)) return false;
    const headDigits = digitsToInteger(head);
    if (headDigits >= 1000) return false;
    mantissa += headDigits * (tailPoint < tailLength ? 1_000_000_000_000_000 : 10_000_000_000_000_000);
  }
  const terminator = load<u8>(stop);
  if (terminator == COMMA) {
    endsLine = false;
    next = stop + 1;
  } else if (terminator == LINE_FEED) {
    endsLine = true;
    next = stop + 1;
  } else if (terminator == CARRIAGE_RETURN && load<u8>(stop + 1) == LINE_FEED) {
    endsLine = true;
    next = stop + 2;
  } else {
    return false;
  }
  quickValue = withSign(scale(mantissa, hasPoint ? point + 1 - end : 0), isNegative);
  return true;
}

/** Any field, character by character. */
function carefulField(start: usize, index: i32): f64 {
  let textStart = skipBlanks(start);
  let textEnd = textStart;
  let p = textStart;
  let isEscaped = false;
  const isQuoted = load<u8>(p) == QUOTE;
  if (isQuoted) {
    textStart = ++p;
    for (;;) {
      const char = load<u8>(p);
      // No number holds a line break, so that a quote which its line does not close is an error at once.
      if (char == LINE_FEED) return fail(OPEN_QUOTE, index);
      if (char == QUOTE) {
        if (load<u8>(p + 1) != QUOTE) break;
        isEscaped = true;
        p++;
      }
      p++;
    }
    textEnd = p;
    p = skipBlanks(p + 1);
    if (load<u8>(p) == CARRIAGE_RETURN && load<u8>(p + 1) == LINE_FEED) p++;
    if (load<u8>(p) != COMMA && load<u8>(p) != LINE_FEED) return fail(TEXT_AFTER_QUOTE, index);
  } else {
    while (load<u8>(p) != COMMA && load<u8>(p) != LINE_FEED) p++;
    textEnd = p;
    if (load<u8>(p) == LINE_FEED && p > textStart && load<u8>(p - 1) == CARRIAGE_RETURN) textEnd--;
  }
  endsLine = load<u8>(p) == LINE_FEED;
  next = p + 1;
  if (isQuoted) textStart = skipBlanks(textStart);
  while (textEnd > textStart && isBlank(load<u8>(textEnd - 1))) textEnd--;
  if (textEnd <= textStart) {
    return endsLine && index == 1 && !isQuoted ? fail(BLANK_LINE, index) : NaN;
  }
  const value = parseDecimal(textStart, textEnd);
  return isNumber && !isEscaped ? value : fail(BAD_NUMBER, index);
}

function skipBlanks(p: usize): usize {
  while (isBlank(load<u8>(p))) p++;
  return p;
}

// @ts-ignore: decorator
@inline
function isBlank(char: u8): bool {
  return char == 0x20 || char == 0x09;
}

// @ts-ignore: decorator
@inline
function shuffleEntry(length: i32, point: i32): usize {
  return SHUFFLES_OFFSET + ((<usize>length * 17 + point) << 4);
}

/** The digit values of the `length` ≤ 16 characters at `p`, right-aligned in 16 lanes, without the point. */
// @ts-ignore: decorator
@inline
function alignDigits(p: usize, length: i32, point: i32): v128 {
  return i8x16.swizzle(i8x16.sub(v128.load(p), i8x16.splat(0x30)), v128.load(shuffleEntry(length, point)));
}

/** Whether any lane is not a digit value. */
// @ts-ignore: decorator
@inline
function hasText(digits: v128): bool {
  return i8x16.bitmask(i8x16.add_sat_u(digits, i8x16.splat(0x76))) != 0;
}

/** 16 digit values, the most significant first, as one integer below 10^16. */
// @ts-ignore: decorator
@inline
function digitsToInteger(digits: v128): u64 {
  const upper = v128.and(digits, i16x8.splat(0xff));
  const pairs = i16x8.add(i16x8.mul(upper, i16x8.splat(10)), i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const packed = i16x8.narrow_i32x4_s(fours, fours);
  const eights = i64x2.extract_lane(i32x4.dot_i16x8_s(packed, i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1)), 0);
  return (<u64>eights & 0xffffffff) * 100_000_000 + (<u64>eights >> 32);
}

// @ts-ignore: decorator
@inline
function withSign(value: f64, isNegative: i32): f64 {
  return reinterpret<f64>(reinterpret<u64>(value) | (<u64>isNegative << 63));
}
