/**
 * Lines whose columns are not all numbers in the order of the block: text, or columns that a header line names in another
 * order. Each column of the file has an entry in a table: what it holds, and where its values go.
 *
 *   [ kind: u8 | role: u8 | isFloat32: u8 | 1 free | bytes from row to row: u32 | first value: u32 | 4 free ]
 *
 * An open column may turn out to hold numbers or text. Its entry remembers which it was, so that the host hears of the
 * first of each in a file: it knows what the column holds in others, and refuses the other kind.
 */
import { isNumber, parseDecimal } from './decimal';
import {
  BAD_COLUMNS,
  BLANK_LINE,
  dressedNumber,
  endsLine,
  fail,
  MISSING,
  next,
  problem,
  readField,
  refusesMissing,
  setRole,
  start as startField,
} from './field';
import { configureCodes, entryOf, findText, hasCode, isQuotedText, textCode, textLength, textStart } from './text';

// Kinds and roles; the same numbers are in src/formats/csv/kernel.ts.
const NUMBER: u8 = 0;
const TEXT: u8 = 1;
const OPEN: u8 = 2;
const OPEN_NUMBER: u8 = 3;
const OPEN_TEXT: u8 = 4;
const LABEL: u8 = 1;

const ENTRY_BITS: u32 = 4;
const ROLE_AT: usize = 1;
const FLOAT32_AT: usize = 2;
const STRIDE_AT: usize = 4;
const VALUES_AT: usize = 8;

/** Reports to the host a number at [start, end), the first one of the open column, from 0, or one after text. */
@external('host', 'numberAt')
declare function numberAt(start: usize, end: usize, column: i32): void;

let table: usize = 0;
let count: i32 = 0;

/** @param codesOffset of the table of texts */
export function configureTable(tableOffset: usize, columnCount: i32, codesOffset: usize): void {
  table = tableOffset;
  count = columnCount;
  configureCodes(codesOffset);
}

/** Reads the line at `start` into row `row`; where the next one begins, or 0 with a problem. */
export function readColumns(start: usize, row: i32): usize {
  let p = start;
  for (let index = 0; index < count; index++) {
    const entry = table + (<usize>index << ENTRY_BITS);
    const kind = load<u8>(entry);
    const role = load<u8>(entry, ROLE_AT);
    let value: f64;
    if (kind == NUMBER) {
      setRole(role, index + 1);
      value = readField(p, index + 1);
    } else value = kind == TEXT ? readText(p, index, role) : readOpen(p, index, entry);
    if (problem) return 0;
    if (endsLine != (index == count - 1)) {
      fail(BAD_COLUMNS, index + 1);
      return 0;
    }
    const to = <usize>load<u32>(entry, VALUES_AT) + <usize>row * load<u32>(entry, STRIDE_AT);
    if (load<u8>(entry, FLOAT32_AT)) store<f32>(to, <f32>value);
    else store<f64>(to, value);
    p = next;
  }
  return p;
}

// --- internal ---

function readText(p: usize, index: i32, role: u8): f64 {
  startField();
  findText(p, index + 1);
  if (problem) return NaN;
  if (isBlankLine(index)) return fail(BLANK_LINE, index + 1);
  const code = textCode(entryOf(index), index);
  if (isNaN(code) && (role == LABEL || refusesMissing)) return fail(MISSING, index + 1);
  return code;
}

/** A field of a column that is not known yet: only whether it is a number, a text or missing. */
function readOpen(p: usize, index: i32, column: usize): f64 {
  startField();
  if (load<u8>(column) != OPEN_TEXT && dressedNumber(p)) return noteNumber(column, index, p, next);
  findText(p, index + 1);
  if (problem) return NaN;
  if (isBlankLine(index)) return fail(BLANK_LINE, index + 1);
  if (textLength == 0) return NaN;
  const entry = entryOf(index);
  if (hasCode(entry)) return noteText(column, textCode(entry, index));
  const value = parseDecimal(textStart, textStart + textLength);
  if (isNumber) return isNaN(value) ? NaN : noteNumber(column, index, textStart, textStart + textLength);
  return noteText(column, textCode(entry, index));
}

function noteNumber(column: usize, index: i32, start: usize, end: usize): f64 {
  if (load<u8>(column) != OPEN_NUMBER) {
    numberAt(start, end, index);
    store<u8>(column, OPEN_NUMBER);
  }
  return 0;
}

function noteText(column: usize, code: f64): f64 {
  if (isNaN(code)) return code;
  store<u8>(column, OPEN_TEXT);
  return 0;
}

@inline
function isBlankLine(index: i32): bool {
  return index == 0 && endsLine && textLength == 0 && !isQuotedText;
}
