/**
 * CSV lines to numbers: whole lines of a buffer in linear memory become row-major labels, weights and features. A plain
 * number of up to 15 characters, or of up to 18 digits with a point, is read right in the loop over the columns (digits.ts
 * and long.ts say how); any other field goes through `readField`, which keeps every rule.
 *
 * The buffer must end with a line feed and be followed by 48 readable bytes.
 */
import { CARRIAGE_RETURN, COMMA, LINE_FEED, MINUS, MINUSES, POINTS } from './characters';
import { configureTable, readColumns } from './csv/columns';
import { exactPower } from './csv/decimal';
import { alignDigits, digitsToInteger, hasText, withSign } from './csv/digits';
import {
  BAD_COLUMNS,
  configureFields,
  endsLine,
  fail,
  magnitudeLimit,
  next,
  OK,
  problem,
  readField,
} from './csv/field';
import { longNumber, longValue } from './csv/long';
import { quickValue, variedNumber } from './csv/quick';
export { parseDecimal, POWERS_OFFSET } from './csv/decimal';
/** Called once, before anything else. */
export { initialize } from './csv/quick';
/** After `parse`: the column of the problem, from 1. */
export { column } from './csv/field';
export { CODES_BYTES } from './csv/text';

/** First byte that the tables leave free. */
export const FREE_OFFSET: usize = 32768;

/** After `parse`: rows now in the block, start of the first line not consumed. */
export let rows: i32 = 0;
export let position: usize = 0;

let labelCount: i32 = 0;
let hasWeight: bool = false;
let featureCount: i32 = 0;
let labelsOffset: usize = 0;
let weightsOffset: usize = 0;
let featuresOffset: usize = 0;

/** Sets the columns of a line (labels, weight, features), the rules for values, and where the block's arrays are. */
export function configure(
  labels: i32,
  hasWeights: bool,
  features: i32,
  refuseMissing: bool,
  refuseInfinite: bool,
  limit: f64,
  labelsAt: usize,
  weightsAt: usize,
  featuresAt: usize,
): void {
  labelCount = labels;
  hasWeight = hasWeights;
  featureCount = features;
  labelsOffset = labelsAt;
  weightsOffset = weightsAt;
  featuresOffset = featuresAt;
  configureFields(labels, hasWeights ? labels + 1 : 0, refuseMissing, refuseInfinite, limit);
}

/** Reads lines of [start, end) into rows `row` to `rowLimit` - 1 of the block; stops before the first bad line. */
export function parse64(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  return parse<f64>(start, end, row, rowLimit);
}

/** As `parse64`, with features rounded to float32. */
export function parse32(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  return parse<f32>(start, end, row, rowLimit);
}

/**
 * Sets a table of the columns (csv/columns.ts) for `parseColumns`, called after `configure`.
 * @param codesOffset of CODES_BYTES, aligned to 64
 */
export function configureColumns(tableOffset: usize, columnCount: i32, codesOffset: usize): void {
  configureTable(tableOffset, columnCount, codesOffset);
}

/** As `parse64`, by the table of columns. */
export function parseColumns(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  let p = start;
  for (; p < end && row < rowLimit; row++) {
    rows = row;
    position = p;
    p = readColumns(p, row);
    if (!p) return problem;
  }
  rows = row;
  position = p;
  return OK;
}

// --- internal ---

function parse<T extends number>(start: usize, end: usize, row: i32, rowLimit: i32): i32 {
  const leadCount = labelCount + <i32>hasWeight;
  const rowBytes = sizeof<T>() * featureCount;
  let out = featuresOffset + <usize>row * rowBytes;
  let p = start;
  for (; p < end && row < rowLimit; row++) {
    rows = row;
    position = p;
    if (leadCount) {
      p = readLead(p, row, leadCount);
      if (problem) return problem;
    }
    const outEnd = out + rowBytes;
    const lastOut = outEnd - sizeof<T>();
    for (; out < outEnd; out += sizeof<T>()) {
      const separator: u8 = out == lastOut ? LINE_FEED : COMMA;
      const chars = v128.load(p);
      // A number's characters lie above the comma; compared as signed, so that bytes from 0x80 end it too.
      const ends = i8x16.bitmask(i8x16.lt_s(chars, v128.load(MINUSES)));
      if (ends) {
        const length = ctz(ends);
        const point = ctz(ends | i8x16.bitmask(i8x16.eq(chars, v128.load(POINTS))));
        const hasPoint = <i32>(point != length);
        const isNegative = <i32>(load<u8>(p) == MINUS);
        const digits = alignDigits(p + isNegative, length - isNegative, point - isNegative);
        if (!hasText(digits) && length - hasPoint > isNegative) {
          const stop = load<u8>(p + length);
          let after = p + length + 1;
          if (stop == separator || (stop == CARRIAGE_RETURN && separator == LINE_FEED && load<u8>(after++) == LINE_FEED)) {
            const value = <f64>(<i64>digitsToInteger(digits)) / exactPower(hasPoint ? length - point - 1 : 0);
            store<T>(out, <T>withSign(value, isNegative));
            p = after;
            continue;
          }
        }
      } else {
        const long = longNumber(p);
        if (long && load<u8>(long) == separator) {
          store<T>(out, <T>longValue);
          p = long + 1;
          continue;
        }
        const stop = variedNumber(p);
        if (stop && load<u8>(stop) == separator && abs(quickValue) < magnitudeLimit) {
          store<T>(out, <T>quickValue);
          p = stop + 1;
          continue;
        }
      }
      const index = leadCount + <i32>((out + rowBytes - outEnd) / sizeof<T>()) + 1;
      const value = readField(p, index);
      if (problem) return problem;
      if (endsLine != (separator == LINE_FEED)) {
        fail(BAD_COLUMNS, index);
        return problem;
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
function readLead(p: usize, row: i32, leadCount: i32): usize {
  const labels = labelsOffset + ((<usize>row * labelCount) << 3);
  for (let index = 1; index <= leadCount; index++) {
    const value = readField(p, index);
    if (problem) return 0;
    if (endsLine) {
      fail(BAD_COLUMNS, index);
      return 0;
    }
    if (index <= labelCount) store<f64>(labels + (<usize>(index - 1) << 3), value);
    else store<f64>(weightsOffset + (<usize>row << 3), value);
    p = next;
  }
  return p;
}
