/** The text of a file that a person has written: UTF-8, and refused with its line where it is anything else. */
import { ArgumentError } from '../errors.js';

export interface TextFault {
  /** From 1. */
  readonly line: number;
  /** Rule and value. */
  readonly text: string;
}

/** A byte order mark is left out. @param file as messages name it @throws ArgumentError for bytes that are no UTF-8 */
export function textOf(bytes: Uint8Array, file: string): string {
  const fault = textFault(bytes);
  if (fault) throw new ArgumentError(`${file} line ${fault.line}: ${fault.text}.`);
  return new TextDecoder().decode(bytes);
}

/** Undefined where the bytes are UTF-8. A byte 0 is none of a text: other encodings have it. */
export function textFault(bytes: Uint8Array): TextFault | undefined {
  const marks = hex(bytes.subarray(0, 2));
  if (marks === 'FFFE' || marks === 'FEFF') return fault(1, 'the mark of UTF-16');
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    const at = firstBadByte(bytes.subarray(start, end));
    if (at !== undefined) return fault(line, `the byte 0x${hex(bytes.subarray(start + at, start + at + 1))}`);
    start = end + 1;
  }
  return undefined;
}

// --- internal ---

const LINE_FEED = 0x0a;

function fault(line: number, received: string): TextFault {
  return { line, text: `must be UTF-8; received ${received}. Save the file in that encoding` };
}

/** What is no UTF-8 becomes U+FFFD when it is decoded, and is longer or other bytes when that is encoded. */
function firstBadByte(line: Uint8Array): number | undefined {
  const zero = line.indexOf(0);
  if (zero >= 0) return zero;
  const decoded = Buffer.from(line).toString('utf8');
  for (let i = decoded.indexOf('\uFFFD'); i >= 0; i = decoded.indexOf('\uFFFD', i + 1)) {
    const at = Buffer.byteLength(decoded.slice(0, i));
    if (hex(line.subarray(at, at + 3)) !== 'EFBFBD') return at; // written as such it is a character like others
  }
  return undefined;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
