/**
 * The batches of a sample: that of CSV, which AWS's validation runs, and one in each further format. Each has more than one
 * file, as batches in practice have.
 */
import type { Rows } from './formats/rows.ts';
import { csv, flat, json, jsonLines } from './formats/text.ts';
import { type InferenceRows, type RequestOptions, ROW_FORMATS, withParameters } from './requests.ts';

/** A batch of an algorithm's own. */
export interface MoreBatch {
  /** Of its folder in `inference/batch-by-type`. */
  readonly name: string;
  /** Content by file name. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly contentType: string;
  readonly accept: string;
}

export interface Batch {
  /** Content by path in the sample's folder. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** As the profile has it. */
  readonly job: object;
}

/** The batch of all inference rows as CSV; its first file holds those of the ten requests. */
export function csvBatch({ rows }: InferenceRows): Batch {
  const first = Math.min(rows.length - 1, Math.max(REQUEST_ROWS, Math.ceil(rows.length * FIRST_SHARE)));
  return {
    files: new Map([
      ['inference/batch/input.csv', csv(rows.slice(0, first))],
      ['inference/batch/more.csv', csv(rows.slice(first))],
    ]),
    job: {
      input: 'inference/batch',
      ...{ contentType: 'text/csv', accept: 'text/csv' },
      ...{ ...LINES, batchStrategy: 'MultiRecord', maxPayloadInMB: 6 },
      expectedOutput: 'inference/batch-output',
    },
  };
}

/** Batches of the first inference rows, of each format, then those of the algorithm's own. */
export function moreBatches(
  { rows, names }: InferenceRows,
  more: readonly MoreBatch[],
  { formats = [], acceptParameters = {} }: RequestOptions,
): readonly Batch[] {
  const accept = (format: string, type: string) => withParameters(type, acceptParameters[format]);
  const rowFormats = formats.map((format) => {
    const { extension, contentType, write, ...types } = ROW_FORMATS[format];
    return batchOf(
      {
        name: format,
        files: inTwo(rows, extension, (part) => write(part, names)),
        contentType,
        accept: accept(format, types.accept),
      },
      SPLIT[format],
    );
  });
  const [jsonType, linesType] = ['application/json', 'application/jsonlines'];
  return [
    batchOf({ name: 'json', files: inTwo(rows, 'json', json(flat)), contentType: jsonType, accept: jsonType }, WHOLE),
    batchOf(
      { name: 'jsonlines', files: inTwo(rows, 'jsonl', jsonLines(flat)), contentType: linesType, accept: linesType },
      LINES,
    ),
    ...rowFormats,
    ...more.map((batch) => batchOf(batch, WHOLE)),
  ];
}

// --- internal ---

const REQUEST_ROWS = 26;
const FIRST_SHARE = 0.75;
/** Inference rows of a further format: to here in its first file, to there in its second. */
const [FIRST_END, SECOND_END] = [8, 12];

const LINES = { splitType: 'Line', assembleWith: 'Line' } as const;
const WHOLE = { splitType: 'None', assembleWith: 'None' } as const;
const SPLIT = {
  libsvm: LINES,
  parquet: WHOLE,
  'recordio-protobuf': { splitType: 'RecordIO', assembleWith: 'None' },
  npy: WHOLE,
} as const;

function inTwo(rows: Rows, extension: string, write: (rows: Rows) => string | Uint8Array): MoreBatch['files'] {
  return new Map([
    [`input.${extension}`, write(rows.slice(0, FIRST_END))],
    [`more.${extension}`, write(rows.slice(FIRST_END, SECOND_END))],
  ]);
}

function batchOf({ name, files, contentType, accept }: MoreBatch, split: object): Batch {
  const input = `inference/batch-by-type/${name}`;
  return {
    files: new Map([...files].map(([file, content]) => [`${input}/${file}`, content])),
    job: { input, contentType, accept, ...split, expectedOutput: `inference/batch-by-type-output/${name}` },
  };
}
