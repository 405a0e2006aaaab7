/** Hosts of which each knows its own channels agree on those of the job, as they do on content types. */
import { describe, expect, it } from 'vitest';
import type { OpenedChannel } from '../../src/channels/channel.js';
import { replayableRows } from '../../src/channels/replayable-rows.js';
import { RUN_ROWS } from '../../src/channels/sharing.js';
import type { ChannelConfig } from '../../src/environment.js';
import { hostOf } from './host-of.js';
import { readRows, useJob } from './job.js';

const job = useJob();
const HOSTS = ['algo-1', 'algo-2', 'algo-3'];
const DEFINITIONS = {
  train: { description: 'rows', required: true, contentTypes: ['text/csv', 'text/libsvm', 'application/x-npy'] },
  validation: { description: 'rows', contentTypes: ['text/csv'] },
  images: { description: 'rows', contentTypes: ['text/csv'], fileTypes: ['image/png'] },
} as const;
const CONFIG = { TrainingInputMode: 'File', RecordWrapperType: 'None', CompressionType: 'None' } as const;

type Configs = Readonly<Record<string, Partial<ChannelConfig>>>;

/** What a host says of its channels. @param found the content type of all of them that its files bear the marks of */
function saidOf(configs: Configs, found?: string): Map<string, unknown> {
  const type = found && { type: found, parameters: {} };
  return new Map(
    Object.entries(configs).map(([name, config]) => [name, { config: { ...CONFIG, ...config }, found: type }]),
  );
}

/** The channels of a host, connected with hosts that say this of theirs. */
function open(rank: number, configs: Configs, others: (rank: number) => Map<string, unknown>, size = HOSTS.length) {
  const communicator = hostOf(rank, size, undefined, (_, host) => others(host));
  return job.open(configs, { hosts: HOSTS.slice(0, size), communicator, definitions: DEFINITIONS });
}

async function passOf(channel: OpenedChannel): Promise<number> {
  let items = 0;
  for await (const _ of channel.items()) items += 1;
  return items;
}

describe('a channel that only other hosts have', () => {
  it('has no files and no rows, and the content type that they have', async () => {
    const named = open(1, {}, () => saidOf({ train: { ContentType: 'text/csv;header=present' } }), 2).train!;
    const found = open(1, {}, () => saidOf({ train: {} }, 'text/libsvm'), 2).train!;
    const usual = open(1, {}, () => saidOf({ train: {} }), 2).train!;

    expect(named.contentType).toEqual({ type: 'text/csv', parameters: { header: 'present' } });
    expect([found, usual].map(({ contentType }) => contentType.type)).toEqual(['text/libsvm', 'text/csv']);
    for (const channel of [found, usual]) {
      expect([channel.isShard, channel.files(), await readRows(channel)]).toEqual([true, [], []]);
    }
  });

  it('is not looked for in folders, nor waited for in a pipe', async () => {
    job.put({ 'train/a.csv': '1,2\n', 'images/a.png': 'picture' });
    const pipe = { TrainingInputMode: 'Pipe', RecordWrapperType: 'RecordIO', ContentType: 'image/png' } as const;
    const own = { validation: { TrainingInputMode: 'Pipe' } } as const;
    const files = open(1, own, () => saidOf({ train: {}, images: { ContentType: 'image/png' } }));
    const pipes = open(1, own, () => saidOf({ train: { TrainingInputMode: 'Pipe' }, images: pipe }));

    for (const { train, images } of [files, pipes]) {
      expect([await readRows(train), await passOf(images!)]).toEqual([[], 0]);
    }
    expect([files.train!.files(), files.images!.files()]).toEqual([[], []]);
    expect([pipes.train!.mode, pipes.images!.mode]).toEqual(['Pipe', 'Pipe']);
    expect(() => pipes.train!.files()).toThrow('Channel "train": TrainingInputMode must be File; received "Pipe".');
  });

  it('is not there before they are connected: required, it must not be asked for', () => {
    job.put({ 'validation/a.csv': '1,2\n' });
    const channels = job.open({ validation: {} }, { hosts: HOSTS, definitions: DEFINITIONS });

    expect(Object.keys(channels)).toEqual(['validation']);
    expect(() => channels.train).toThrow('Channel "train" is required; the job has channels: validation.');
  });

  it('is one that is configured here, too, but has no folder, where there are several groups', () => {
    job.put({ 'validation/a.csv': '1,2\n' });
    const configs = { train: {}, validation: {} };
    const options = { hosts: HOSTS, definitions: DEFINITIONS };
    const communicator = hostOf(0, 3, undefined, () => saidOf(configs));

    expect(() => job.open(configs, options)).toThrow(/^Channel "train" has no files in /);
    const { train } = job.open(configs, { ...options, communicator, groups: ['cpu', 'gpu'] });
    expect(train!.files()).toEqual([]);
  });

  it('is missing where no host has it, on all of them', () => {
    const missing = 'Channel "train" is required; the job has channels: validation.';

    expect(() => open(0, {}, () => saidOf({}))).toThrow('Channel "train" is required; the job has no channels.');
    expect(() => open(0, {}, () => saidOf({ validation: {} }))).toThrow(missing);
    job.put({ 'validation/a.csv': '1,2\n' });
    expect(() => open(0, { validation: {} }, () => saidOf({}))).toThrow(missing);
  });

  it('shares out its rows among those that have it, in their order', async () => {
    const rows = Array.from({ length: 5 * RUN_ROWS + 7 }, (_, row) => [row, row % 5]);
    job.put({ 'train/a.csv': `${rows.map((row) => row.join(',')).join('\n')}\n` });
    const has = (rank: number) => saidOf(rank === 1 ? {} : { train: {} });

    const found: number[][] = [];
    for (const rank of [0, 2]) {
      const { train } = open(rank, { train: {} }, has);
      const numbers = rowNumbersOf(train!);
      const own = await readRows(train);
      expect([train!.isShard, train!.hosts!.isDivided, train!.hosts!.turns]).toEqual([false, true, 2]);
      for (const [row, values] of own.entries()) found[numbers(row)] = values;
    }
    const { train: absent } = open(1, { validation: { TrainingInputMode: 'Pipe' } }, has);

    expect(found).toEqual(rows);
    expect([await readRows(absent), absent!.hosts!.turns]).toEqual([[], 1]);
  });

  it.each([
    ['in shares', {}],
    ['whole', { isWhole: true }],
  ])('has one digest on all hosts, that of one host with the rows: read %s', async (_, wishes) => {
    const table = Array.from({ length: 2 * RUN_ROWS + 7 }, (_, row) => [row, row % 5]);
    job.put({ 'train/a.csv': `${table.map((row) => row.join(',')).join('\n')}\n` });
    const has = (rank: number) => saidOf(rank === 1 ? {} : { train: {} });
    const form = { columns: 1, labelCount: 1, hasWeights: false, hasQueryIds: false, from: 'train/a.csv line 1' };
    const said: Float64Array[][] = [[], [], []];
    const digestOn = async (rank: number) => {
      const own: Float64Array[] = [];
      const gather = (part: Float64Array) => {
        own.push(part);
        return said.map((parts, host) => (host === rank ? part : (parts[own.length - 1] ?? part)));
      };
      const values = hostOf(
        rank,
        3,
        (value) => value ?? form,
        (_, host) => has(host),
      );
      const communicator = { ...values, gather } as typeof values;
      const configs: Configs = rank === 1 ? { validation: { TrainingInputMode: 'Pipe' } } : { train: {} };
      const { train } = job.open(configs, { hosts: HOSTS, communicator, definitions: DEFINITIONS });
      const rows = replayableRows(train!, { keepBytes: 0, digest: true, read: wishes });
      for await (const _ of rows.pass());
      said[rank] = own;
      return rows.digest();
    };
    // What a host says depends on what the others said before: how many rows they have.
    for (const rank of [0, 2, 1, 0, 2, 1]) await digestOn(rank);

    const { train } = job.open({ train: {} }, { definitions: DEFINITIONS });
    const alone = replayableRows(train!, { keepBytes: 0, digest: true });
    for await (const _ of alone.pass());
    const digests = [await digestOn(0), await digestOn(1), await digestOn(2)];
    expect(digests).toEqual(Array(3).fill(alone.digest()));
    expect(said.map((parts) => parts.length)).toEqual([2, 2, 2]);
  });
});

/** Where rows of a host are among all, by the turns that it takes. */
function rowNumbersOf({ hosts }: OpenedChannel): (row: number) => number {
  const { run, turn, turns } = hosts!;
  return (row) => (Math.floor(row / run) * turns + turn) * run + (row % run);
}

describe('hosts whose job has no content type', () => {
  const SHARD = { train: { S3DistributionType: 'ShardedByS3Key' } } as const;
  /** A second host whose partner has found a type; undefined: no mark of one. */
  const openSecond = (found: string | undefined) => open(1, SHARD, () => saidOf(SHARD, found), 2).train!;

  it('read the type that one of them has found, with files or without', async () => {
    expect(openSecond('text/libsvm').contentType.type).toBe('text/libsvm');

    job.put({ 'train/a': '1\n2 3:1\n' });
    expect(await readRows(openSecond('text/libsvm'))).toEqual([
      [1, 0, 0, 0, 0],
      [2, 0, 0, 0, 1],
    ]);
  });

  it('keep what they have found, and the usual type where none has', () => {
    expect(openSecond(undefined).contentType.type).toBe('text/csv');

    job.put({ 'train/a': '1 1:2\n' });
    expect(openSecond(undefined).contentType.type).toBe('text/libsvm');
    expect(openSecond('text/libsvm').contentType.type).toBe('text/libsvm');
  });

  it('are refused where two have found different types, with the names of both', () => {
    job.put({ 'train/a': '1 1:2\n' });

    expect(() => openSecond('application/x-npy')).toThrow(
      'Channel "train": the files must have the same content type on all hosts; received application/x-npy on host algo-1 and text/libsvm on host algo-2.',
    );
  });
});

describe('the columns of a channel that only some hosts have', () => {
  it('are those that the first of them has found, for the others, too', async () => {
    const NAMES = { labels: ['y'], weights: [], features: ['a', 'b'], from: 'train/1.csv' };
    const config = { train: { ContentType: 'text/csv;header=present' } };
    const communicator = hostOf(
      1,
      2,
      () => NAMES,
      () => saidOf(config),
    );
    let names: readonly string[] = [];
    const onFeatureNames = (found: readonly string[]) => {
      names = found;
    };
    const { train } = job.open({}, { hosts: HOSTS, communicator, definitions: DEFINITIONS, onFeatureNames });

    expect(await readRows(train)).toEqual([]);
    expect(names).toEqual(['a', 'b']);
  });

  it('are known to a host without rows once its rows were asked for', async () => {
    const form = { columns: 2, labelCount: 1, hasWeights: false, hasQueryIds: false, columnNames: undefined };
    const answer = (own: unknown) => (own instanceof Float64Array ? Float64Array.of(4) : form);
    const communicator = hostOf(1, 2, answer, () => saidOf({ train: {} }));
    const { train } = job.open({}, { hosts: HOSTS, communicator, definitions: DEFINITIONS });
    const rows = replayableRows(train!, { keepBytes: 1000 });
    for await (const _ of rows.pass());

    expect([rows.columns, rows.rowsOfHosts, rows.numbers.total]).toEqual([2, [4, 0], 4]);
  });
});
