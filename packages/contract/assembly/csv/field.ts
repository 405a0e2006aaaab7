/**
 * One field of a line under all the rules: quotes, blanks, line ends, missing and infinite values, weights. Simple
 * numbers are read with SIMD even when blanks or quotes surround them; the rest goes character by character.
 */
import { CARRIAGE_RETURN, COMMA, LINE_FEED, QUOTE, SPACE, TAB } from '../characters';
import { isNumber, parseDecimal } from './decimal';
import { quickNumber, quickValue } from './quick';

// Problems; the same numbers are in src/formats/csv/kernel.ts.
export const OK: i32 = 0;
const BAD_NUMBER: i32 = 1;
export const BAD_COLUMNS: i32 = 2;
export const OPEN_QUOTE: i32 = 3;
export const TEXT_AFTER_QUOTE: i32 = 4;
export const BLANK_LINE: i32 = 5;
export const MISSING: i32 = 6;
const INFINITE: i32 = 7;
const BAD_WEIGHT: i32 = 8;
const OUT_OF_RANGE: i32 = 9;

/** Whether the bytes [start, end) spell a value that is missing. */
@external('host', 'isMissing')
declare function isMissing(start: usize, end: usize): bool;

/** What `readField` found besides the value: a problem, the start of the next field, whether the line ended. */
export let problem: i32 = OK;
export let next: usize = 0;
export let endsLine: bool = false;
/** The column of the problem, from 1. */
export let column: i32 = 0;

let labelCount: i32 = 0;
/** 0: none. */
let weightColumn: i32 = 0;
export let refusesMissing: bool = false;
let refusesInfinite: bool = false;
/** What finite numbers must stay below in magnitude. */
export let magnitudeLimit: f64 = Infinity;

export function configureFields(
  labels: i32,
  weight: i32,
  refuseMissing: bool,
  refuseInfinite: bool,
  limit: f64,
): void {
  labelCount = labels;
  weightColumn = weight;
  refusesMissing = refuseMissing;
  refusesInfinite = refuseInfinite;
  magnitudeLimit = limit;
}

/** Makes the column `index`, from 1, a label (1), the weight (2) or neither (0), whatever `configureFields` said. */
export function setRole(role: u8, index: i32): void {
  labelCount = role == 1 ? index : 0;
  weightColumn = role == 2 ? index : 0;
}

/** Begins a field that is not read by `readField`. */
export function start(): void {
  problem = OK;
}

/**
 * The value of the field that starts at `start`, under all the rules; sets `next` to the start of the following field,
 * `endsLine`, and `problem`.
 */
export function readField(start: usize, index: i32): f64 {
  problem = OK;
  const stop = load<u8>(start) > QUOTE ? quickNumber(start) : 0;
  const isPlain = stop && takeSeparator(stop);
  if (isPlain && index != weightColumn && abs(quickValue) < magnitudeLimit) return quickValue;
  const value = isPlain || dressedNumber(start) ? quickValue : carefulField(start, index);
  if (problem) return NaN;
  if (index == weightColumn) {
    if (!(value >= 0 && value < Infinity)) return fail(BAD_WEIGHT, index);
  } else if (isNaN(value)) {
    if (index <= labelCount || refusesMissing) return fail(MISSING, index);
  } else if (abs(value) == Infinity) {
    if (index <= labelCount || refusesInfinite) return fail(INFINITE, index);
    return value;
  }
  return abs(value) >= magnitudeLimit ? fail(OUT_OF_RANGE, index) : value;
}

/** Notes a problem of the column `index`. */
export function fail(code: i32, index: i32): f64 {
  problem = code;
  column = index;
  return NaN;
}

// --- internal ---

/** Whether a field ends at `p`; then sets `next` and `endsLine`. */
@inline
export function takeSeparator(p: usize): bool {
  const char = load<u8>(p);
  const isReturn = char == CARRIAGE_RETURN && load<u8>(p + 1) == LINE_FEED;
  endsLine = char == LINE_FEED || isReturn;
  next = p + 1 + <usize>isReturn;
  return char == COMMA || endsLine;
}

/** Reads a simple number with blanks, quotes or both around it into `quickValue`; false for anything else. */
export function dressedNumber(start: usize): bool {
  let p = skipBlanks(start);
  const isQuoted = load<u8>(p) == QUOTE;
  if (isQuoted) p = skipBlanks(p + 1);
  p = quickNumber(p);
  if (!p) return false;
  p = skipBlanks(p);
  if (isQuoted) {
    if (load<u8>(p) != QUOTE) return false;
    p = skipBlanks(p + 1);
  }
  return takeSeparator(p);
}

/** Any field, character by character. */
function carefulField(start: usize, index: i32): f64 {
  let textStart = skipBlanks(start);
  let textEnd = textStart;
  let p = textStart;
  const isQuoted = load<u8>(p) == QUOTE;
  if (isQuoted) {
    textStart = ++p;
    for (;;) {
      const char = load<u8>(p);
      // No number contains a line break, so a quote that its line does not close is an error immediately.
      if (char == LINE_FEED) return fail(OPEN_QUOTE, index);
      if (char == QUOTE) {
        // An escaped quote stays doubled here: no number holds one either way.
        if (load<u8>(p + 1) != QUOTE) break;
        p++;
      }
      p++;
    }
    textEnd = p;
    if (!takeSeparator(skipBlanks(p + 1))) return fail(TEXT_AFTER_QUOTE, index);
    textStart = skipBlanks(textStart);
  } else {
    while (load<u8>(p) != COMMA && load<u8>(p) != LINE_FEED) p++;
    textEnd = p;
    if (load<u8>(p) == LINE_FEED && p > textStart && load<u8>(p - 1) == CARRIAGE_RETURN) textEnd--;
    takeSeparator(p);
  }
  while (textEnd > textStart && isBlank(load<u8>(textEnd - 1))) textEnd--;
  if (textEnd <= textStart) {
    return endsLine && index == 1 && !isQuoted ? fail(BLANK_LINE, index) : NaN;
  }
  const value = parseDecimal(textStart, textEnd);
  if (isNumber) return value;
  return isMissing(textStart, textEnd) ? NaN : fail(BAD_NUMBER, index);
}

export function skipBlanks(p: usize): usize {
  while (isBlank(load<u8>(p))) p++;
  return p;
}

@inline
function isBlank(char: u8): bool {
  return char == SPACE || char == TAB;
}
