/** Pairs of files that are not alike, in every format, and what one host says of both. */
import { npyHeader } from '../../../src/formats/npy/write-predictions.js';
import { encodeRows } from '../../../src/testing/encode-rows.js';
import { type ParquetSize, parquetPieces } from '../../formats/write-parquet.js';

export type Content = string | Uint8Array;

/** How a refusal is worded; where one host words it otherwise, with the words of several. */
type Refusal = string | { readonly one: string; readonly several: string };

/** The two files; undefined: they are read. */
type Case = readonly [name: string, contentType: string, Content, Content, Refusal?];

const DECLARE = ' Numbers and text are one column of text only where the content type says so';

const NUMBERS = '1,0.50,3\n0,2,4\n';
const TEXT = '1,2,a\n0,3,b\n';
const WIDE = '1,2,3,4\n0,3,4,5\n';
const lines = (...rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const TABLE = [
  [1, 2, 3],
  [0, 5, 6],
];
const WIDE_TABLE = TABLE.map((row) => [...row, 7]);
const npy = (rows: readonly (readonly number[])[]) => encodeRows('application/x-npy', rows);
const integers = Buffer.concat([npyHeader('<i4', '(2, 3)'), Buffer.from(Int32Array.from(TABLE.flat()).buffer)]);
const parquet = (last: NonNullable<ParquetSize['last']>, columns = 3) =>
  Buffer.concat([...parquetPieces({ columns, groups: 1, groupRows: 4, last })]);
const recordio = (rows: readonly (readonly number[])[], options = {}) =>
  encodeRows('application/x-recordio-protobuf', rows, options);

const CSV: readonly Case[] = [
  [
    'numbers, then text',
    'text/csv',
    NUMBERS,
    TEXT,
    `train/b line 1 column 3: expected a number, as 3 in train/a line 1 column 3; received "a".${DECLARE} (text_columns=3).`,
  ],
  [
    'text, then numbers',
    'text/csv',
    TEXT,
    NUMBERS,
    `train/b line 1 column 3: expected text, as "a" in train/a line 1 column 3; received the number 3.${DECLARE} (text_columns=3).`,
  ],
  ['text, then nothing but missing values', 'text/csv', TEXT, '1,2,\n0,3,NA\n'],
  ['a declared column of numbers and text', 'text/csv;text_columns=3', NUMBERS, TEXT],
  [
    'labels of numbers, then of text',
    'text/csv',
    '1,2\n',
    'yes,2\n',
    `train/b line 1 column 1: expected a number, as 1 in train/a line 1 column 1; received "yes". Write 1 for true and 0 for false.`,
  ],
  [
    'numbers with commas, then numbers',
    'text/csv',
    '1,"2,5",x\n',
    '1,3,y\n',
    `train/b line 1 column 2: expected text, as "2,5" in train/a line 1 column 2; received the number 3.${DECLARE} (text_columns=2).`,
  ],
  [
    'numbers, then numbers with commas',
    'text/csv',
    '1,3,y\n',
    '1,"2,5",x\n',
    'train/b line 1 column 2: expected a number, as 3 in train/a line 1 column 2; received "2,5". A number must have a decimal point, not a comma.',
  ],
  [
    'a wrong cell far behind',
    'text/csv',
    NUMBERS,
    `${NUMBERS}1,x,3\n`,
    `train/b line 3 column 2: expected a number; received "x".${DECLARE} (text_columns=2).`,
  ],
  [
    'a label that is missing',
    'text/csv',
    NUMBERS,
    `${NUMBERS},2,3\n`,
    'train/b line 3 column 1: the label must not be missing; received "". Fill it in or drop the row.',
  ],
  [
    'a weight that is none',
    'text/csv',
    '1,1,2\n0,1,3\n',
    '1,-1,2\n',
    'train/b line 1 column 2: the sample weight must be a finite number ≥ 0; received "-1".',
  ],
  [
    'rows of another width',
    'text/csv',
    NUMBERS,
    WIDE,
    {
      one: 'train/b line 1: expected 3 columns as on line 1 of train/a; received 4.',
      several: 'train/b line 1: rows must have 2 feature columns as in train/a line 1; received 3 feature columns.',
    },
  ],
  [
    'text in rows of another width',
    'text/csv',
    TEXT,
    '1,2,a,b\n',
    {
      one: 'train/b line 1: expected 3 columns as on line 1 of train/a; received 4.',
      several: 'train/b line 1: rows must have 2 feature columns as in train/a line 1; received 3 feature columns.',
    },
  ],
  ['the same names in another order', 'text/csv;header=present', 'y,p,q\n1,2,a\n', 'q,y,p\nb,0,3\n'],
  [
    'numbers and text under one name',
    'text/csv;header=present',
    'y,p,q\n1,2,a\n',
    'q,y,p\n7,0,3\n',
    `train/b line 2 column 1 "q": expected text, as "a" in train/a line 2 column 3 "q"; received the number 7.${DECLARE} (text_columns=q).`,
  ],
  [
    'other names',
    'text/csv;header=present',
    'y,p\n1,2\n',
    'y,r\n1,2\n',
    'train/b line 1: the columns must have the names of train/a, in any order: "y", "p"; received "y", "r": missing "p", extra "r".',
  ],
  ['a header line in the second file only', 'text/csv;header=auto', NUMBERS, `y,p,q\n${NUMBERS}`],
];

const OTHERS: readonly Case[] = [
  [
    'numbers, then text',
    'application/jsonlines',
    lines([1, 2, 3]),
    lines([1, 2, 'a']),
    `train/b line 1 column 3: expected a number, as 3 in train/a line 1 column 3; received "a".${DECLARE} (text_columns=3).`,
  ],
  [
    'text, then numbers',
    'application/jsonlines',
    lines({ y: 1, p: 'a' }),
    lines({ p: 2, y: 1 }),
    `train/b line 1 column "p": expected text, as "a" in train/a line 1 column "p"; received the number 2.${DECLARE} (text_columns=p).`,
  ],
  [
    'text, then booleans',
    'application/jsonlines',
    lines([1, 'a']),
    lines([1, true]),
    `train/b line 1 column 2: expected text, as "a" in train/a line 1 column 2; received the boolean true.${DECLARE} (text_columns=2).`,
  ],
  ['other texts', 'application/jsonlines', lines([1, 'b']), lines([1, 'a'])],
  [
    'rows of another width',
    'application/jsonlines',
    lines([1, 2, 3]),
    lines([1, 2]),
    'train/b line 1: rows must have 2 feature columns as in train/a line 1; received 1 feature column.',
  ],
  ['integers, then floats', 'application/x-parquet', parquet('integer'), parquet('double')],
  [
    'integers, then text',
    'application/x-parquet',
    parquet('integer'),
    parquet('text'),
    `train/b column 3 "c2": expected a number, as 2 in train/a row 1 column 3 "c2"; received "t2".${DECLARE} (text_columns=c2).`,
  ],
  [
    'text, then floats',
    'application/x-parquet',
    parquet('text'),
    parquet('double'),
    `train/b row 1 column 3 "c2": expected text, as "t2" in train/a column 3 "c2"; received the number 2.${DECLARE} (text_columns=c2).`,
  ],
  [
    'other columns',
    'application/x-parquet',
    parquet('double'),
    parquet('double', 4),
    'train/b: the columns must have the names of train/a, in any order: "c0", "c1", "c2"; received "c0", "c1", "c2", "c3": extra "c3".',
  ],
  ['doubles, then integers', 'application/x-npy', npy(TABLE), integers],
  [
    'rows of another width',
    'application/x-npy',
    npy(TABLE),
    npy(WIDE_TABLE),
    {
      one: 'train/b: expected 3 columns as in train/a; received 4.',
      several: 'train/b record 1: rows must have 2 feature columns as in train/a record 1; received 3 feature columns.',
    },
  ],
  ['rows of another width', 'text/libsvm', '1 0:1 2:3\n', '0 5:1\n1 0:1\n'],
  [
    'queries in one file',
    'text/libsvm',
    '1 0:1\n',
    '0 qid:1 0:1\n',
    {
      one: 'train/b line 1: every row or none must have a qid after its label, as the first one has or has not; received "qid:1".',
      several: 'train/b line 1: rows must have no queries as in train/a line 1; received queries.',
    },
  ],
  [
    'floats of both sizes',
    'application/x-recordio-protobuf',
    recordio(TABLE),
    recordio(TABLE, { precision: 'float64' }),
  ],
  [
    'rows of another width',
    'application/x-recordio-protobuf',
    recordio(TABLE),
    recordio(WIDE_TABLE),
    {
      one: 'train/b record 1 at byte 0: expected 2 features as in train/a record 1; received 3.',
      several: 'train/b record 1: rows must have 2 feature columns as in train/a record 1; received 3 feature columns.',
    },
  ],
];

export const UNLIKE_SHARDS = [...CSV, ...OTHERS].map(([name, contentType, a, b, refusal]) => ({
  name,
  contentType,
  a,
  b,
  refusal,
}));
