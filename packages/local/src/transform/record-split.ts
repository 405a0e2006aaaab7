/**
 * Where records end in a stream of bytes: a line with its line end (SplitType Line), or a framed RecordIO record
 * (SplitType RecordIO; of TFRecord in tf-record.ts). A quoted CSV field with a newline in it is two records, on the platform as here.
 *
 *   RecordIO, little endian:  [ magic 0xCED7230A | 3 bits cflag, 29 bits length | payload … | 0–3 bytes of padding ]
 */
import { ArgumentError } from '../errors.js';

export type SplitType = 'None' | 'Line' | 'RecordIO' | 'TFRecord';

/** Finds records in a buffer that may hold a part of the stream only. */
export interface RecordSplitter {
  /** What one record is called in messages. */
  readonly unit: 'line' | 'record';
  /**
   * The end (exclusive) of the record that starts at `start`, or -1 when the buffer ends first.
   * @param from where to continue after an earlier -1; at least `start`
   */
  endOfRecord(buffer: Buffer, start: number, from: number): number;
  /** Whether what is left at the end of the stream is a record: a line without line end is, half a frame is not. */
  readonly mayEndOpen: boolean;
  /** Whether a record holds nothing. It is sent along, but not counted. */
  isBlank(buffer: Buffer, start: number, end: number): boolean;
  /** The part that is sent when a record goes alone. */
  alone(record: Buffer): Buffer;
}

const NEWLINE = 10;

export const lineSplitter: RecordSplitter = {
  unit: 'line',
  endOfRecord: (buffer, _start, from) => buffer.indexOf(NEWLINE, from) + 1 || -1,
  mayEndOpen: true,
  isBlank(buffer, start, end) {
    for (let i = start; i < end; i++) {
      const byte = buffer[i]!;
      if (byte !== NEWLINE && byte !== 13 && byte !== 32 && byte !== 9) return false;
    }
    return true;
  },
  alone: (record) => record,
};

const RECORD_IO_MAGIC = 0xced7230a;
const RECORD_IO_HEADER_BYTES = 8;
const CONTINUES = new Set([1, 2]); // cflag: 0 whole, 1 first, 2 middle, 3 last part

export const recordIoSplitter: RecordSplitter = {
  unit: 'record',
  endOfRecord(buffer, start) {
    for (let at = start; ; ) {
      if (at + RECORD_IO_HEADER_BYTES > buffer.length) return -1;
      const { length, cflag } = readFrame(buffer, at);
      at += RECORD_IO_HEADER_BYTES + Math.ceil(length / 4) * 4;
      if (at > buffer.length) return -1;
      if (!CONTINUES.has(cflag)) return at;
    }
  },
  mayEndOpen: false,
  isBlank: () => false,
  /** "With SingleRecord the padding is stripped"; the frame's header stays. */
  alone(record) {
    const { length, cflag } = readFrame(record, 0);
    return cflag === 0 ? record.subarray(0, RECORD_IO_HEADER_BYTES + length) : record;
  },
};

// --- internal ---

function readFrame(buffer: Buffer, at: number): { readonly length: number; readonly cflag: number } {
  const magic = buffer.readUInt32LE(at);
  if (magic !== RECORD_IO_MAGIC) {
    const shown = magic.toString(16).padStart(8, '0');
    throw new ArgumentError(
      `a RecordIO record must begin with ced7230a; received ${shown}. Check that it is a RecordIO file.`,
    );
  }
  const word = buffer.readUInt32LE(at + 4);
  return { length: word & 0x1fffffff, cflag: word >>> 29 };
}
