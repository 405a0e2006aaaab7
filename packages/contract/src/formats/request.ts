/**
 * The rows of a request, whatever its format: a new one is one line here and a reader beside.
 */
import type { Block, SparseBlock, ValuePolicy } from './block.js';
import { readCsvBuffer } from './csv/read-csv-buffer.js';
import { csvReader } from './csv/reader.js';
import { readJsonBuffer, readJsonLinesBuffer } from './json/body.js';
import { isBlank } from './json/text.js';
import { readLibsvmBuffer } from './libsvm/read-libsvm-buffer.js';
import { indexBaseOf } from './libsvm/reader.js';
import type { MediaType } from './media-type.js';
import { readParquetBuffer } from './parquet/read-parquet-buffer.js';
import { readRecordioBuffer } from './recordio/read-recordio-buffer.js';

/** The media types that can be read. */
export const REQUEST_FORMATS = [
  'application/json',
  'application/jsonlines',
  'text/csv',
  'text/libsvm',
  'application/x-parquet',
  'application/x-recordio-protobuf',
] as const;
export type RequestFormat = (typeof REQUEST_FORMATS)[number];

/** How a body is written: one of the formats, and the caller's parameters. */
export interface RequestType extends MediaType {
  readonly type: RequestFormat;
}

/** What the rows of a request must be. */
export interface RequestRules {
  /** Columns of the model. */
  readonly featureCount: number;
  /** Their names, where the model has them: a format with names is matched by them, in any order. */
  readonly featureNames?: readonly string[];
  readonly policy: ValuePolicy;
  /** The index of the first column in libsvm when the request does not say; default 0. */
  readonly indexBase?: 0 | 1;
}

/** Whether `body` has no rows, in a format where that is no mistake. */
export function isEmptyRequest(body: Uint8Array, { type }: RequestType): boolean {
  if (type === 'application/x-parquet' || type === 'application/x-recordio-protobuf') return body.length === 0;
  return type !== 'application/json' && isBlank(body);
}

/**
 * The rows of `body`, undefined for an empty list of them.
 * @throws ClientError naming the place of the first bad value, E_CONTENT_TYPE for parameters that cannot be followed
 */
export function readRequest(body: Uint8Array, type: RequestType, rules: RequestRules): Block | SparseBlock | undefined {
  return READERS[type.type](body, type, rules);
}

// --- internal ---

type Reader = (body: Uint8Array, type: RequestType, rules: RequestRules) => Block | SparseBlock | undefined;

const READERS: Readonly<Record<RequestFormat, Reader>> = {
  'application/json': (body, _, rules) => readJsonBuffer(body, rules),
  'application/jsonlines': (body, _, rules) => readJsonLinesBuffer(body, rules),
  'text/csv': (body, type, rules) => {
    csvReader.checkContentType(type, 'Header Content-Type');
    return readCsvBuffer(body, rules);
  },
  'text/libsvm': (body, type, rules) => {
    const indexBase = indexBaseOf(type, 'Header Content-Type') ?? rules.indexBase ?? 0;
    return readLibsvmBuffer(body, { ...rules, indexBase });
  },
  'application/x-parquet': (body, _, rules) => readParquetBuffer(body, rules),
  'application/x-recordio-protobuf': (body, _, rules) => readRecordioBuffer(body, rules),
};
