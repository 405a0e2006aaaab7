/** A request body in parts of whole records, read one after the other: memory holds a part and what follows its last record. */
import { ClientError } from '../../errors.js';
import { MAX_LINE_BYTES } from '../../formats/text/lines.js';
import type { Pieces } from '../pieces.js';
import type { Cutter } from './cutter.js';

/** A part is as large as this, or as its only record. */
export const PART_BYTES = 1024 * 1024;

/** Bytes of a body, in order. */
export interface BodySource {
  /** Undefined at the end. @throws where no more will come */
  next(): Promise<Uint8Array | undefined>;
  /** Nobody wants more. */
  close?(): void;
}

export interface BodyPart {
  readonly pieces: Pieces;
  /** What is before it in the body. */
  readonly recordsBefore: number;
  readonly bytesBefore: number;
  /** Whether the body ends with it. */
  readonly isLast: boolean;
}

/**
 * @param partBytes what a part has at least, unless it is the last
 * @returns what gives the next part; undefined behind the last one, or where the body is empty
 */
export function createPartReader(
  source: BodySource,
  cutter: Cutter,
  partBytes: number = PART_BYTES,
): () => Promise<BodyPart | undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** Behind the last whole record of what is held, and how many were before it in the body. */
  let cut = 0;
  let cutRecords = 0;
  let recordsBefore = 0;
  let bytesBefore = 0;
  let isEnded = false;

  const take = (bytes: number, records: number): BodyPart => {
    const [pieces, rest] = split(held, bytes);
    const part = { pieces, recordsBefore, bytesBefore, isLast: isEnded };
    held = rest;
    heldBytes -= bytes;
    cut = 0;
    recordsBefore = records;
    bytesBefore += bytes;
    return part;
  };

  return async () => {
    while (!isEnded) {
      if (heldBytes >= partBytes && cut > 0) return take(cut, cutRecords);
      if (heldBytes > MAX_LINE_BYTES) throw tooLong(cutter.records + 1);
      const bytes = await source.next();
      if (!bytes) {
        isEnded = true;
        break;
      }
      const end = cutter.see(bytes);
      if (end >= 0) {
        cut = heldBytes + end;
        cutRecords = cutter.records;
      }
      held.push(bytes);
      heldBytes += bytes.length;
    }
    return heldBytes === 0 ? undefined : take(heldBytes, cutter.records);
  };
}

// --- internal ---

function split(pieces: readonly Uint8Array[], bytes: number): [Uint8Array[], Uint8Array[]] {
  const first: Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  let at = 0;
  for (const piece of pieces) {
    const count = Math.min(piece.length, Math.max(0, bytes - at));
    if (count > 0) first.push(piece.subarray(0, count));
    if (count < piece.length) rest.push(piece.subarray(count));
    at += piece.length;
  }
  return [first, rest];
}

function tooLong(record: number): ClientError {
  return new ClientError(
    'E_REQUEST_SIZE',
    `request record ${record}: a record must have at most ${MAX_LINE_BYTES} bytes; received more. Check that the records end with line breaks.`,
  );
}
