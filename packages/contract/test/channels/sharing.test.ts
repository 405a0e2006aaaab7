/** Channels of a job on several hosts: each takes its share, and all agree on what the rows are like. */
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../src/channels/channel.js';
import { replayableRows, replayableStoredRows } from '../../src/channels/replayable-rows.js';
import { describeShare, hostsOfChannel, JobHosts, type RowNumbers, RUN_ROWS } from '../../src/channels/sharing.js';
import type { Communicator } from '../../src/cluster/communicator.js';
import { encodeRows } from '../../src/testing/encode-rows.js';
import { blocksOf, memoryChannel, type TableRows } from '../../src/testing/memory-channel.js';
import { hostOf } from './host-of.js';
import { readRows, useJob } from './job.js';

const job = useJob();
const HOSTS = ['algo-1', 'algo-2', 'algo-3'];
const ROWS = 5 * RUN_ROWS + 7;
const TABLE = Array.from({ length: ROWS }, (_, row) => [row, row % 5, row / 2]);
const TYPES = {
  train: { description: 'rows', required: true, contentTypes: ['text/csv', 'text/libsvm', 'application/x-npy'] },
} as const;

const placeOf = ({ first, run, skip }: RowNumbers, row: number) => first + row + Math.floor(row / run) * skip;

describe('a channel that every host has whole', () => {
  it.each(['text/csv', 'text/libsvm', 'application/x-npy'] as const)(
    'deals out its rows in runs, wherever blocks and files begin: %s',
    async (ContentType) => {
      const cut = 3 * RUN_ROWS - 5;
      job.put({
        'train/1': encodeRows(ContentType, TABLE.slice(0, cut)),
        'train/2': encodeRows(ContentType, TABLE.slice(cut)),
      });
      for (const maxRows of [1, 100, RUN_ROWS + 1, ROWS]) {
        const found: number[][] = [];
        for (const [rank] of HOSTS.entries()) {
          const communicator = hostOf(rank, HOSTS.length);
          const { train } = job.open({ train: { ContentType } }, { hosts: HOSTS, communicator, definitions: TYPES });
          const rows = replayableRows(train!, { keepBytes: 1e6, read: { maxRows } });
          const own = await readRows({ ...train!, blocks: (() => rows.pass()) as Channel['blocks'] });
          expect(own).toHaveLength(rows.rows);
          for (const [row, values] of own.entries()) found[placeOf(rows.numbers, row)] = values;
        }
        expect(found).toEqual(TABLE);
      }
    },
  );

  it('gives parts of sparse rows that are whole blocks of their own, with the place of their first row', async () => {
    job.put({ 'train/a': encodeRows('text/libsvm', TABLE) });
    const communicator = hostOf(1, HOSTS.length);
    const { train } = job.open(
      { train: { ContentType: 'text/libsvm' } },
      { hosts: HOSTS, communicator, definitions: TYPES },
    );

    const firstLines: number[] = [];
    for await (const block of replayableStoredRows(train!, { keepBytes: 0 }).pass()) {
      firstLines.push(block.firstLine);
      expect('rowStarts' in block && [block.rowStarts[0], block.rowStarts[block.rows]]).toEqual([
        0,
        'values' in block && block.values.length,
      ]);
    }
    expect(firstLines).toEqual([RUN_ROWS + 1, 4 * RUN_ROWS + 1]);
  });

  it('has no rows for a host whose run does not come, which is no error', async () => {
    job.put({ 'train/a.csv': '1,2\n3,4\n' });
    const { train } = job.open({ train: {} }, { hosts: HOSTS, communicator: hostOf(2, HOSTS.length) });

    expect(await readRows(train)).toEqual([]);
  });

  it('is read whole where a pass asks for it, and until the hosts are connected', async () => {
    job.put({ 'train/a.csv': '1,2\n3,4\n' });
    const { train } = job.open({ train: {} }, { hosts: HOSTS, communicator: hostOf(2, HOSTS.length) });

    expect(await readRows(train, { isWhole: true })).toHaveLength(2);
    expect(await readRows(job.open({ train: {} }, { hosts: HOSTS }).train)).toHaveLength(2);
  });
});

describe('images and other objects that an algorithm reads as rows', () => {
  it('are dealt out one by one, and files that are no rows are not', async () => {
    job.put(Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`train/${name}.png`, name])));
    const files = { ...TYPES.train, fileTypes: ['image/png'] } as const;
    const model = { description: 'files', content: 'files', contentTypes: ['image/png'] } as const;
    const namesOf = async (definition: typeof files | typeof model) => {
      const { train } = job.open(
        { train: { ContentType: 'image/png' } },
        { hosts: HOSTS, communicator: hostOf(0, HOSTS.length), definitions: { train: definition } },
      );
      const names: (string | undefined)[] = [];
      for await (const { name } of train!.items()) names.push(name);
      return names;
    };

    expect(await namesOf(files)).toEqual(['a.png', 'd.png']);
    expect(await namesOf(model)).toEqual(['a.png', 'b.png', 'c.png', 'd.png']);
  });
});

describe('hosts that have parts of the rows', () => {
  const rowsOf = (rows: TableRows, communicator: Communicator, type = 'text/csv') => {
    const jobHosts = new JobHosts(HOSTS);
    jobHosts.connect(communicator);
    const hosts = hostsOfChannel(jobHosts, 'train', { isShard: true });
    return replayableRows({ ...memoryChannel(() => blocksOf(rows), { type }), hosts }, { keepBytes: 1e6 });
  };
  const readAll = async (pass: AsyncIterable<unknown>) => {
    for await (const _ of pass);
  };
  /** The answers of another host: its form, its number of rows. */
  const answers = (form: object | undefined, count: number) => (own: unknown) =>
    own instanceof Float64Array ? Float64Array.of(count) : form && { ...FORM, from: 'train/b.csv line 1', ...form };
  const FORM = { columns: 2, labelCount: 1, hasWeights: false, hasQueryIds: false, columnNames: undefined };

  describe('with names of columns', () => {
    const CONFIG = { S3DistributionType: 'ShardedByS3Key', ContentType: 'text/csv;header=present' } as const;
    const FIRST = { labels: ['y'], weights: [], features: ['a', 'b'], from: 'train/1.csv' };
    const open = (communicator: Communicator, onFeatureNames?: (names: readonly string[]) => void) =>
      job.open({ train: CONFIG }, { hosts: HOSTS, communicator, ...(onFeatureNames && { onFeatureNames }) }).train!;

    it('have them in the order of the first that has some', async () => {
      job.put({ 'train/2.csv': 'b,y,a\n2,1,3\n' });

      expect(await readRows(open(hostOf(1, 2, () => FIRST)))).toEqual([[1, 3, 2]]);
    });

    it('are refused where one has other names', async () => {
      job.put({ 'train/2.csv': 'y,a,c\n1,2,3\n' });

      await expect(readRows(open(hostOf(1, 2, () => FIRST)))).rejects.toThrow(
        /^train\/2\.csv line 1: the columns must have the names of train\/1\.csv of host algo-1, in any order: /,
      );
    });

    it('know them without rows, for the model', async () => {
      let names: readonly string[] = [];
      const channel = open(
        hostOf(0, 2, () => FIRST),
        (found) => {
          names = found;
        },
      );

      expect(await readRows(channel)).toEqual([]);
      expect(names).toEqual(['a', 'b']);
    });
  });

  it('know the rows of each, and where their own are', async () => {
    const rows = rowsOf([[1, 2, 3]], hostOf(1, 3, answers({}, 4)));
    await readAll(rows.pass());

    expect(rows.rowsOfHosts).toEqual([4, 1, 4]);
    expect(rows.numbers).toEqual({ total: 9, first: 4, run: Number.POSITIVE_INFINITY, skip: 0 });
  });

  it('have the form of the others where they have no rows', async () => {
    const rows = rowsOf([], hostOf(1, 2, answers({ columns: 7, labelCount: 2, hasWeights: true }, 4)));
    await readAll(rows.pass());

    expect(rows.form).toEqual({ ...FORM, columns: 7, labelCount: 2, hasWeights: true });
    expect(rows.columns).toBe(7);
  });

  it.each([
    [{ columns: 3 }, '3 feature columns as in train/b.csv line 1 of host algo-1; received 2 feature columns.'],
    [{ labelCount: 2 }, '2 label columns as in train/b.csv line 1 of host algo-1; received 1 label column.'],
    [{ hasWeights: true }, 'weights as in train/b.csv line 1 of host algo-1; received no weights.'],
    [{ hasQueryIds: true }, 'queries as in train/b.csv line 1 of host algo-1; received no queries.'],
  ])('are refused where they differ, with the names of both: %j', async (form, message) => {
    const rows = rowsOf([[1, 2, 3]], hostOf(1, 2, answers(form, 4)));

    await expect(readAll(rows.pass())).rejects.toMatchObject({
      code: 'E_DATA_COLUMNS',
      message: `train/a.csv line 1 of host algo-2: rows must have ${message}`,
    });
  });

  it('have the columns of libsvm that any of them has', async () => {
    const rows = rowsOf([[1, 2, 3]], hostOf(1, 2, answers({ columns: 9 }, 4)), 'text/libsvm');
    await readAll(rows.pass());

    expect(rows.columns).toBe(9);
  });

  it('are not asked about rows that they need not agree on', async () => {
    const jobHosts = new JobHosts(HOSTS);
    jobHosts.connect(hostOf(1, 2, () => expect.fail('it was asked')));
    const hosts = hostsOfChannel(jobHosts, 'train', { isShard: false });
    const rows = replayableRows({ ...memoryChannel(() => []), hosts }, { keepBytes: 1e6, areAgreed: false });
    await readAll(rows.pass());

    expect(rows.rows).toBe(0);
  });

  it('must have one with rows', async () => {
    const rows = rowsOf([], hostOf(0, 2, answers(undefined, 0)));

    await expect(readAll(rows.pass())).rejects.toMatchObject({ code: 'E_DATA_EMPTY' });
  });
});

it('a log line says which of the rows a host has, where there are several hosts', () => {
  expect(describeShare({ size: 3 }, [300, 0])).toBe('; this host has 300 and 0 of the rows');
  expect(describeShare({ size: 1 }, [300])).toBe('');
});
