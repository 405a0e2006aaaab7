/**
 * Fields of text: where one begins and ends, and the code of its category. The host keeps the categories; a table here
 * remembers the codes of short texts, so that a text that comes again costs no call.
 */
import { CARRIAGE_RETURN, COMMA, LINE_FEED, QUOTE } from '../characters';
import { fail, OPEN_QUOTE, skipBlanks, TEXT_AFTER_QUOTE, takeSeparator } from './field';

/**
 * The code of the text in [start, start + length), NaN for one that means a missing value.
 * @param column from 0
 * @param isQuoted whether quotes in it are doubled
 */
@external('host', 'codeOf')
declare function codeOf(start: usize, length: i32, column: i32, isQuoted: bool): f64;

/** Bytes of an entry: text [32] | length and column: u64 | generation: u32 | 4 free | code: f64 | 8 free. */
const ENTRY_BITS: u32 = 6;
const LENGTH_AT: usize = 32;
const GENERATION_AT: usize = 40;
const CODE_AT: usize = 48;
const ENTRIES: u32 = 32768;
/** Longer texts always go to the host. */
const KEPT_CHARS: i32 = 32;

/** Bytes that the table takes. */
export const CODES_BYTES: usize = (<usize>ENTRIES) << ENTRY_BITS;

/** What `findText` found: the text without quotes and blanks around it. */
export let textStart: usize = 0;
export let textLength: i32 = 0;
export let isQuotedText: bool = false;

let codesOffset: usize = 0;
/** Entries of other parsers, or of files with other delimiters, do not count. */
let generation: u32 = 0;

/** @param offset of CODES_BYTES, aligned to 64 */
export function configureCodes(offset: usize): void {
  codesOffset = offset;
  generation += 1;
}

/** Finds the text of the field at `start`; sets a problem, or where the next field begins. */
export function findText(start: usize, index: i32): void {
  let p = skipBlanks(start);
  isQuotedText = load<u8>(p) == QUOTE;
  if (isQuotedText) {
    textStart = ++p;
    for (;;) {
      const char = load<u8>(p);
      if (char == LINE_FEED) {
        fail(OPEN_QUOTE, index);
        return;
      }
      if (char == QUOTE) {
        if (load<u8>(p + 1) != QUOTE) break;
        p++;
      }
      p++;
    }
    textLength = <i32>(p - textStart);
    if (!takeSeparator(skipBlanks(p + 1))) fail(TEXT_AFTER_QUOTE, index);
    return;
  }
  textStart = p;
  for (;;) {
    const chars = v128.load(p);
    const ends = i8x16.bitmask(v128.or(i8x16.eq(chars, i8x16.splat(COMMA)), i8x16.eq(chars, i8x16.splat(LINE_FEED))));
    if (ends) {
      p += ctz(ends);
      break;
    }
    p += 16;
  }
  let end = p;
  if (load<u8>(p) == LINE_FEED && p > textStart && load<u8>(p - 1) == CARRIAGE_RETURN) end--;
  takeSeparator(p);
  while (end > textStart && (load<u8>(end - 1) == 0x20 || load<u8>(end - 1) == 0x09)) end--;
  textLength = <i32>(end - textStart);
}

/** The entry of the text that `findText` found, or a free one; 0 when it is not kept here. */
export function entryOf(column: i32): usize {
  if (textLength > KEPT_CHARS) return 0;
  const length = <i8>textLength;
  const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const first = v128.and(v128.load(textStart), i8x16.lt_s(lanes, i8x16.splat(length)));
  const second = v128.and(v128.load(textStart, 16), i8x16.lt_s(lanes, i8x16.splat(length - 16)));
  const key = (<u64>column << 32) | (<u64>textLength << 1) | <u64>isQuotedText;
  let hash = (key ^ i64x2.extract_lane(first, 0)) * 0x9e3779b97f4a7c15;
  hash = (rotl<u64>(hash, 29) ^ i64x2.extract_lane(first, 1)) * 0xbf58476d1ce4e5b9;
  hash = (rotl<u64>(hash, 29) ^ i64x2.extract_lane(second, 0)) * 0x94d049bb133111eb;
  hash = (rotl<u64>(hash, 29) ^ i64x2.extract_lane(second, 1)) * 0x9e3779b97f4a7c15;
  const slot = <u32>(hash >> 40) & (ENTRIES - 1);
  const entry = codesOffset + (<usize>slot << ENTRY_BITS);
  if (isEntry(entry, first, second, key)) return entry;
  const other = codesOffset + (<usize>(slot ^ 1) << ENTRY_BITS);
  if (isEntry(other, first, second, key)) return other;
  const free = load<u32>(entry, GENERATION_AT) == generation && load<u32>(other, GENERATION_AT) != generation ? other : entry;
  v128.store(free, first);
  v128.store(free, second, 16);
  store<u64>(free, key, LENGTH_AT);
  store<u32>(free, 0, GENERATION_AT);
  return free;
}

/** Whether `entryOf` gave an entry that has its code. */
@inline
export function hasCode(entry: usize): bool {
  return entry != 0 && load<u32>(entry, GENERATION_AT) == generation;
}

/** The code of the text that `findText` found, from its entry or from the host. */
export function textCode(entry: usize, column: i32): f64 {
  if (hasCode(entry)) return load<f64>(entry, CODE_AT);
  const code = codeOf(textStart, textLength, column, isQuotedText);
  if (entry) {
    store<f64>(entry, code, CODE_AT);
    store<u32>(entry, generation, GENERATION_AT);
  }
  return code;
}

// --- internal ---

@inline
function isEntry(entry: usize, first: v128, second: v128, key: u64): bool {
  if (load<u64>(entry, LENGTH_AT) != key || load<u32>(entry, GENERATION_AT) != generation) return false;
  return i8x16.all_true(i8x16.eq(v128.load(entry), first)) && i8x16.all_true(i8x16.eq(v128.load(entry, 16), second));
}
