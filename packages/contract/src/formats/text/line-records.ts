/** Lines of a body as records, for whoever reads the rows around a bad one. Blank lines are left out before. */
import type { BodyRecords, ReadRows } from '../format.js';
import { lineAfter } from './lines.js';

export interface LineRecordOptions {
  /** What messages call a record, and what they count: its rows, or the lines of the body. */
  readonly unit: 'row' | 'line';
  /** The first line is none, and is read before the records of every part. */
  readonly hasHeader?: boolean;
  /** Whether lines that begin with `#` are none. */
  readonly hasComments?: boolean;
  readonly read: (body: Uint8Array) => ReturnType<ReadRows>;
}

export function lineRecords(whole: Uint8Array, options: LineRecordOptions): BodyRecords {
  const { unit, hasHeader = false, hasComments = false, read } = options;
  const { body, numbers } = hasComments ? withoutComments(whole) : { body: whole, numbers: undefined };
  const starts = startsOf(body);
  const first = Number(hasHeader);
  const header = body.subarray(0, starts[first]);
  return {
    count: Math.max(0, starts.length - 1 - first),
    hasHeader,
    place: (record) => `request ${unit} ${numbers?.[record] ?? record + 1}`,
    read(from, to) {
      const part = body.subarray(starts[first + from], starts[first + to]);
      return read(hasHeader ? Buffer.concat([header, part]) : part);
    },
  };
}

// --- internal ---

const HASH = 0x23;

/** [lines + 1] where each line begins, and the end. */
function startsOf(body: Uint8Array): Uint32Array {
  let count = 0;
  for (let at = 0; at < body.length; count++) at = lineAfter(body, at);
  const starts = new Uint32Array(count + 1);
  for (let line = 0, at = 0; line < count; line++) {
    at = lineAfter(body, at);
    starts[line + 1] = at;
  }
  return starts;
}

/** What is left without comments, and the number of each of its lines, from 1. */
function withoutComments(whole: Uint8Array): { readonly body: Uint8Array; readonly numbers: readonly number[] } {
  const kept: Uint8Array[] = [];
  const numbers: number[] = [];
  for (let start = 0, number = 1; start < whole.length; number++) {
    const end = lineAfter(whole, start);
    const line = whole.subarray(start, end);
    if (line.find((byte) => byte !== 0x20 && byte !== 0x09) !== HASH) {
      kept.push(line);
      numbers.push(number);
    }
    start = end;
  }
  return { body: Buffer.concat(kept), numbers };
}
