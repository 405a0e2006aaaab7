/**
 * The real-time requests of a sample: ten over the inference rows in order, then those of an algorithm's own, of further
 * formats, and one of each class.
 */
import { npy } from './formats/npy.ts';
import { parquet } from './formats/parquet.ts';
import { recordio } from './formats/recordio.ts';
import type { Row, Rows } from './formats/rows.ts';
import { crlf, csv, flat, json, jsonLines, libsvm, nested } from './formats/text.ts';

/** A real-time request of an algorithm's own. */
export interface MoreRequest {
  /** Of the file, such as `11.png`. */
  readonly name: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** With parameters or without. */
  readonly accept: string;
}

/** Binary and sparse formats of rows, by the last part of their content type. */
export type RowFormat = 'libsvm' | 'parquet' | 'recordio-protobuf' | 'npy';

export interface RequestOptions {
  /** Parameters of Accept, such as the outputs that a request asks for, by the file of its body or by its format. */
  readonly acceptParameters?: Readonly<Record<string, string>>;
  /** What becomes of the rows of a real-time request first, by the file of its body. */
  readonly rowChanges?: Readonly<Record<string, (row: Row) => Row>>;
  /** Those that the algorithm reads, besides CSV, JSON and JSON Lines. */
  readonly formats?: readonly RowFormat[];
  /** Of a classifier, whose labels are 0 to `classCount` − 1: each class gets a request of one row. */
  readonly classCount?: number;
  /** Default: CSV, answered in CSV. */
  readonly classRequest?: ClassRequest;
}

export interface ClassRequest {
  readonly extension: string;
  readonly contentType: string;
  readonly accept: string;
  write(row: Row): string | Uint8Array;
}

export interface RealTimeRequest {
  /** Path of the body in the sample's folder. */
  readonly input: string;
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly accept: string;
  /** Path of the answer that a model trained on `train` gives. */
  readonly expectedOutput: string;
}

export interface InferenceRows {
  readonly rows: Rows;
  /** Of each row. */
  readonly labels: Row;
  /** Of the columns. */
  readonly names: readonly string[];
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'text/csv': 'csv',
  'application/json': 'json',
  'application/jsonlines': 'jsonl',
  'application/x-recordio-protobuf': 'pbr',
  'application/x-npy': 'npy',
};

/** Each with a request's type of the answer. */
export const ROW_FORMATS = {
  libsvm: { extension: 'libsvm', contentType: 'text/libsvm', accept: 'text/csv', write: libsvm },
  parquet: { extension: 'parquet', contentType: 'application/x-parquet', accept: 'application/json', write: parquet },
  'recordio-protobuf': {
    extension: 'pbr',
    contentType: 'application/x-recordio-protobuf',
    accept: 'application/x-recordio-protobuf',
    write: recordio,
  },
  npy: { extension: 'npy', contentType: 'application/x-npy', accept: 'application/x-npy', write: npy },
} as const;

export function realTimeRequests(
  inference: InferenceRows,
  more: readonly MoreRequest[],
  options: RequestOptions,
): readonly RealTimeRequest[] {
  const common = commonRequests(inference.rows, options);
  return [
    ...common,
    ...more.map(requestOf),
    ...formatRequests(inference, common.length + more.length, options),
    ...classRequests(inference, options),
  ];
}

export function withParameters(accept: string, parameters: string | undefined): string {
  return parameters === undefined ? accept : `${accept};${parameters}`;
}

// --- internal ---

/** Each format in and out, one row and several, and what clients are known to send (a charset, CRLF, both shapes of an instance). */
const REQUESTS = [
  ['01.csv', 1, csv, 'text/csv', 'text/csv'],
  ['02.csv', 3, csv, 'text/csv', 'text/csv'],
  ['03.csv', 5, csv, 'text/csv; charset=utf-8', 'application/json'],
  ['04.csv', 2, csv, 'text/csv', 'text/csv'],
  ['05.csv', 2, crlf, 'text/csv', 'application/jsonlines'],
  ['06.json', 1, json(flat), 'application/json', 'application/json'],
  ['07.json', 4, json(flat), 'application/json', 'application/json'],
  ['08.json', 2, json(nested), 'application/json', 'text/csv'],
  ['09.jsonl', 1, jsonLines(flat), 'application/jsonlines', 'application/jsonlines'],
  ['10.jsonl', 5, jsonLines(nested), 'application/jsonlines', 'application/jsonlines'],
] as const;

/** Of a request in one of the further formats: the first ones, so that the answers are those of other requests. */
const FORMAT_ROWS = 4;

function commonRequests(rows: Rows, { acceptParameters = {}, rowChanges = {} }: RequestOptions) {
  const left = [...rows];
  return REQUESTS.map(([name, count, write, contentType, accept]) => {
    const taken = left.splice(0, count);
    const change = rowChanges[name];
    return requestOf({
      name,
      body: write(change ? taken.map(change) : taken),
      contentType,
      accept: withParameters(accept, acceptParameters[name]),
    });
  });
}

function formatRequests({ rows, names }: InferenceRows, before: number, options: RequestOptions) {
  const { formats = [], acceptParameters = {} } = options;
  return formats.map((format, index) => {
    const { extension, contentType, accept, write } = ROW_FORMATS[format];
    return requestOf({
      name: `${before + index + 1}.${extension}`,
      body: write(rows.slice(0, FORMAT_ROWS), names),
      contentType,
      accept: withParameters(accept, acceptParameters[format]),
    });
  });
}

const CSV: ClassRequest = {
  ...{ extension: 'csv', contentType: 'text/csv', accept: 'text/csv' },
  write: (row) => csv([row]),
};

/** @throws Error for a class that no inference row has */
function classRequests({ rows, labels }: InferenceRows, { classCount = 0, classRequest = CSV }: RequestOptions) {
  const { extension, write, ...types } = classRequest;
  return Array.from({ length: classCount }, (_, label) => {
    const row = rows[labels.indexOf(label)];
    if (!row) throw new Error(`Class ${label} must be among the inference rows; none has it. Choose another seed.`);
    return requestOf({ name: `class-${label}.${extension}`, body: write(row), ...types });
  });
}

/** @throws Error for an answer of a type whose files have no known extension */
function requestOf({ name, ...request }: Omit<MoreRequest, 'body'> & Pick<RealTimeRequest, 'body'>): RealTimeRequest {
  const extension = EXTENSIONS[request.accept.replace(/;.*/, '')];
  if (extension === undefined) {
    const known = Object.keys(EXTENSIONS).join(', ');
    throw new Error(`Request "${name}": accept must be one of ${known}; received "${request.accept}".`);
  }
  return {
    ...{ input: `inference/real-time/${name}`, ...request },
    expectedOutput: `inference/real-time-output/${name.slice(0, name.indexOf('.'))}.${extension}`,
  };
}
