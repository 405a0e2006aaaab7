/** A Parquet file opened for reading anywhere in it, as the `hyparquet` library asks for it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { AsyncBuffer } from 'hyparquet';
import { ClientError, PlatformError } from '../../errors.js';
import type { DataSource } from '../reader.js';

/** The bytes of an open file. */
export interface ParquetFile extends AsyncBuffer {
  /** As messages name it. */
  readonly label: string;
  slice(start: number, end?: number): ArrayBuffer;
  close(): void;
}

/**
 * Opens the file of `source` and looks at its first bytes.
 * @throws ClientError E_DATA_FORMAT when it does not begin as Parquet does
 */
export function openParquet({ path, label }: DataSource): ParquetFile {
  if (path === undefined) {
    throw new ClientError('E_CHANNEL', `${label}: Parquet is read from files; received a stream.`);
  }
  const file = attempt(label, () => openSync(path, 'r'));
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  const slice = (start: number, end: number) => {
    const bytes = new Uint8Array(end - start);
    let count = 0;
    while (count < bytes.length) {
      const read = attempt(label, () => readSync(file, bytes, count, bytes.length - count, start + count));
      if (read === 0) throw new Error(`the file ends before byte ${end}`);
      count += read;
    }
    return bytes.buffer;
  };
  try {
    const byteLength = attempt(label, () => fstatSync(file).size);
    checkStart(Buffer.from(slice(0, Math.min(byteLength, MAGIC.length))), label);
    return { label, byteLength, slice: (start, end = byteLength) => slice(start, end), close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * A file whose bytes are all here.
 * @throws ClientError E_DATA_FORMAT when it does not begin as Parquet does
 */
export function parquetOfBytes(bytes: Uint8Array, label: string): ParquetFile {
  checkStart(Buffer.from(bytes.subarray(0, MAGIC.length)), label);
  const slice = (start: number, end: number = bytes.length) => {
    if (end > bytes.length) throw new Error(`the file ends before byte ${end}`);
    return new Uint8Array(bytes.subarray(start, end)).buffer;
  };
  return { label, byteLength: bytes.length, slice, close: () => {} };
}

// --- internal ---

const MAGIC = 'PAR1';

function checkStart(start: Buffer, label: string): void {
  if (start.toString('latin1') === MAGIC) return;
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const hint = isGzip ? ' This is gzip: Parquet compresses its own columns, so upload it unpacked.' : '';
  throw new ClientError(
    'E_DATA_FORMAT',
    `${label}: a Parquet file must begin with "PAR1"; received ${JSON.stringify(start.toString('latin1'))}.${hint}`,
  );
}

function attempt<T>(label: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new PlatformError('E_ENVIRONMENT', `${label} could not be read: ${String(error)}.`, { cause: error });
  }
}
