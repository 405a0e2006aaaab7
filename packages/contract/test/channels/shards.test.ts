/** A channel whose objects are dealt over the hosts: with fewer objects than hosts, some get none. */
import { describe, expect, it } from 'vitest';
import { replayableRows } from '../../src/channels/replayable-rows.js';
import { TEXT } from '../categories/channels.js';
import { writeFifo } from './fifo.js';
import { readRows, useJob } from './job.js';

const job = useJob();

const SHARD = { S3DistributionType: 'ShardedByS3Key' } as const;
const HOSTS = ['algo-1', 'algo-2'];
const PARQUET = { train: { description: 'rows', required: true, contentTypes: ['application/x-parquet'] } } as const;
const FILES = {
  train: { description: 'images', required: true, content: 'files', contentTypes: ['image/png'] },
} as const;

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe('a required channel that is sharded over several hosts', () => {
  it('may have no objects on one of them, as files or through a pipe', async () => {
    const files = job.open({ train: SHARD }, { hosts: HOSTS, policy: TEXT }).train!;
    const pipe = job.open({ train: { ...SHARD, TrainingInputMode: 'Pipe' } }, { hosts: HOSTS, policy: TEXT }).train!;

    const written = writeFifo(job.makeFifo('train_0'), '');

    expect([files.isShard, files.files(), await readRows(files)]).toEqual([true, [], []]);
    expect([pipe.isShard, await readRows(pipe)]).toEqual([true, []]);
    await written;
  });

  it('may have no Parquet and no wrapped objects in a pipe', async () => {
    const config = { ...SHARD, TrainingInputMode: 'Pipe' } as const;
    const open = (wrapper: 'None' | 'RecordIO') =>
      job.open({ train: { ...config, RecordWrapperType: wrapper } }, { hosts: HOSTS, definitions: PARQUET }).train!;
    const channels = [open('None'), open('RecordIO')];

    for (const channel of channels) {
      const written = writeFifo(job.makeFifo('train_0'), '');
      expect(await readRows(channel)).toEqual([]);
      await written;
      job.removeFifo('train_0');
    }
  });

  it('may have no files where the algorithm reads them itself', async () => {
    const config = { ...SHARD, ContentType: 'image/png' } as const;
    const open = (more = {}) =>
      job.open({ train: { ...config, ...more } }, { hosts: HOSTS, definitions: FILES }).train!;
    const written = writeFifo(job.makeFifo('train_0'), '');

    expect(await all(open().items())).toEqual([]);
    const pipe = open({ TrainingInputMode: 'Pipe', RecordWrapperType: 'RecordIO' });
    expect(await all(pipe.items())).toEqual([]);
    await written;
  });

  it('has passes without rows where rows are needed again', async () => {
    const channel = job.open({ train: SHARD }, { hosts: HOSTS }).train!;
    const rows = replayableRows(channel, { keepBytes: 1000, digest: true });

    const passes = [await all(rows.pass()), await all(rows.pass())];

    expect(passes).toEqual([[], []]);
    expect([rows.rows, rows.columns, rows.isKept]).toEqual([0, 0, true]);
    expect(rows.digest()).toBeTypeOf('string');
  });

  it('must have objects where there is one host, or each has all', async () => {
    const empty = { code: 'E_CHANNEL' };

    expect(() => job.open({ train: SHARD })).toThrow(expect.objectContaining(empty));
    expect(() => job.open({ train: {} }, { hosts: HOSTS })).toThrow(expect.objectContaining(empty));
  });
});
