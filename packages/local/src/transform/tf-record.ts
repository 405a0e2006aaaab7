/**
 * Records of TFRecord files (SplitType TFRecord). They are sent with their frames, as TensorFlow's readers expect them. Both
 * checksums are checked, so that a damaged or foreign file is not sent. Source: TensorFlow, "TFRecord and tf.train.Example".
 *
 *   little endian:  [ 8 bytes length | 4 bytes masked CRC32C of the length | data … | 4 bytes masked CRC32C of the data ]
 */
import { ArgumentError } from '../errors.js';
import type { RecordSplitter } from './record-split.js';

const LENGTH_BYTES = 8;
const CHECKSUM_BYTES = 4;
const HEADER_BYTES = LENGTH_BYTES + CHECKSUM_BYTES;
/** In reversed bit order, as hash-wasm takes it. */
const CRC32C_POLYNOMIAL = 0x82f63b78;
const MASK_DELTA = 0xa282ead8;

export async function createTfRecordSplitter(): Promise<RecordSplitter> {
  const { createCRC32 } = await import('hash-wasm'); // 260 kB, which all else starts faster without
  const hash = await createCRC32(CRC32C_POLYNOMIAL);
  const check = (buffer: Buffer, start: number, end: number, what: string) => {
    const crc = Buffer.from(hash.init().update(buffer.subarray(start, end)).digest('binary')).readUInt32BE();
    const masked = (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
    const stored = buffer.readUInt32LE(end);
    if (stored === masked) return;
    throw new ArgumentError(
      `the checksum of a TFRecord's ${what} must be ${hex(masked)}; received ${hex(stored)}. Check that it is a whole TFRecord file, and CompressionType Gzip if it is compressed.`,
    );
  };
  return {
    unit: 'record',
    endOfRecord(buffer, start) {
      if (start + HEADER_BYTES > buffer.length) return -1;
      check(buffer, start, start + LENGTH_BYTES, 'length');
      const dataStart = start + HEADER_BYTES;
      const dataEnd = dataStart + Number(buffer.readBigUInt64LE(start));
      if (dataEnd + CHECKSUM_BYTES > buffer.length) return -1;
      check(buffer, dataStart, dataEnd, 'data');
      return dataEnd + CHECKSUM_BYTES;
    },
    mayEndOpen: false,
    isBlank: () => false,
    alone: (record) => record,
  };
}

// --- internal ---

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
