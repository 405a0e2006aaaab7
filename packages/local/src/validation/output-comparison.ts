/**
 * Two outputs held against each other: numbers within a relative tolerance, everything else to the letter. CSV, JSON
 * Lines and JSON are taken apart so that a difference names its line and column; any other type is compared as bytes.
 */
import { mediaTypeOf } from '../media-type.js';

/** The first place where two outputs differ. */
export interface Difference {
  /** From 1; undefined for bytes. */
  readonly line?: number;
  /** Field of a CSV line from 1, or the place in a JSON document such as `predictions[3].score`. */
  readonly column?: string;
  readonly expected: string;
  readonly received: string;
}

/** What was compared, for reports. */
export interface Comparison {
  readonly difference?: Difference;
  /** Numbers compared up to the end or the first difference. */
  readonly numbers: number;
}

/**
 * @param contentType       of both, with or without parameters
 * @param relativeTolerance |a − b| ≤ tolerance × max(|a|, |b|)
 */
export function compareOutputs(
  expected: Buffer,
  received: Buffer,
  contentType: string,
  relativeTolerance: number,
): Comparison {
  const walk = createWalk(relativeTolerance);
  const type = mediaTypeOf(contentType);
  if (type === 'text/csv') return compareLines(expected, received, walk, compareCsvLine);
  if (/^application\/(jsonlines|x-jsonlines|x-ndjson)$/.test(type)) {
    return compareLines(expected, received, walk, compareJsonText);
  }
  if (type === 'application/json') return compareLines(expected, received, walk, compareJsonText, true);
  if (expected.equals(received)) return { numbers: 0 };
  const at = firstUnequalByte(expected, received);
  return {
    difference: { column: `byte ${at + 1}`, expected: bytesAt(expected, at), received: bytesAt(received, at) },
    numbers: 0,
  };
}

/** `line 3, column 2: expected 1.5; received 1.6`. */
export function describeDifference({ line, column, expected, received }: Difference): string {
  const place = [line && `line ${line}`, column && (/^\d+$/.test(column) ? `column ${column}` : column)].filter(
    Boolean,
  );
  return `${place.join(', ')}: expected ${expected}; received ${received}`;
}

// --- internal ---

interface Walk {
  numbers: number;
  isEqual(expected: number, received: number): boolean;
}

type Finding = Pick<Difference, 'column' | 'expected' | 'received'> | undefined;
type LineComparison = (expected: string, received: string, walk: Walk) => Finding;

/** A decimal literal with optional exponent. */
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const SHOWN_CHARS = 120;
const SHOWN_BYTES = 16;

function createWalk(tolerance: number): Walk {
  return {
    numbers: 0,
    isEqual(expected, received) {
      this.numbers++;
      const scale = Math.max(Math.abs(expected), Math.abs(received));
      return expected === received || Math.abs(expected - received) <= tolerance * scale;
    },
  };
}

function compareLines(
  expected: Buffer,
  received: Buffer,
  walk: Walk,
  compare: LineComparison,
  isOneDocument = false,
): Comparison {
  const wanted = isOneDocument ? splitDocument(expected) : splitLines(expected);
  const found = isOneDocument ? splitDocument(received) : splitLines(received);
  for (let i = 0; i < Math.max(wanted.length, found.length); i++) {
    const finding = compareOne(wanted[i], found[i], walk, compare);
    if (finding) return { difference: { line: i + 1, ...finding }, numbers: walk.numbers };
  }
  return { numbers: walk.numbers };
}

function compareOne(
  wanted: string | undefined,
  found: string | undefined,
  walk: Walk,
  compare: LineComparison,
): Finding {
  if (wanted === found) return compare(wanted ?? '', found ?? '', walk); // also counts the numbers
  if (wanted === undefined) return { expected: 'the end', received: shorten(found ?? '') };
  if (found === undefined) return { expected: shorten(wanted), received: 'the end' };
  return compare(wanted, found, walk);
}

/** One line feed at the very end is no line of its own. */
function splitLines(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8');
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

/** A JSON document over several lines is compared whole; a batch output of several documents line by line. */
function splitDocument(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8').trim();
  return parse(text) === undefined ? splitLines(bytes) : [text];
}

function compareCsvLine(expected: string, received: string, walk: Walk): Finding {
  const wanted = splitFields(expected);
  const found = splitFields(received);
  if (wanted.length !== found.length) {
    return {
      expected: `${wanted.length} column${wanted.length === 1 ? '' : 's'} (${shorten(expected)})`,
      received: `${found.length} (${shorten(received)})`,
    };
  }
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [wanted[i]!, found[i]!];
    const areNumbers = NUMBER.test(a.trim()) && NUMBER.test(b.trim());
    const isSame = areNumbers ? walk.isEqual(Number(a), Number(b)) : a === b;
    if (!isSame) return { column: String(i + 1), expected: shorten(a), received: shorten(b) };
  }
  return undefined;
}

/** Fields of one CSV line; quotes stay, they only protect commas here. */
function splitFields(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') isQuoted = !isQuoted;
    if (line[i] !== ',' || isQuoted) continue;
    fields.push(line.slice(start, i));
    start = i + 1;
  }
  return [...fields, line.slice(start)];
}

function compareJsonText(expected: string, received: string, walk: Walk): Finding {
  const wanted = parse(expected);
  const found = parse(received);
  if (wanted === undefined || found === undefined) {
    return expected === received ? undefined : { expected: shorten(expected), received: shorten(received) };
  }
  return compareJson(wanted.value, found.value, '', walk);
}

function compareJson(expected: unknown, received: unknown, place: string, walk: Walk): Finding {
  const differs = { column: place || 'the whole', expected: show(expected), received: show(received) };
  if (typeof expected === 'number' && typeof received === 'number') {
    return walk.isEqual(expected, received) ? undefined : differs;
  }
  if (Array.isArray(expected) && Array.isArray(received)) {
    if (expected.length !== received.length) {
      return { ...differs, expected: `${expected.length} items`, received: `${received.length} items` };
    }
    return firstFinding(expected.keys(), (i) => compareJson(expected[i], received[i], `${place}[${i}]`, walk));
  }
  if (isObject(expected) && isObject(received)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(received)]);
    return firstFinding(keys, (key) =>
      compareJson(expected[key], received[key], place ? `${place}.${key}` : key, walk),
    );
  }
  return Object.is(expected, received) ? undefined : differs;
}

function firstFinding<T>(items: Iterable<T>, find: (item: T) => Finding): Finding {
  for (const item of items) {
    const finding = find(item);
    if (finding) return finding;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`;
}

function firstUnequalByte(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return length;
}

function bytesAt(bytes: Buffer, at: number): string {
  return bytes.subarray(at, at + SHOWN_BYTES).toString('hex') || 'the end';
}
