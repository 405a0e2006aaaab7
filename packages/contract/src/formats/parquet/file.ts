/** A Parquet file opened for reading anywhere in it, with a budget for the work that its bytes may make. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AlgorithmError, ClientError, messageOf, PlatformError } from '../../errors.js';
import type { DataSource } from '../reader.js';
import { type Budget, createBudget } from './budget.js';
import { describeStart } from './other-files.js';

/** How a file begins and ends. */
export const MAGIC = 'PAR1';
/** Enough bytes to recognize other kinds of files. */
export const START_BYTES = 64;

type ParquetSource = Pick<DataSource, 'path' | 'descriptor' | 'label'>;

/** The bytes of an open file. */
export interface ParquetFile {
  /** As messages name it. */
  readonly label: string;
  readonly byteLength: number;
  readonly budget: Budget;
  /**
   * The bytes [start, end), not to be written to.
   * @param memory that they may be put into, if it is long enough
   * @throws Error when they are not all there
   */
  slice(start: number, end: number, memory?: Uint8Array): Uint8Array;
  close(): void;
}

/**
 * What a byte of a file may cost. A column of one value in all rows takes no more than a hundred bytes for a page of a
 * million rows: so training data gets room for that, a request for what calls are made of.
 */
const PER_BYTE = { file: 2 ** 22, request: 2 ** 16 } as const;

/**
 * Opens the file of `source` and looks at its first bytes.
 * @throws ClientError E_DATA_FORMAT when it does not begin as Parquet does
 */
export function openParquet({ path, descriptor, label }: ParquetSource): ParquetFile {
  if (path === undefined && descriptor === undefined) {
    throw new AlgorithmError('E_ALGORITHM', `${label}: Parquet is read from files; received a stream.`);
  }
  const file = descriptor ?? attempt(label, () => openSync(path!, 'r'));
  let isOpen = descriptor === undefined;
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  const slice = (start: number, end: number, memory?: Uint8Array) => {
    const size = end - start;
    const bytes = memory && memory.length >= size ? memory.subarray(0, size) : new Uint8Array(size);
    let count = 0;
    while (count < bytes.length) {
      const read = attempt(label, () => readSync(file, bytes, count, bytes.length - count, start + count));
      if (read === 0) throw new Error(`the file ends before byte ${end}`);
      count += read;
    }
    return bytes;
  };
  try {
    const byteLength = attempt(label, () => fstatSync(file).size);
    checkStart(slice(0, Math.min(byteLength, START_BYTES)), label);
    return { label, byteLength, budget: createBudget(byteLength, PER_BYTE.file), slice, close };
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
  checkStart(bytes.subarray(0, START_BYTES), label);
  const slice = (start: number, end: number) => {
    if (end > bytes.length) throw new Error(`the file ends before byte ${end}`);
    return bytes.subarray(start, end);
  };
  const byteLength = bytes.length;
  return { label, byteLength, budget: createBudget(byteLength, PER_BYTE.request), slice, close: () => {} };
}

/** @throws ClientError E_DATA_FORMAT for the start of another kind of file, which it names */
export function checkStart(start: Uint8Array, label: string): void {
  const text = Buffer.from(start.subarray(0, MAGIC.length)).toString('latin1');
  if (text === MAGIC) return;
  throw new ClientError(
    'E_DATA_FORMAT',
    `${label}: a Parquet file must begin with "PAR1"; received ${JSON.stringify(text)}.${describeStart(start, label)}`,
  );
}

// --- internal ---

function attempt<T>(label: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new PlatformError('E_ENVIRONMENT', `${label} could not be read: ${messageOf(error)}.`, { cause: error });
  }
}
