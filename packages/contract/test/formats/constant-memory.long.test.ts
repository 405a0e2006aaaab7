/**
 * Rows are read by blocks: data four times as large takes no more memory. Each pass is in a process of its own, since the
 * memory of one is known at its highest only.
 */
import { execFile, execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { npyHeader } from '../../src/formats/npy/write-predictions.js';
import { part, record, split } from './recordio-records.js';
import { parquetPieces } from './write-parquet.js';

const folder = mkdtempSync(join(tmpdir(), 'memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As many bytes as this, and four times as many: more than the 64 MiB of buffers at which V8 begins to free them. */
const BYTES = 96 * 2 ** 20;
const ROWS = 2000;
const COLUMNS = 28;

const value = (row: number, column: number) => ((row * 31 + column * 17) % 9973) / 7;
const rowsOf = (write: (values: readonly number[], row: number) => string | Buffer) =>
  Buffer.concat(
    Array.from({ length: ROWS }, (_, row) =>
      Buffer.from(
        write(
          Array.from({ length: COLUMNS }, (_, column) => value(row, column)),
          row,
        ),
      ),
    ),
  );
const label = { kind: 'float32', values: [1] } as const;
const dense = (values: readonly number[]) => record({ kind: 'float32', values }, label);
const sparse = (values: readonly number[]) =>
  record({ kind: 'float32', values, keys: values.map((_, i) => i * 3), shape: [3 * COLUMNS] }, label);
/** Among the values is the magic number of RecordIO, at a place where a record is split. */
const splitRecord = (values: readonly number[]) => {
  const payload = dense(values);
  payload.writeUInt32LE(0xced7230a, 60);
  return split(payload);
};

/** Rows of each format, of which a file is many copies. */
const FORMATS: Readonly<Record<string, readonly [type: string, piece: () => Buffer]>> = {
  CSV: ['text/csv', () => rowsOf((values, row) => `${row},${values.join(',')}\n`)],
  'JSON Lines': ['application/jsonlines', () => rowsOf((values, row) => `${JSON.stringify([row, ...values])}\n`)],
  'JSON Lines of records': [
    'application/jsonlines',
    () =>
      rowsOf(
        (values, row) => `${JSON.stringify({ y: row, ...Object.fromEntries(values.map((v, i) => [`x${i}`, v])) })}\n`,
      ),
  ],
  libsvm: ['text/libsvm', () => rowsOf((values) => `1 ${values.map((v, i) => `${i}:${v}`).join(' ')}\n`)],
  'dense RecordIO-protobuf': ['application/x-recordio-protobuf', () => rowsOf((values) => part(dense(values)))],
  'sparse RecordIO-protobuf': ['application/x-recordio-protobuf', () => rowsOf((values) => part(sparse(values)))],
  'RecordIO-protobuf in parts': ['application/x-recordio-protobuf', () => rowsOf(splitRecord)],
};

/** One file of Parquet, in row groups of 16 MB. */
const PARQUET = 'application/x-parquet';
const GROUPS = 6;
const parquetOf = (groups: number) => parquetPieces({ columns: COLUMNS + 1, groupRows: 70_000, groups });

/** One array of `.npy`: as many rows as copies of the piece have. */
const NPY = 'application/x-npy';
const npyPiece = () => rowsOf((values, row) => Buffer.from(Float64Array.of(row, ...values).buffer));
function* npyOf(piece: Buffer, copies: number): Generator<Buffer, void, undefined> {
  yield npyHeader('<f8', `(${copies * ROWS}, ${COLUMNS + 1})`);
  yield* copiesOf(piece, copies);
}

const channels = new URL('../../dist/channels/open.js', import.meta.url);

/** Reads one pass of the channel, and says how many rows there were and how much memory they took at most. */
const program = (data: string, type: string, mode: 'File' | 'Pipe') => `
  import { openChannels } from '${channels}';
  const stop = { requested: false, check: async () => false, signal: new AbortController().signal };
  const config = { ContentType: '${type}', TrainingInputMode: '${mode}', RecordWrapperType: 'None', CompressionType: 'None' };
  const { train } = openChannels({
    environment: { paths: { data: ${JSON.stringify(data)} }, inputDataConfig: { train: config } },
    definitions: { train: { description: '', contentTypes: ['${type}'] } },
    policy: { missingValues: 'accept', infiniteValues: 'accept' },
    stop,
  });
  let rows = 0;
  for await (const block of train.blocksAsStored()) rows += block.rows;
  console.log(JSON.stringify({ rows, kilobytes: process.resourceUsage().maxRSS }));
`;

interface Outcome {
  readonly rows: number;
  readonly kilobytes: number;
}

/** V8 compiles and frees in the program's own thread: how much it has at most does not depend on how busy the machine is. */
const STEADY = '--single-threaded';

async function read(data: string, type: string, mode: 'File' | 'Pipe'): Promise<Outcome> {
  const args = [STEADY, '--input-type=module', '--eval', program(data, type, mode)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Outcome;
}

function* copiesOf(piece: Buffer, copies: number): Generator<Buffer, void, undefined> {
  for (let copy = 0; copy < copies; copy++) yield piece;
}

async function readFile(pieces: Iterable<Buffer>, type: string): Promise<Outcome> {
  const data = mkdtempSync(join(folder, 'file-'));
  mkdirSync(join(data, 'train'));
  writeAll(join(data, 'train', 'rows'), pieces);
  const outcome = await read(data, type, 'File');
  rmSync(data, { recursive: true });
  return outcome;
}

async function readPipe(pieces: Iterable<Buffer>, type: string): Promise<Outcome> {
  const data = mkdtempSync(join(folder, 'pipe-'));
  const fifo = join(data, 'train_0');
  execFileSync('mkfifo', [fifo]);
  const reading = read(data, type, 'Pipe');
  writeAll(fifo, pieces);
  return reading;
}

function writeAll(path: string, pieces: Iterable<Buffer>): void {
  const file = openSync(path, 'w');
  for (const bytes of pieces) for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  closeSync(file);
}

describe('a pass over data four times as large takes no more memory', () => {
  const expectSame = async (pass: (times: number) => Promise<Outcome>) => {
    const [small, large] = [await pass(1), await pass(4)];
    expect(large.rows).toBe(4 * small.rows);
    expect(large.kilobytes / small.kilobytes, JSON.stringify({ small, large })).toBeLessThanOrEqual(1.1);
  };

  const copiesFor = (piece: Buffer) => Math.ceil(BYTES / piece.length);

  it.each(Object.keys(FORMATS))('from files of %s', async (name) => {
    const [type, make] = FORMATS[name]!;
    const piece = make();
    const copies = copiesFor(piece);

    await expectSame((times) => readFile(copiesOf(piece, times * copies), type));
  });

  it.each([
    ['gzip', gzipSync],
    ['Zstandard', zstdCompressSync],
  ])('from files packed by %s', async (_, pack) => {
    const [type, make] = FORMATS.CSV!;
    const piece = make();
    const packed = pack(piece);
    const copies = copiesFor(piece);

    await expectSame((times) => readFile(copiesOf(packed, times * copies), type));
  });

  it('from a file of Parquet', async () => {
    await expectSame((times) => readFile(parquetOf(times * GROUPS), PARQUET));
  });

  it('from a file of .npy', async () => {
    const piece = npyPiece();
    const copies = copiesFor(piece);

    await expectSame((times) => readFile(npyOf(piece, times * copies), NPY));
  });

  it('from a pipe of CSV', async () => {
    const [type, make] = FORMATS.CSV!;
    const piece = make();
    const copies = copiesFor(piece);

    await expectSame((times) => readPipe(copiesOf(piece, times * copies), type));
  });

  it('from a pipe of Parquet', async () => {
    const objects = function* (count: number) {
      for (let object = 0; object < count; object++) yield* parquetOf(GROUPS);
    };

    await expectSame((times) => readPipe(objects(times), PARQUET));
  });
});
