/**
 * Records into request bodies: as many as fit (MultiRecord) or one each (SingleRecord). Bytes are never changed, so the
 * bodies put together are the file again; only blank lines at a place where they would be sent alone are left out.
 *
 *   window: [ sent | body so far: whole records … | record not seen to its end … | free ]
 *                  ^ start                        ^ packed                       ^ length
 */
import { DataError } from '../errors.js';
import { type BodyMemory, createBodyMemory } from './body-memory.js';
import type { RecordSplitter } from './record-split.js';

/** The body of one request. */
export interface Payload {
  readonly bytes: Buffer;
  /** Records in it, blank ones not counted; at least 1. */
  readonly recordCount: number;
  /** Blank ones among them. */
  readonly blankCount: number;
  /** Place of its first line or record in the file, from 1. */
  readonly first: number;
  /** Whether it begins its file: no record is before it. */
  readonly isFirst: boolean;
}

export interface RecordPacker {
  /** Takes the next bytes of the file; gives the bodies that are full. */
  push(chunk: Buffer): Payload[];
  /** The rest, at the end of the file. */
  finish(): Payload[];
}

export interface PackOptions {
  readonly splitter: RecordSplitter;
  /** Bytes of a body, at least 1. */
  readonly maxBytes: number;
  readonly isSingle: boolean;
  /** Names the file in errors. */
  readonly file: string;
  /** That of the bodies. */
  readonly memory?: BodyMemory | undefined;
}

/** @throws DataError (from push and finish) for a record above `maxBytes`, naming file and line, or half a record */
export function createPacker(options: PackOptions): RecordPacker {
  const { splitter, maxBytes, isSingle, file, memory = createBodyMemory() } = options;
  let window = Buffer.allocUnsafe(Math.min(maxBytes, 64 * 1024));
  let length = 0;
  let start = 0;
  let packed = 0;
  let searched = 0;
  let recordCount = 0;
  let blankCount = 0;
  let first = 1; // of the body
  let isFirst = true;
  let next = 1; // the record at `packed`
  let dropped = 0; // bytes of the file before the window

  const append = (chunk: Buffer) => {
    if (start > 0) {
      window.copyWithin(0, start, length);
      dropped += start;
      length -= start;
      packed -= start;
      searched -= start;
      start = 0;
    }
    if (length + chunk.length > window.length) {
      const larger = Buffer.allocUnsafe(Math.max(window.length * 2, length + chunk.length));
      window.copy(larger, 0, 0, length);
      window = larger;
    }
    length += chunk.copy(window, length);
  };

  const emit = (payloads: Payload[]) => {
    if (recordCount > 0) {
      const bytes = memory.copyOf(window.subarray(start, packed));
      payloads.push({ bytes: isSingle ? splitter.alone(bytes) : bytes, recordCount, blankCount, first, isFirst });
      isFirst = false;
    }
    start = packed;
    recordCount = 0;
    blankCount = 0;
    first = next;
  };

  const add = (end: number, payloads: Payload[]) => {
    if (end - packed > maxBytes) throw tooLong(end - packed);
    const isBlank = splitter.isBlank(window, packed, end);
    const isFull = end - start > maxBytes || (isSingle && recordCount === 1 && !isBlank);
    if (isFull) emit(payloads);
    packed = end;
    searched = end;
    next++;
    if (isBlank) blankCount++;
    else recordCount++;
  };

  /** A line is found by its number, a record by its byte. */
  const place = () => `${file} ${splitter.unit} ${next}${splitter.unit === 'line' ? '' : `, byte ${dropped + packed}`}`;

  const tooLong = (bytes: number) =>
    new DataError(
      `${place()}: a record must fit in the payload limit of ${maxBytes} bytes; this one has ${bytes} or more. Raise MaxPayloadInMB.`,
    );

  return {
    push(chunk) {
      append(chunk);
      const payloads: Payload[] = [];
      const view = window.subarray(0, length);
      for (let end = endOf(view); end !== -1; end = endOf(view)) add(end, payloads);
      searched = length;
      if (length - packed > maxBytes) throw tooLong(length - packed);
      return payloads;
    },
    finish() {
      const payloads: Payload[] = [];
      if (packed < length && !splitter.mayEndOpen) {
        throw new DataError(`${place()}: the file ends inside a record.`);
      }
      if (packed < length) add(length, payloads);
      emit(payloads);
      return payloads;
    },
  };

  function endOf(view: Buffer): number {
    try {
      return splitter.endOfRecord(view, packed, Math.max(packed, searched));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DataError(`${place()}: ${reason}`, { cause: error });
    }
  }
}
