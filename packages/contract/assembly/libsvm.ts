/**
 * libsvm lines to numbers: whole lines of a buffer in linear memory become labels, weights, query ids and rows in
 * compressed sparse form. Numbers are read as in csv.ts, most of them in the loop over the entries; the rest go
 * through `number`, which keeps every rule.
 *
 *   label[:weight] [qid:id] index:value index:value … [# comment]
 *
 * The buffer must end with a line feed and be followed by 48 readable bytes.
 */
import { exactPower, isNumber, parseDecimal } from './csv/decimal';
import {
  alignDigits,
  digitsToInteger,
  hasText,
  initializeDigits,
  MINUS,
  POINT,
  quickNumber,
  quickValue,
  withSign,
} from './csv/digits';
import { sortEntries } from './libsvm/sort';
export { POWERS_OFFSET } from './csv/decimal';

/** First byte that the tables leave free. */
export const FREE_OFFSET: usize = 32768;

const TAB: u8 = 0x09;
const LINE_FEED: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;
const SPACE: u8 = 0x20;
const HASH: u8 = 0x23;
const COLON: u8 = 0x3a;

// What stopped `parse`; the same numbers stand in src/formats/libsvm/kernel.ts.
const OK: i32 = 0;
const FULL: i32 = 1;
const BLANK_LINE: i32 = 2;
const COMMENT_LINE: i32 = 3;
const BAD_LABEL: i32 = 4;
const BAD_WEIGHT: i32 = 5;
const WEIGHT_PRESENCE: i32 = 6;
const BAD_QUERY: i32 = 7;
const QUERY_PRESENCE: i32 = 8;
const BAD_PAIR: i32 = 9;
const BAD_INDEX: i32 = 10;
const REPEATED: i32 = 11;
const BAD_VALUE: i32 = 12;
const MISSING: i32 = 13;
const INFINITE: i32 = 14;

/** Whether rows have a weight, or a query id: the first row decides for all. */
const UNKNOWN: i32 = 0;
const ABSENT: i32 = 1;
const PRESENT: i32 = 2;

/** 2^53: beyond it, a query id would not be exact. */
const QUERY_LIMIT: u64 = 1 << 53;

/** After `parse`: rows now in the block, start of the first line not consumed, where the bad token starts. */
export let rows: i32 = 0;
export let position: usize = 0;
export let tokenAt: usize = 0;
/** After REPEATED: the column that stands twice. */
export let repeatedColumn: i32 = 0;
/** The largest column that was read, counted from 1; the caller may set it back. */
export let columns: i32 = 0;
export let weights: i32 = UNKNOWN;
export let queries: i32 = UNKNOWN;

let hasLabel: bool = false;
let indexBase: u64 = 0;
let columnLimit: u64 = 0;
let refusesMissing: bool = false;
let refusesInfinite: bool = false;

let labelsOffset: usize = 0;
let weightsOffset: usize = 0;
let queriesOffset: usize = 0;
let rowStartsOffset: usize = 0;
let indicesOffset: usize = 0;
let valuesOffset: usize = 0;
let entryLimit: u32 = 0;

/** Called once, before anything else. */
export function initialize(): void {
  initializeDigits();
}

/** Starts a pass over data of one kind; with `labels` each row begins with one, else it may and is not kept. */
export function configure(labels: bool, base: i32, limit: i32, refuseMissing: bool, refuseInfinite: bool): void {
  hasLabel = labels;
  indexBase = base;
  columnLimit = limit;
  refusesMissing = refuseMissing;
  refusesInfinite = refuseInfinite;
  columns = 0;
  weights = UNKNOWN;
  queries = UNKNOWN;
}

/** Where the block's arrays stand; `entries` is how many of them there is room for. */
export function place(
  labels: usize,
  weightsAt: usize,
  queriesAt: usize,
  rowStarts: usize,
  indices: usize,
  values: usize,
  entries: u32,
): void {
  labelsOffset = labels;
  weightsOffset = weightsAt;
  queriesOffset = queriesAt;
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
    if (!p) return problem;
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
      const ends = i8x16.bitmask(i8x16.lt_s(chars, i8x16.splat(MINUS)));
      const length = ctz(ends | 0x10000);
      const point = ctz(ends | i8x16.bitmask(i8x16.eq(chars, i8x16.splat(POINT))) | 0x10000);
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
        if (refusesInfinite && abs(value) == Infinity) return fail(INFINITE, indexAt);
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
    while (load<u8>(p) != LINE_FEED) p++;
    p++;
  }
  rows = row;
  position = p;
  return OK;
}

/** What `head` found wrong. */
let problem: i32 = OK;
/** Where the token ends that `number` read, and whether it was a number. */
let next: usize = 0;
let isValue: bool = false;

function fail(code: i32, at: usize): i32 {
  tokenAt = at;
  return code;
}

function failHead(code: i32, at: usize): usize {
  problem = fail(code, at);
  return 0;
}

/** Reads the label, the weight and the query id of the line at `p`; returns where the entries begin, or 0. */
function head(p: usize, row: i32): usize {
  let weightState = ABSENT;
  const end = tokenEnd(p);
  const colon = find(p, end, COLON);
  // A row of a request has no label: what has a colon is an entry or a query id already.
  if (hasLabel || colon == end) {
    const label = parseDecimal(p, colon);
    if (!isNumber || !(abs(label) < Infinity)) return failHead(BAD_LABEL, p);
    if (hasLabel) store<f64>(labelsOffset + (<usize>row << 3), label);
    if (colon < end) {
      const weight = parseDecimal(colon + 1, end);
      if (!isNumber || !(weight >= 0 && weight < Infinity)) return failHead(BAD_WEIGHT, p);
      store<f64>(weightsOffset + (<usize>row << 3), weight);
      weightState = PRESENT;
    }
    if (weights != weightState) {
      if (weights != UNKNOWN) return failHead(WEIGHT_PRESENCE, p);
      weights = weightState;
    }
    p = skipBlanks(end);
  }
  const isQuery = load<u32>(p) == 0x3a646971; // "qid:"
  const queryState = isQuery ? PRESENT : ABSENT;
  if (queries != queryState) {
    if (queries != UNKNOWN) return failHead(QUERY_PRESENCE, p);
    queries = queryState;
  }
  return isQuery ? query(p, row) : p;
}

function query(p: usize, row: i32): usize {
  const start = p + 4;
  let at = start;
  let id: u64 = 0;
  let digit: u32 = 0;
  while ((digit = <u32>load<u8>(at) - 0x30) <= 9) {
    id = id * 10 + digit;
    at++;
  }
  if (at == start || at - start > 16 || id > QUERY_LIMIT || !endsToken(at)) return failHead(BAD_QUERY, p);
  store<f64>(queriesOffset + (<usize>row << 3), <f64>id);
  return at;
}

/** The number that the token at `p` is; sets `isValue` and `next`. */
function number(p: usize): f64 {
  const stop = quickNumber(p);
  if (stop && endsToken(stop)) {
    next = stop;
    isValue = true;
    return quickValue;
  }
  next = tokenEnd(p);
  const value = parseDecimal(p, next);
  isValue = isNumber;
  return value;
}

function tokenEnd(p: usize): usize {
  while (!endsToken(p)) p++;
  return p;
}

function find(p: usize, end: usize, char: u8): usize {
  while (p < end && load<u8>(p) != char) p++;
  return p;
}

/** A carriage return counts only before a line feed. */
// @ts-ignore: decorator
@inline
function endsToken(p: usize): bool {
  const char = load<u8>(p);
  return char == SPACE || char == TAB || char == HASH || atLineEnd(p);
}

/** As above: whether the line ends at `p`. */
// @ts-ignore: decorator
@inline
function atLineEnd(p: usize): bool {
  const char = load<u8>(p);
  return char == LINE_FEED || (char == CARRIAGE_RETURN && load<u8>(p + 1) == LINE_FEED);
}

// @ts-ignore: decorator
@inline
function skipBlanks(p: usize): usize {
  while (load<u8>(p) == SPACE || load<u8>(p) == TAB) p++;
  return p;
}
