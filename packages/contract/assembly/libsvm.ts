/**
 * libsvm lines to numbers: whole lines of a buffer in linear memory become labels, weights, query ids and rows in
 * compressed sparse form. Numbers are read as in csv.ts, most of them in the loop over the entries; the rest go
 * through `number`, which keeps every rule.
 *
 *   label[:weight] [qid:id] index:value index:value … [# comment]
 *
 * The buffer must end with a line feed and be followed by 48 readable bytes.
 */
import { COLON, HASH, MINUS, MINUSES, POINTS } from './characters';
import { exactPower } from './csv/decimal';
import { alignDigits, digitsToInteger, hasText, withSign } from './csv/digits';
import { configureHead, head, placeHead, problem, problemAt } from './libsvm/head';
import { sortEntries } from './libsvm/sort';
import { afterLine, atLineEnd, endsToken, isValue, next, number, skipBlanks } from './libsvm/tokens';
export { POWERS_OFFSET } from './csv/decimal';
/** Called once, before anything else. */
export { initialize } from './csv/quick';
/** Whether rows have a weight, or a query id: 0 not known yet, 1 no, 2 yes. */
export { queries, weights } from './libsvm/head';

/** First byte that the tables leave free. */
export const FREE_OFFSET: usize = 32768;

// What stopped `parse`; the same numbers are in src/formats/libsvm/kernel.ts.
const OK: i32 = 0;
const FULL: i32 = 1;
const BLANK_LINE: i32 = 2;
const COMMENT_LINE: i32 = 3;
const BAD_PAIR: i32 = 9;
const BAD_INDEX: i32 = 10;
const REPEATED: i32 = 11;
const BAD_VALUE: i32 = 12;
const MISSING: i32 = 13;
const INFINITE: i32 = 14;
const OUT_OF_RANGE: i32 = 15;

/** After `parse`: rows now in the block, start of the first line not consumed, where the bad token starts. */
export let rows: i32 = 0;
export let position: usize = 0;
export let tokenAt: usize = 0;
/** After REPEATED: the column that is there twice. */
export let repeatedColumn: i32 = 0;
/** The largest column that was read, counted from 1. */
export let columns: i32 = 0;

let indexBase: u64 = 0;
let columnLimit: u64 = 0;
let refusesMissing: bool = false;
let refusesInfinite: bool = false;
/** What finite numbers must stay below in magnitude. */
let magnitudeLimit: f64 = Infinity;

let rowStartsOffset: usize = 0;
let indicesOffset: usize = 0;
let valuesOffset: usize = 0;
let entryLimit: u32 = 0;

/** Starts a pass over data of one kind; with `labels` each row begins with one, else it may and is not kept. */
export function configure(
  labels: bool,
  base: i32,
  limit: i32,
  refuseMissing: bool,
  refuseInfinite: bool,
  largest: f64,
): void {
  configureHead(labels, largest);
  indexBase = base;
  columnLimit = limit;
  refusesMissing = refuseMissing;
  refusesInfinite = refuseInfinite;
  magnitudeLimit = largest;
  columns = 0;
}

/** Where the block's arrays are; `entries` is how many of them there is room for. */
export function place(
  labels: usize,
  weightsAt: usize,
  queriesAt: usize,
  rowStarts: usize,
  indices: usize,
  values: usize,
  entries: u32,
): void {
  placeHead(labels, weightsAt, queriesAt);
  rowStartsOffset = rowStarts;
  indicesOffset = indices;
  valuesOffset = values;
  entryLimit = entries;
  store<u32>(rowStarts, 0);
}

/** Reads lines of [start, end) into rows `row` to `rowLimit` - 1 of the block; stops before the first line it cannot. */
export function parse64(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  return parse<f64>(start, end, row, rowLimit);
}

/** As `parse64`, with values rounded to float32. */
export function parse32(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  return parse<f32>(start, end, row, rowLimit);
}

// --- internal ---

function parse<T extends number>(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  let p = start;
  for (; p < end && row < rowLimit; row++) {
    rows = row;
    position = p;
    p = skipBlanks(p);
    if (atLineEnd(p)) return BLANK_LINE;
    if (load<u8>(p) == HASH) return COMMENT_LINE;
    p = head(p, row);
    if (!p) return fail(problem, problemAt);
    p = skipBlanks(p);

    const first = load<u32>(rowStartsOffset + (<usize>row << 2));
    let entry = first;
    let previous: i64 = -1;
    let isAscending = true;
    const columnsBefore = columns;
    while (!atLineEnd(p) && load<u8>(p) != HASH) {
      if (entry == entryLimit) {
        columns = columnsBefore;
        return FULL;
      }
      // index
      const indexAt = p;
      let index: u64 = 0;
      let digit: u32 = 0;
      while ((digit = <u32>load<u8>(p) - 0x30) <= 9) {
        index = index * 10 + digit;
        p++;
      }
      if (load<u8>(p) != COLON || p == indexAt) return fail(BAD_PAIR, indexAt);
      if (p - indexAt > 10 || index < indexBase || index - indexBase >= columnLimit) return fail(BAD_INDEX, indexAt);
      const column = <i64>(index - indexBase);
      isAscending = isAscending && column > previous;
      previous = column;
      columns = max(columns, <i32>column + 1);
      store<u32>(indicesOffset + (<usize>entry << 2), <u32>column);
      p++;

      // value
      let value: f64 = 0;
      const chars = v128.load(p);
      const ends = i8x16.bitmask(i8x16.lt_s(chars, v128.load(MINUSES)));
      const length = ctz(ends | 0x10000);
      const point = ctz(ends | i8x16.bitmask(i8x16.eq(chars, v128.load(POINTS))) | 0x10000);
      const hasPoint = <i32>(point != length);
      const isNegative = <i32>(load<u8>(p) == MINUS);
      const digits = alignDigits(p + isNegative, length - isNegative, point - isNegative);
      if (ends && !hasText(digits) && length - hasPoint > isNegative && endsToken(p + length)) {
        const whole = <f64>(<i64>digitsToInteger(digits)) / exactPower(hasPoint ? length - point - 1 : 0);
        value = withSign(whole, isNegative);
        p += length;
      } else {
        value = number(p);
        if (!isValue) return fail(BAD_VALUE, indexAt);
        if (refusesMissing && isNaN(value)) return fail(MISSING, indexAt);
        if (abs(value) >= magnitudeLimit) {
          if (abs(value) < Infinity) return fail(OUT_OF_RANGE, indexAt);
          if (refusesInfinite) return fail(INFINITE, indexAt);
        }
        p = next;
      }
      store<T>(valuesOffset + <usize>entry * sizeof<T>(), <T>value);
      entry++;
      p = skipBlanks(p);
    }
    if (!isAscending) {
      const repeated = sortEntries<T>(indicesOffset, valuesOffset, first, entry);
      if (repeated >= 0) {
        repeatedColumn = repeated;
        return REPEATED;
      }
    }
    store<u32>(rowStartsOffset + (<usize>(row + 1) << 2), entry);
    p = afterLine(p);
  }
  rows = row;
  position = p;
  return OK;
}

function fail(code: i32, at: usize): i32 {
  tokenAt = at;
  return code;
}
