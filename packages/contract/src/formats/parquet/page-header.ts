/**
 * The header before each page, checked for types and ranges before anything uses it.
 * Source: apache/parquet-format, parquet.thrift (PageHeader).
 */
import { encodingName } from './enumerations.js';
import { ThriftReader } from './thrift.js';

/** Part of a page: [start, end) of `bytes`. */
export interface Section {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export type PageKind = 'data' | 'index' | 'dictionary' | 'data-v2';

export interface PageHeader {
  readonly kind: PageKind;
  /** Bytes of the header itself. */
  readonly headerBytes: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  /** CRC-32 of the page as it is stored; absent where the writer left it out. */
  readonly crc: number | undefined;
  /** Values, null ones too. */
  readonly valueCount: number;
  readonly encoding: string;
  /** How null flags are encoded in a page of version 1. */
  readonly flagEncoding: string;
  /** Bytes of repetition levels and null flags in a page of version 2, which precede the values, not compressed. */
  readonly repetitionBytes: number;
  readonly flagBytes: number;
  readonly isCompressed: boolean;
}

/** The maximum number of values of a page: one run can represent all of them, so the bytes do not bound them. */
const MAX_PAGE_VALUES = 2 ** 27;
/** A page is about 1 MiB as writers make it; what needs more than this is no page. */
export const MAX_PAGE_BYTES = 1024 ** 3;

const KINDS: readonly PageKind[] = ['data', 'index', 'dictionary', 'data-v2'];

/**
 * Reads the header at the start of `bytes`.
 * @throws CutOff when it is longer than they are; Error when it is no header
 */
export function readPageHeader(bytes: Uint8Array): PageHeader {
  const reader = new ThriftReader(bytes);
  const head = { compressedBytes: -1, uncompressedBytes: -1, crc: undefined as number | undefined };
  const body = {
    valueCount: -1,
    encoding: '',
    flagEncoding: '',
    repetitionBytes: 0,
    flagBytes: 0,
    isCompressed: true,
  };
  let kind: PageKind | undefined;
  let told: PageKind | undefined;
  const count = (name: string, most: number) => reader.i32(name, 0, most);
  const section = (of: PageKind, fields: Record<number, () => void>) => () => {
    reader.struct(fields, 'the header of a page');
    told = of;
  };
  const values = () => {
    body.valueCount = count('num_values', MAX_PAGE_VALUES);
  };
  const encoding = () => {
    body.encoding = encodingName(reader.i32('encoding'));
  };
  reader.struct({
    1: () => {
      kind = KINDS[count('the kind of a page', KINDS.length - 1)];
    },
    2: () => {
      head.uncompressedBytes = count('uncompressed_page_size', MAX_PAGE_BYTES);
    },
    3: () => {
      head.compressedBytes = count('compressed_page_size', MAX_PAGE_BYTES);
    },
    4: () => {
      head.crc = reader.i32('crc') >>> 0;
    },
    5: section('data', {
      1: values,
      2: encoding,
      3: () => {
        body.flagEncoding = encodingName(reader.i32('definition_level_encoding'));
      },
    }),
    7: section('dictionary', { 1: values, 2: encoding }),
    8: section('data-v2', {
      1: values,
      4: encoding,
      5: () => {
        body.flagBytes = count('definition_levels_byte_length', MAX_PAGE_BYTES);
      },
      6: () => {
        body.repetitionBytes = count('repetition_levels_byte_length', MAX_PAGE_BYTES);
      },
      7: () => {
        body.isCompressed = reader.flag('is_compressed');
      },
    }),
  });
  if (kind === undefined || head.compressedBytes < 0 || head.uncompressedBytes < 0) {
    throw new Error('the header of a page has no kind or size');
  }
  if (kind !== 'index' && (told !== kind || body.valueCount < 0 || body.encoding === '')) {
    throw new Error('the header of a page does not say how many values it has, or how they are encoded');
  }
  return { kind, headerBytes: reader.position, ...head, ...body };
}
