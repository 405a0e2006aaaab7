/** Where the reading of a UBJSON file is: its next markers and bytes, and the errors of a file that is damaged or ends early. */
import { ClientError } from '@algo/contract';
import type { WordPool } from './word-pool.js';

export interface Cursor {
  readonly bytes: Buffer;
  /** Of the same bytes: Buffer's own functions take longer before they are compiled, and a model is read once. */
  readonly view: DataView;
  readonly file: string;
  at: number;
  readonly words: WordPool;
  readonly work: Work;
}

/** Counts what reading does, for tests that hold it to a constant times the bytes of the file. */
export interface Work {
  /** Values read, and entries and bytes copied. */
  steps: number;
}

/** What may stand before any marker. */
export const NO_OP = 0x4e;

export function nextMarker(cursor: Cursor): number {
  let marker = peek(cursor);
  cursor.at++;
  while (marker === NO_OP) {
    marker = peek(cursor);
    cursor.at++;
  }
  return marker;
}

export function peek(cursor: Cursor): number {
  return cursor.bytes[cursor.at] ?? cursor.view.getUint8(take(cursor, 1)); // which says that the file ends
}

export function take(cursor: Cursor, count: number): number {
  const start = cursor.at;
  if (count > cursor.bytes.length - start) {
    throw new ClientError(
      'E_MODEL',
      `${cursor.file}: the UBJSON ends early: ${count} more bytes must follow byte ${start}; received ${cursor.bytes.length - start}. Copy the file again.`,
    );
  }
  cursor.at = start + count;
  cursor.work.steps += count;
  return start;
}

/** The float64 next to it. A bigint would be made for every length of a file that XGBoost wrote. */
export function readInt64(view: DataView, at: number): number {
  return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
}

export function damaged(cursor: Cursor, expected: string): never {
  const byte = cursor.bytes[cursor.at];
  const received = byte === undefined ? 'the end of the file' : `byte 0x${byte.toString(16).padStart(2, '0')}`;
  throw new ClientError(
    'E_MODEL',
    `${cursor.file}: the UBJSON is damaged at byte ${cursor.at}: expected ${expected}; received ${received}.`,
  );
}
