/**
 * What a line that is no row may be, for the end of a message: a header line, another delimiter, another format. Only
 * what the line and the one after it show is said.
 */
import { contentHint } from '../content-hint.js';
import { lineEnd } from '../text/lines.js';
import { COMMA, delimiterName } from './delimiter.js';
import { fieldRanges, fieldsOf, fieldText, isNumber, looksLikeHeader, textOutsideQuotes } from './fields.js';

/** A bad line with what follows it in the input. */
export interface Seen {
  /** From 1. */
  readonly line: number;
  /** The line and some of what follows, as it was written. */
  readonly bytes: Uint8Array;
  readonly delimiter: number;
  /** Whether the input is a request. */
  readonly isRequest?: boolean;
}

/**
 * A sentence that begins with a blank, or nothing.
 * @param column where the field is what is wrong, not the line: from 1
 */
export function lineHint({ line, bytes, delimiter, isRequest = false }: Seen, column?: number): string {
  const end = lineEnd(bytes, 0);
  const own = bytes.subarray(0, end);
  const text = Buffer.from(own).toString('utf8');
  if (line === 1) {
    const content = contentHint(bytes);
    if (content !== '') return content;
    if (EXCEL_MARK.test(text)) return " This is Excel's mark of a delimiter: remove the line.";
  }
  if (COMMENT.test(text)) return " This looks like a comment: SageMaker's CSV has none; remove the line.";
  if (/^[^\r]*\r$/.test(text) && bytes[end] === 0x0d && bytes[end + 1] === 0x0a) {
    return ' The lines end in CR CR LF, as after writing a file in text mode twice: they must end in LF or CRLF.';
  }
  if (/\r[^\n]/.test(textOutsideQuotes(own, delimiter)))
    return ' The lines end in CR alone: they must end in LF or CRLF.';
  if (QUOTED_ROW.test(text)) {
    return ' The line is one field in quotes: remove them if it is a row, and write numbers with a decimal point.';
  }
  if (SPARSE_LINE.test(text)) return ' This looks like libsvm: its content type is text/libsvm.';
  if (BLANKS_BETWEEN.test(text)) return ' Columns must be separated by commas, not spaces.';
  if (delimiter === COMMA && text.includes(',') && /[;|\t]/.test(textOutsideQuotes(own, COMMA, column))) {
    return ' The line mixes commas with another delimiter. Use one delimiter, and a decimal point in numbers.';
  }
  return line === 1 ? headerHint({ line, bytes, delimiter, isRequest }) : '';
}

/** What to do about a first line that looks like a header line; nothing for any other. */
export function headerHint({ bytes, delimiter, isRequest = false }: Seen): string {
  const end = lineEnd(bytes, 0);
  const line = bytes.subarray(0, end);
  const start = bytes.indexOf(0x0a) + 1;
  const next = bytes.subarray(start, start + lineEnd(bytes.subarray(start), 0));
  // A quote that is never closed takes the rest of the line for its own.
  if (line.reduce((quotes, byte) => quotes + Number(byte === QUOTE), 0) % 2 === 1) return '';
  if (start === 0 || !looksLikeHeader(line, delimiter) || !isRow(next, delimiter, hasOnlyText(line, delimiter)))
    return '';
  if (fieldText(line, 1, delimiter) === '') {
    return ' This looks like a header line with an index column before it, as pandas and R write them: write the file without the index (index=False; row.names=FALSE) and give header=present in the content type.';
  }
  const batch = isRequest ? ' In a batch transform header=present needs SplitType None.' : '';
  return ` This looks like a header line: give header=present in the content type (text/csv;header=present), or remove it.${batch}`;
}

/** What the empty field at a line's end may be, where the next line ends with one too: a delimiter too many. */
export function endHint({ bytes, delimiter }: Seen): string {
  const end = lineEnd(bytes, 0);
  const start = bytes.indexOf(0x0a) + 1;
  const next = bytes.subarray(start, start + lineEnd(bytes.subarray(start), 0));
  if (start === 0 || bytes[end - 1] !== delimiter || next.at(-1) !== delimiter) return '';
  return ` The line ends with ${delimiterName(delimiter)}: remove it.`;
}

/**
 * What a field that is no number may be meant as.
 * @param mayBeMissing whether an empty field would be read
 */
export function fieldHint(text: string, mayBeMissing: boolean): string {
  if (/^(?:na|n\/a|#n\/a|<na>|null|none|nil|missing|\\n|\?|-|\.)$/i.test(text))
    return mayBeMissing
      ? ' A missing value is an empty field.'
      : ' Values must not be missing: fill it in or drop the row.';
  if (/^[+-]?\d{1,3}(?:\.\d{3})*,\d+$|^[+-]?\d+,\d+$/.test(text))
    return ' A number must have a decimal point, not a comma.';
  if (/^[+-]?\d{1,3}(?:,\d{3})+\.\d+$/.test(text)) return ' A number must have no commas between its digits.';
  if (/^(?:true|false|yes|no|y|n|t|f)$/i.test(text)) return ' Write 1 for true and 0 for false.';
  if (/^'.*'$|^[\u2018\u2019\u201c\u201d].*[\u2018\u2019\u201c\u201d]$/.test(text)) {
    return ' Only double quotes (") may enclose a field.';
  }
  if (/^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?:[T ].*)?$/.test(text))
    return ' Write dates as numbers, such as days or seconds.';
  return '';
}

// --- internal ---

const QUOTE = 0x22;
/** Not Excel's `#N/A`, a missing value, and its other errors, such as `#DIV/0!`. */
const COMMENT = /^\s*#(?!n\/a|(?:div\/0|value|ref|name|num|null)[!?])/i;
const EXCEL_MARK = /^"?sep=.?"?\s*$/i;
/** A whole row in quotes, as JSON has a text of CSV: `"1,2"`, also with its line ends as `\n`. */
const QUOTED_ROW = /^"(?:\s*[-+.\deE]+\s*[,;])+\s*[-+.\deE]+(?:\\[rn][^"]*)?"\s*$/;
const SPARSE_LINE = /^\s*[-+.\deE]+(?::[-+.\deE]+)?(?:\s+qid:\d+)?(?:\s+\d+:[-+.\deE]+)+\s*(?:#.*)?$/;
const BLANKS_BETWEEN = /^\s*[-+]?[.\d][-+.\deE]*(?:[ \t]+[-+]?[.\d][-+.\deE]*)+\s*$/;

function hasOnlyText(line: Uint8Array, delimiter: number): boolean {
  return fieldsOf(line, delimiter).every((text) => text !== '' && !isNumber(text));
}

/** Whether half of the non-empty fields of `line` are numbers. @param anyNumber whether one number is enough */
function isRow(line: Uint8Array, delimiter: number, anyNumber: boolean): boolean {
  let filled = 0;
  let numbers = 0;
  let column = 0;
  for (const _ of fieldRanges(line, delimiter)) {
    const text = fieldText(line, ++column, delimiter)!;
    if (text !== '') filled++;
    if (isNumber(text)) numbers++;
    if (column === SEEN_COLUMNS) break;
  }
  return numbers > 0 && (anyNumber || numbers * 2 >= filled);
}

/** `fieldText` goes through a line from its start. */
const SEEN_COLUMNS = 64;
