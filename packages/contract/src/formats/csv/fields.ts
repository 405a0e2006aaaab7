/**
 * A line taken apart for messages and for counting its columns: slow and only used on single lines. The kernel
 * (assembly/csv.ts) has the same rules.
 */

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** Of a field: more than a message shows. */
const SHOWN_BYTES = 164;

const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf|infinity)$/i;

/** Start and end of each field of `line`, quotes and blanks included. */
export function* fieldRanges(
  line: Uint8Array,
  delimiter = COMMA,
): Generator<readonly [start: number, end: number], void, undefined> {
  for (let start = 0; ; ) {
    let end = skipBlanks(line, start, delimiter);
    if (line[end] === QUOTE) end = quotedEnd(line, end);
    while (end < line.length && line[end] !== delimiter) end++;
    yield [start, end];
    if (end >= line.length) return;
    start = end + 1;
  }
}

/** Number of fields of `line`. */
export function countFields(line: Uint8Array, delimiter = COMMA): number {
  let count = 0;
  for (const _ of fieldRanges(line, delimiter)) count++;
  return count;
}

/** The field of `line` at `column`, from 1, as text without blanks and quotes; undefined when there is none. */
export function fieldText(line: Uint8Array, column: number, delimiter = COMMA): string | undefined {
  let index = 0;
  for (const [start, end] of fieldRanges(line, delimiter)) {
    if (++index === column) return unquote(decode(line.subarray(start, end)));
  }
  return undefined;
}

/** The fields of `line` as text without blanks around them and quotes. */
export function fieldsOf(line: Uint8Array, delimiter = COMMA): string[] {
  return Array.from(fieldRanges(line, delimiter), ([start, end]) =>
    unquote(Buffer.from(line.subarray(start, end)).toString('utf8')),
  );
}

/** The text of `line` without what is quoted and blanks around it, or that of its field at `column`, from 1. */
export function textOutsideQuotes(line: Uint8Array, delimiter: number, column?: number): string {
  const texts: string[] = [];
  let index = 0;
  for (const [start, end] of fieldRanges(line, delimiter)) {
    if (column !== undefined && ++index !== column) continue;
    const content = skipBlanks(line, start, delimiter);
    const from = line[content] === QUOTE ? quotedEnd(line, content) : start;
    texts.push(trim(Buffer.from(line.subarray(from, end)).toString('utf8')));
  }
  return texts.join(String.fromCharCode(delimiter));
}

/** What is wrong with the quotes of a field, given as it is written: one is not closed, or text follows the closing one. */
export function quoteProblem(field: Uint8Array): 'open' | 'text' | undefined {
  const start = skipBlanks(field, 0);
  if (field[start] !== QUOTE) return undefined;
  const end = quotedEnd(field, start);
  if (end === field.length && !isClosed(field, start)) return 'open';
  return skipBlanks(field, end) < field.length ? 'text' : undefined;
}

/** Whether more than half of the fields with content are text, as in a line of column names. */
export function looksLikeHeader(line: Uint8Array, delimiter = COMMA): boolean {
  let filled = 0;
  let texts = 0;
  for (const [start, end] of fieldRanges(line, delimiter)) {
    const text = unquote(decode(line.subarray(start, end)));
    if (text !== '') filled++;
    if (text !== '' && !isNumber(text)) texts++;
  }
  return texts * 2 > filled;
}

/** Whether `text` is what the reader takes for a number, NaN and infinity included. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text);
}

/** A number as it is written, without blanks, quotes and a separator around it. */
export function numberText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\s",]/g, '');
}

// --- internal ---

function decode(field: Uint8Array): string {
  return Buffer.from(field.subarray(0, SHOWN_BYTES)).toString('utf8');
}

function unquote(text: string): string {
  const bare = trim(text);
  if (bare.length < 2 || !bare.startsWith('"') || !bare.endsWith('"')) return bare;
  return trim(bare.slice(1, -1).replaceAll('""', '"'));
}

function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

function skipBlanks(line: Uint8Array, start: number, delimiter = COMMA): number {
  let at = start;
  while (line[at] === SPACE || (line[at] === TAB && delimiter !== TAB)) at++;
  return at;
}

/** Whether the text that opens at `open` has its closing quote: quotes within it are in pairs. */
function isClosed(field: Uint8Array, open: number): boolean {
  let quotes = 0;
  for (const byte of field.subarray(open)) if (byte === QUOTE) quotes++;
  return quotes % 2 === 0;
}

/** Where the quoted text that opens at `open` is closed; the end of the line when it is not. */
function quotedEnd(line: Uint8Array, open: number): number {
  for (let at = open + 1; at < line.length; at++) {
    if (line[at] !== QUOTE) continue;
    if (line[at + 1] !== QUOTE) return at + 1;
    at++;
  }
  return line.length;
}
