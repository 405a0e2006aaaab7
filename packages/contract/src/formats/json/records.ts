/** The records of JSON bodies: lines, or the elements of the list of rows in a document. */
import { ClientError } from '../../errors.js';
import type { RequestRules, SplitRecords } from '../format.js';
import { lineRecords } from '../text/line-records.js';
import { byteOrderMarkLength } from '../text/lines.js';
import { readJsonBuffer, readJsonLinesBuffer } from './body.js';
import { CHAR } from './characters.js';
import { JsonScanner } from './scanner.js';

export const splitJsonLines: SplitRecords = (body, _type, rules) =>
  lineRecords(body, { unit: 'row', read: (part) => readJsonLinesBuffer(part, rules) });

/**
 * A document that is one row, or no JSON, is one record. One with several rows that are no elements of a list, or with two
 * things that are its rows, has no records: what is wrong with it is of the whole.
 */
export const splitJsonList: SplitRecords = (body, _type, rules) => {
  const elements = elementsOf(body, rules);
  if (elements === 'none') return undefined;
  if (elements === 'one') return { count: 1, place: () => 'request', read: () => readJsonBuffer(body, rules) };
  return {
    count: elements.length,
    place: (record) => `request row ${record + 1}`,
    read: (from, to) => readJsonLinesBuffer(asLines(body, elements.slice(from, to)), rules),
  };
};

// --- internal ---

type Range = readonly [start: number, end: number];

/** Members of a document that are its rows, or its row. */
const ROWS: ReadonlySet<string> = new Set(['instances', 'inputs', 'features']);

/** Where the rows of the document are; otherwise whether it is one record or has none. */
function elementsOf(body: Uint8Array, { featureCount }: RequestRules): readonly Range[] | 'one' | 'none' {
  const scanner = new JsonScanner(body, () => 'request', 'E_REQUEST_BODY');
  scanner.within(byteOrderMarkLength(body), body.length);
  try {
    const found = scanner.peek() === CHAR.openObject ? inObject(scanner, body) : listOf(scanner);
    scanner.finish();
    const first = typeof found === 'string' ? undefined : found[0];
    // Numbers in a list are one row together, unless the model has one column.
    if (first && featureCount !== 1 && !isNested(body[first[0]]!)) return 'one';
    return found;
  } catch (error) {
    if (error instanceof ClientError) return 'one';
    throw error;
  }
}

function inObject(scanner: JsonScanner, body: Uint8Array): Range[] | 'one' | 'none' {
  let found: Range[] | 'one' | 'none' | undefined;
  /** Of `values`, which have as many rows as its first number says where it has two. */
  let shape: Range[] = [];
  for (let follows = scanner.open(CHAR.openObject); follows; follows = scanner.more(CHAR.openObject)) {
    const key = scanner.key();
    const char = scanner.peek();
    const isList = char === CHAR.openList;
    if (isList && key === 'shape') shape = listOf(scanner);
    else if (ROWS.has(key) && (isList || char === CHAR.openObject)) {
      const isNone = found !== undefined || (key === 'inputs' && !isList);
      const own = key !== 'features' && isList ? listOf(scanner) : undefined;
      if (!own) scanner.skip();
      found = isNone ? 'none' : (own ?? 'one');
    } else scanner.skip();
  }
  if (found !== undefined) return found;
  const [rows, columns, ...others] = shape;
  if (!rows || !columns || others.length > 0) return 'one';
  return Number(Buffer.from(body.subarray(rows[0], rows[1])).toString('latin1')) === 1 ? 'one' : 'none';
}

function listOf(scanner: JsonScanner): Range[] {
  const ranges: Range[] = [];
  for (let follows = scanner.open(CHAR.openList); follows; follows = scanner.more(CHAR.openList)) {
    scanner.peek();
    const start = scanner.position;
    scanner.skip();
    ranges.push([start, scanner.position]);
  }
  return ranges;
}

function isNested(char: number): boolean {
  return char === CHAR.openList || char === CHAR.openObject;
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Each element on a line of its own: line breaks within it become tabs, which are blanks of JSON as they are. */
function asLines(body: Uint8Array, ranges: readonly Range[]): Uint8Array {
  const lines = Buffer.alloc(ranges.reduce((sum, [start, end]) => sum + end - start + 1, 0));
  let at = 0;
  for (const [start, end] of ranges) {
    lines.set(body.subarray(start, end), at);
    for (const stop = at + end - start; at < stop; at++) {
      if (lines[at] === LINE_FEED || lines[at] === CARRIAGE_RETURN) lines[at] = TAB;
    }
    lines[at++] = LINE_FEED;
  }
  return lines;
}
