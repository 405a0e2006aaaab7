/** Channels of libsvm, RecordIO-protobuf and Parquet: rows as they are stored and as tables, in File and in Pipe mode. */
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../src/channels/channel.js';
import { isSparse, type ValuePolicy } from '../../src/formats/block.js';
import { denseRowsOf, rowsOf } from '../formats/libsvm-tables.js';
import { part, record } from '../formats/recordio-records.js';
import { expectSameRows } from '../same-rows.js';
import { useJob } from './job.js';

const job = useJob();

const definitions = {
  train: { description: 'rows', required: true, contentTypes: ['text/csv', 'text/libsvm'] },
} as const;
const ACCEPT: ValuePolicy = { missingValues: 'accept', infiniteValues: 'accept' };
const REFUSE: ValuePolicy = { missingValues: 'refuse', infiniteValues: 'refuse' };

function open(policy: ValuePolicy = ACCEPT, config = {}): Channel {
  return job.open({ train: { ContentType: 'text/libsvm', ...config } }, { definitions, policy }).train!;
}

async function readDense(channel: Channel, options = {}): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const block of channel.blocks(options)) rows.push(...denseRowsOf(block));
  return rows;
}

async function readStored(channel: Channel) {
  const rows = [];
  for await (const block of channel.blocksAsStored())
    rows.push(...(isSparse(block) ? rowsOf(block) : denseRowsOf(block)));
  return rows;
}

describe('a libsvm channel', () => {
  it('yields sparse blocks unchanged, and tables in which an absent column is NaN if the algorithm accepts missing values', async () => {
    job.put({ 'train/a.libsvm': '1 0:5 2:0\n0 1:7\n' });

    expect(await readStored(open())).toMatchObject([
      {
        label: 1,
        entries: [
          [0, 5],
          [2, 0],
        ],
      },
      { label: 0, entries: [[1, 7]] },
    ]);
    expect(await readDense(open())).toEqual([
      [5, Number.NaN, 0],
      [Number.NaN, 7, Number.NaN],
    ]);
  });

  it('yields tables in which an absent column is 0 if the algorithm refuses missing values', async () => {
    job.put({ 'train/a.libsvm': '1 0:5 2:0\n0 1:7\n' });

    expect(await readDense(open(REFUSE))).toEqual([
      [5, 0, 0],
      [0, 7, 0],
    ]);
  });

  it('yields tables of bounded size, with the labels, weights, query ids and line numbers of their rows', async () => {
    job.put({ 'train/a.libsvm': '1:4 qid:1 999999:1\n2:5 qid:1 0:2\n3:6 qid:2 5:3\n' });
    const seen = [];

    for await (const { rows, columns, features, labels, weights, queryIds, firstLine } of open().blocks()) {
      seen.push({ rows, columns, bytes: features.byteLength, labels, weights, queryIds, firstLine });
    }

    expect(seen).toEqual(
      [1, 2, 3].map((row) => ({
        rows: 1,
        columns: 1_000_000,
        bytes: 8_000_000,
        labels: Float64Array.of(row),
        weights: Float64Array.of(row + 3),
        queryIds: Float64Array.of(row < 3 ? 1 : 2),
        firstLine: row,
      })),
    );
  });

  it('yields tables with the requested number of columns', async () => {
    job.put({ 'train/a.libsvm': '1 0:5\n', 'train/b.libsvm': '0 1:7\n' });

    expect(await readDense(open(REFUSE), { featureCount: 3 })).toEqual([
      [5, 0, 0],
      [0, 7, 0],
    ]);
    await expect(readDense(open(REFUSE), { featureCount: 1 })).rejects.toThrow(
      'train/b.libsvm line 1: an index must be in [0, 0] for 1 columns; received 1.',
    );
  });

  it('yields the same rows in File and Pipe mode, plain and gzip', async () => {
    const content = Array.from({ length: 60_000 }, (_, row) => `${row % 2} ${row % 7}:${row / 3} 9:-${row}`).join('\n');
    job.put({ 'train/a.libsvm': content });
    const expected = await readStored(open());
    const pipe = open(ACCEPT, { TrainingInputMode: 'Pipe' });

    for (const [epoch, bytes] of [Buffer.from(content), gzipSync(content)].entries()) {
      const writer = createWriteStream(job.makeFifo(`train_${epoch}`));
      writer.end(bytes);
      expectSameRows(await readStored(pipe), expected);
      await finished(writer);
    }

    job.put({ 'train/a.libsvm': gzipSync(content) });
    expectSameRows(await readStored(open()), expected);
    expect(expected).toHaveLength(60_000);
  });

  it.each([
    ['text/libsvm', '1 0:1\n0 2147483646:1\n', 'train/a.libsvm line 2', 1_048_576, 2_147_483_646],
    ['text/libsvm;index_base=1', '1 1048577:1\n', 'train/a.libsvm line 1', 1_048_576, 1_048_577],
    ['text/libsvm;max_columns=3', '1 0:1\n1 2:1\n1 5:1 3:2\n', 'train/a.libsvm line 3', 3, 3],
  ])(
    'as %s is refused as a table if an index exceeds the column limit, naming the line',
    async (type, text, place, most, index) => {
      job.put({ 'train/a.libsvm': text });
      const channel = open(ACCEPT, { ContentType: type });

      await expect(readDense(channel)).rejects.toThrow(
        expect.objectContaining({
          code: 'E_DATA_COLUMNS',
          message: `Channel "train": ${place.slice(6)}: sparse rows must have at most ${most} columns, since this algorithm expands sparse rows to all columns; received the index ${index}. Correct it, or raise the limit with max_columns=N in the content type.`,
        }),
      );
    },
  );

  it.each([
    ['text/libsvm', '1 2147483646:1\n2 5:2\n', 'a.libsvm line 1', 8_388_608, 2_147_483_646],
    ['text/libsvm;max_columns=3', '1 0:1\n1 5:1 3:2\n', 'a.libsvm line 2', 3, 3],
  ])(
    'as %s is refused also as sparse rows if an index is implausibly large',
    async (type, text, place, most, index) => {
      job.put({ 'train/a.libsvm': text });

      await expect(readStored(open(ACCEPT, { ContentType: type }))).rejects.toThrow(
        `Channel "train": ${place}: sparse rows must have at most ${most} columns; received the index ${index}. Correct it, or raise the limit with max_columns=N in the content type.`,
      );
    },
  );

  it('as sparse rows may have more columns than a table, and any number that max_columns allows', async () => {
    job.put({ 'train/a.libsvm': '1 8388607:1\n' });
    expect(await readStored(open())).toHaveLength(1);

    job.put({ 'train/a.libsvm': '1 2147483646:1\n' });
    expect(await readStored(open(ACCEPT, { ContentType: 'text/libsvm;max_columns=2147483648' }))).toHaveLength(1);
  });

  it('as a table may have columns up to the limit, or up to max_columns of the content type', async () => {
    job.put({ 'train/a.libsvm': '1 1048576:7\n' });

    expect((await readDense(open(REFUSE, { ContentType: 'text/libsvm;max_columns=1048577' })))[0]!.at(-1)).toBe(7);
    expect(await readDense(open(REFUSE, { ContentType: 'text/libsvm;index_base=1' }))).toHaveLength(1);
    expect(() => open(ACCEPT, { ContentType: 'text/libsvm;max_columns=0' })).toThrow(
      'Channel "train": max_columns of the content type must be a whole number in [1, 2147483648]; received "0".',
    );
  });

  it('takes its index base from the content type', async () => {
    job.put({ 'train/a.libsvm': '1 1:5\n' });

    expect(await readDense(open(ACCEPT, { ContentType: 'text/libsvm; index_base=1' }))).toEqual([[5]]);
    expect(() => open(ACCEPT, { ContentType: 'text/libsvm; index_base=x' })).toThrow('Channel "train": index_base');
  });
});

it('yields CSV as dense rows when asked for blocks as stored', async () => {
  job.put({ 'train/a.csv': '1,2\n3,4\n' });

  expect(await readStored(open(ACCEPT, { ContentType: 'text/csv' }))).toEqual([[2], [4]]);
});

it('refuses a CSV row that does not have the requested number of columns', async () => {
  job.put({ 'train/a.csv': '1,2\n3,4\n' });

  await expect(readDense(open(ACCEPT, { ContentType: 'text/csv' }), { featureCount: 2 })).rejects.toThrow(
    'train/a.csv line 1: expected 3 columns; received 2.',
  );
});

describe('a RecordIO-protobuf channel', () => {
  const RECORDIO = 'application/x-recordio-protobuf';
  const definitions = { train: { description: 'rows', required: true, contentTypes: [RECORDIO] } } as const;
  const openRecords = (config = {}) => job.open({ train: config }, { definitions, policy: ACCEPT }).train!;
  const payloadOf = (row: number) => {
    const values = [row, row / 2];
    const keys = row % 3 === 0 ? { keys: [1, 4], shape: [5] } : {};
    const features = { kind: 'float64', values: row % 3 === 0 ? values : [...values, 0, 0, -row], ...keys } as const;
    return record(features, { kind: 'float32', values: [row % 2] });
  };
  const content = Buffer.concat(Array.from({ length: 20_000 }, (_, row) => part(payloadOf(row))));

  it('yields the same rows in File and Pipe mode, plain and gzip', async () => {
    job.put({ 'train/a.pbr': content });
    const expected = await readStored(openRecords());
    const pipe = openRecords({ TrainingInputMode: 'Pipe' });

    for (const [epoch, bytes] of [content, gzipSync(content)].entries()) {
      const writer = createWriteStream(job.makeFifo(`train_${epoch}`));
      writer.end(bytes);
      expectSameRows(await readStored(pipe), expected);
      await finished(writer);
    }

    expect(expected).toHaveLength(20_000);
    expect(expected[4]).toEqual([4, 2, 0, 0, -4]);
    expect(expected[6]).toMatchObject({
      label: 0,
      entries: [
        [1, 6],
        [4, 3],
      ],
    });
  });

  it('yields tables in which a column without a key is missing', async () => {
    job.put({ 'train/a.pbr': part(payloadOf(6)) });

    expect(await readDense(openRecords())).toEqual([[Number.NaN, 6, Number.NaN, Number.NaN, 3]]);
  });

  it('with objects wrapped by SageMaker reads each object as one record', async () => {
    job.put({ 'train/a.pbr': part(payloadOf(1)) });

    expect(await readDense(openRecords({ RecordWrapperType: 'RecordIO' }))).toEqual([[1, 0.5, 0, 0, -1]]);
  });
});

describe('a Parquet channel', () => {
  const PARQUET = 'application/x-parquet';
  const definitions = { train: { description: 'rows', required: true, contentTypes: [PARQUET] } } as const;
  const content = readFileSync(new URL('../fixtures/parquet/weighted.parquet', import.meta.url));

  it('is read in File mode, with the names of its columns', async () => {
    job.put({ 'train/a.parquet': content });
    const { train } = job.open({ train: {} }, { definitions });
    const seen = [];

    for await (const { features, columnNames, source } of train!.blocks())
      seen.push([...features], columnNames, source);

    expect(seen).toEqual([[0.5, 3, 2, 4], ['weight', 'x'], 'a.parquet']);
  });

  it('with RecordWrapperType RecordIO in File mode or an invalid label_size is refused', () => {
    job.put({ 'train/a.parquet': content });

    expect(() => job.open({ train: { RecordWrapperType: 'RecordIO' } }, { definitions })).toThrow(
      'RecordWrapperType must be "None" in File mode for application/x-parquet',
    );
    expect(() => job.open({ train: { ContentType: `${PARQUET};label_size=x` } }, { definitions })).toThrow(
      'label_size',
    );
  });
});
