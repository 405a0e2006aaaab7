/**
 * Where a body may be cut between records, found by its bytes alone: behind line feeds, or between the frames of RecordIO.
 * It counts records on the way, so that every part knows how many were before it.
 */
import { HEADER_BYTES, MAGIC, padded } from '../../formats/recordio/frames.js';
import { LINE_FEED } from '../../formats/text/lines.js';

export interface Cutter {
  /** Whole records in all that was seen. */
  readonly records: number;
  /** Where the last record ends that ends in these bytes, which follow the last ones; -1 where none does. */
  see(bytes: Uint8Array): number;
}

/** A line is a record, also a blank one and a comment: messages count them so. */
export function lineCutter(): Cutter {
  let records = 0;
  return {
    get records() {
      return records;
    },
    see(bytes) {
      let count = 0;
      let end = -1;
      const { length } = bytes;
      for (let i = 0; i < length; i++) {
        if (bytes[i] !== LINE_FEED) continue;
        count += 1;
        end = i + 1;
      }
      records += count;
      return end;
    },
  };
}

/** Bytes that are no frame are let through as they are: whoever reads them says what is wrong. */
export function frameCutter(): Cutter {
  const head = Buffer.alloc(HEADER_BYTES);
  let headBytes = 0;
  /** Of the frame whose head was seen. */
  let missing = 0;
  let continues = false;
  let isDamaged = false;
  let records = 0;
  return {
    get records() {
      return records;
    },
    see(bytes) {
      let end = -1;
      for (let at = 0; at < bytes.length && !isDamaged; ) {
        if (missing === 0) {
          const taken = Math.min(HEADER_BYTES - headBytes, bytes.length - at);
          head.set(bytes.subarray(at, at + taken), headBytes);
          headBytes += taken;
          at += taken;
          if (headBytes < HEADER_BYTES) break;
          headBytes = 0;
          const word = head.readUInt32LE(4);
          isDamaged = head.readUInt32LE(0) !== MAGIC;
          missing = padded(word & 0x1fffffff);
          continues = word >>> 29 === FIRST_PART || word >>> 29 === MIDDLE_PART;
        }
        const taken = Math.min(missing, bytes.length - at);
        missing -= taken;
        at += taken;
        if (missing > 0 || continues) continue;
        records += 1;
        end = at;
      }
      return isDamaged ? bytes.length : end;
    },
  };
}

// --- internal ---

const FIRST_PART = 1;
const MIDDLE_PART = 2;
