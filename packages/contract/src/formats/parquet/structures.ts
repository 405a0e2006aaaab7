/**
 * What a Parquet file consists of, from its front: pages, Bloom filters, indexes, the metadata of a column behind it, the
 * footer. Each says where it ends, so that the end of a file is found by its structure: what stands within a page, or in a
 * text of the footer, is never looked at, and cannot be taken for an end. Source: apache/parquet-format, parquet.thrift.
 */
import { MAX_PAGE_BYTES } from './page-header.js';
import { ThriftReader } from './thrift.js';

export interface Structure {
  readonly kind: 'padding' | 'page' | 'filter' | 'metadata' | 'footer';
  /** Bytes of the structure itself. */
  readonly length: number;
  /** Bytes that follow it and belong to it. */
  readonly body: number;
}

/**
 * The structure that `bytes` begin with; undefined where it is none of Parquet's.
 * @throws CutOff when it is longer than they are; Error when it is malformed
 */
export function readStructure(bytes: Uint8Array): Structure | undefined {
  if (bytes[0] === 0) return { kind: 'padding', length: lengthOfPadding(bytes), body: 0 };
  const kind = kindOf(bytes);
  if (!kind) return undefined;
  const reader = new ThriftReader(bytes);
  let body = 0;
  const size = (name: string) => () => {
    body = reader.i32(name, 0, MAX_PAGE_BYTES);
  };
  if (kind === 'page') reader.struct({ 3: size('compressed_page_size') });
  else if (kind === 'filter') reader.struct({ 1: size('numBytes') });
  else reader.struct({});
  return { kind, length: reader.position, body };
}

// --- internal ---

/** Types of Thrift's compact protocol, in the lower half of the byte before a field or list. */
const I32 = 5;
const LIST = 9;
const STRUCT = 12;
/** The next field of a structure, in the upper half of the byte before it. */
const NEXT = 16;

/** Zeros that a writer puts before a row group, so that it begins at a block of its file system. */
function lengthOfPadding(bytes: Uint8Array): number {
  const length = bytes.findIndex((byte) => byte !== 0);
  return length === -1 ? bytes.length : length;
}

/**
 * By the types of the first two fields, which all of these must have:
 *
 *   page header      1: type i32, 2: uncompressed_page_size i32
 *   Bloom filter     1: numBytes i32, 2: algorithm struct
 *   column metadata  1: type i32, 2: encodings list of i32
 *   footer           1: version i32, 2: schema list of struct
 *   indexes          1: a list
 */
function kindOf(bytes: Uint8Array): Structure['kind'] | undefined {
  if (bytes[0] === NEXT + LIST) return 'metadata';
  if (bytes[0] !== NEXT + I32) return undefined;
  let at = 1;
  while (at < MAX_VARINT_END && (bytes[at] ?? 0) > 127) at++;
  const second = bytes[at + 1];
  const element = (bytes[at + 2] ?? 0) & 15;
  if (second === NEXT + I32) return 'page';
  if (second === NEXT + STRUCT) return 'filter';
  if (second === NEXT + LIST && element === I32) return 'metadata';
  if (second === NEXT + LIST && element === STRUCT) return 'footer';
  return undefined;
}

/** A number of 32 bits has five bytes. */
const MAX_VARINT_END = 5;

/** Bytes from which the kind of any structure is seen. */
export const KIND_BYTES = MAX_VARINT_END + 3;
