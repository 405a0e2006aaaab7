/** The channels of a job against their definitions, and File mode. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { expectSameRows } from '../same-rows.js';
import { readRows, useJob } from './job.js';

const job = useJob();

const definition = { description: 'rows', contentTypes: ['text/csv'] } as const;

describe('openChannels', () => {
  it('refuses a job without a required channel, listing those it has', () => {
    job.put({ 'test/a.csv': '1,2\n' });

    expect(() => job.open({ test: {} })).toThrow('Channel "train" is required; the job has channels: test.');
    expect(() => job.open({})).toThrow('Channel "train" is required; the job has channels: test.');
  });

  it('leaves out an optional channel that the job does not have', () => {
    job.put({ 'train/a.csv': '1,2\n' });

    const channels = job.open({ train: {} }, { definitions: { train: definition, validation: definition } });

    expect(Object.keys(channels)).toEqual(['train']);
  });

  it('refuses a channel that is not defined, listing the known ones', () => {
    job.put({ 'train/a.csv': '1,2\n', 'extra/a.csv': '1,2\n' });

    expect(() => job.open({ train: {}, extra: {} })).toThrow(
      expect.objectContaining({
        code: 'E_CHANNEL',
        message: `Channel "extra" is unknown; the algorithm's channels are: train.`,
      }),
    );
  });

  it('returns the files of a channel that does not contain rows', async () => {
    job.put({ 'train/a.csv': '1,2\n', 'model/sub/b.bin': 'x', 'model/a.bin': 'y' });
    const definitions = {
      train: definition,
      model: { content: 'files', description: 'model', contentTypes: ['application/x-sagemaker-model'] },
    } as const;

    const { model, train } = job.open({ train: {}, model: {} }, { definitions });

    expect(model?.files()).toEqual([
      { name: 'a.bin', path: join(job.data, 'model/a.bin') },
      { name: 'sub/b.bin', path: join(job.data, 'model/sub/b.bin') },
    ]);
    expect(train?.files().map(({ name }) => name)).toEqual(['a.csv']);
  });

  it('has no files for a channel in Pipe mode', () => {
    const { train } = job.open({ train: { TrainingInputMode: 'Pipe' } });

    expect(() => train?.files()).toThrow('Channel "train": TrainingInputMode must be File; received "Pipe".');
  });

  it('treats folders as File channels when the job has no inputdataconfig.json', async () => {
    job.put({ 'train/a.csv': '1,2\n', '.cache/a.csv': 'x', 'train-manifest': '[]' });

    const channels = job.open({});

    expect(Object.keys(channels)).toEqual(['train']);
    expect(await readRows(channels.train)).toEqual([[1, 2]]);
  });

  it.each([
    ['application/json', 'Channel "train": content type must be text/csv; received "application/json".'],
    ['libsvm', 'Channel "train": content type must be text/csv; received "libsvm".'],
  ])('refuses the content type %s', (ContentType, message) => {
    job.put({ 'train/a.csv': '1,2\n' });

    expect(() => job.open({ train: { ContentType } })).toThrow(
      expect.objectContaining({ code: 'E_CONTENT_TYPE', message }),
    );
  });

  it('reads the parameters of the content type, in any spelling', async () => {
    job.put({ 'train/a.csv': '1,2,3\n' });

    const { train } = job.open({ train: { ContentType: 'Text/CSV; Label_Size="2"; charset=utf-8' } });
    for await (const block of train!.blocks()) expect(block).toMatchObject({ labelCount: 2, columns: 1 });

    expect(train?.contentType.parameters).toEqual({ label_size: '2', charset: 'utf-8' });
    expect(await readRows(train)).toEqual([[1, 2, 3]]);
  });

  it('uses the first content type of the definition if the job gives none', async () => {
    job.put({ 'train/a.csv': '1,2,3\n' });
    const train = { ...definition, contentTypes: ['text/csv;label_size=0', 'text/csv'] } as const;

    const channels = job.open({ train: {} }, { definitions: { train } });

    expect(channels.train?.contentType).toEqual({ type: 'text/csv', parameters: { label_size: '0' } });
  });

  it.each([
    [
      { RecordWrapperType: 'RecordIO' },
      'Channel "train": RecordWrapperType must be "None" in File mode for text/csv; received "RecordIO".',
    ],
    [{ TrainingInputMode: 'Pipe' }, 'Channel "train": TrainingInputMode must be File; received "Pipe".'],
    [{ CompressionType: 'Gzip' }, 'Channel "train": CompressionType must be None; received "Gzip".'],
  ] as const)('refuses %j if the algorithm does not support it', (config, message) => {
    job.put({ 'train/a.csv': '1,2\n' });
    const train = { ...definition, inputModes: ['File'], compressionTypes: ['None'] } as const;

    expect(() => job.open({ train: config }, { definitions: { train } })).toThrow(
      expect.objectContaining({ code: 'E_CHANNEL', message }),
    );
  });

  it('refuses an invalid label_size before it reads any file', () => {
    job.put({ 'train/a.csv': '1,2\n' });

    expect(() => job.open({ train: { ContentType: 'text/csv;label_size=x' } })).toThrow(
      'Channel "train": label_size of the content type',
    );
  });
});

describe('a channel of files', () => {
  it('reads the files of all folders in the order of their paths', async () => {
    job.put({
      'train/b.csv': '3,3\n',
      'train/a/1.csv': '1,1',
      'train/a/2.csv': '2,2\n',
      'train/_SUCCESS': '',
      'train/.x': 'x',
    });

    const { train } = job.open({ train: {} });

    expect(await readRows(train)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('reads the same rows in each pass, even in two passes at the same time', async () => {
    job.put({ 'train/a.csv': '1,2\n3,4\n' });
    const { train } = job.open({ train: {} });

    const passes = await Promise.all([readRows(train, { maxRows: 1 }), readRows(train)]);

    expect(passes).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(await readRows(train)).toEqual(passes[0]);
  });

  it('yields to the event loop during a pass, so a signal can be handled', async () => {
    job.put({ 'train/a.csv': '1,2\n'.repeat(10) });
    let hasTurned = false;
    let rows = 0;

    // To the reader, every look at the clock comes a second after the one before.
    let seconds = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => ++seconds * 1000);
    onTestFinished(() => void vi.restoreAllMocks());
    setImmediate(() => {
      hasTurned = true;
    });
    for await (const _ of job.open({ train: {} }).train!.blocks({ maxRows: 1 })) {
      rows++;
      if (hasTurned) break;
    }

    expect(rows).toBeLessThan(10);
  });

  it('refuses a channel without files, naming its folder', () => {
    job.put({ 'train/_SUCCESS': 'x', 'train/.hidden': 'x' });

    expect(() => job.open({ train: {} })).toThrow(
      expect.objectContaining({
        code: 'E_CHANNEL',
        message: expect.stringContaining(
          `Channel "train" has no files in ${join(job.data, 'train')}: the files there have names that begin with "_" or ".", like markers and uncommitted copies: .hidden, _SUCCESS. Rename the data files.`,
        ),
      }),
    );
  });

  it('refuses a channel without a folder in the same way', () => {
    expect(() => job.open({ train: {} })).toThrow('Channel "train" has no files in');
  });

  it('refuses a channel whose files have no rows', async () => {
    job.put({ 'train/a.csv': '\n', 'train/b.csv': ' \r\n\n' });

    await expect(readRows(job.open({ train: {} }).train)).rejects.toMatchObject({ code: 'E_DATA_EMPTY' });
  });

  it('names the file relative to its channel in errors', async () => {
    mkdirSync(join(job.data, 'train', 'deep'), { recursive: true });
    job.put({ 'train/a.csv': '1,2\n', 'train/deep/b.csv': '1,2\n1,x\n' });

    await expect(readRows(job.open({ train: {} }).train)).rejects.toThrow(
      'train/deep/b.csv line 2 column 2: expected a number; received "x".',
    );
  });
});

describe('a channel of packed files', () => {
  const text = Array.from({ length: 60_000 }, (_, row) => `${row},${row / 7},${-row}`).join('\n');

  it.each([
    ['gzip', gzipSync],
    ['Zstandard', zstdCompressSync],
  ])('reads a file packed by %s as the file in it, whatever its name', async (_, pack) => {
    job.put({ 'train/plain.csv': text });
    const expected = await readRows(job.open({ train: {} }).train);
    job.put({ 'train/plain.csv': pack(text) });

    const packed = await readRows(job.open({ train: {} }).train);

    expectSameRows(packed, expected);
    expect(packed.length).toBe(60_000);
  });

  it('reads all members of a gzip file', async () => {
    job.put({ 'train/a.csv.gz': Buffer.concat([gzipSync('1,2\n3,'), gzipSync('4\n'), gzipSync('5,6')]) });

    expect(await readRows(job.open({ train: {} }).train)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('reads an uncompressed file that is named .gz', async () => {
    job.put({ 'train/a.csv.gz': '1,2\n' });

    expect(await readRows(job.open({ train: {} }).train)).toEqual([[1, 2]]);
  });

  it.each([
    ['truncated', (packed: Buffer) => packed.subarray(0, packed.length / 2)],
    ['without its checksum', (packed: Buffer) => packed.subarray(0, -4)],
    ['damaged', (packed: Buffer) => packed.fill(0x55, 2000, 2100)],
  ])('refuses a gzip file that is %s, naming it', async (_, damage) => {
    job.put({ 'train/a.csv.gz': damage(gzipSync(text)) });

    await expect(readRows(job.open({ train: {} }).train)).rejects.toMatchObject({
      name: 'ClientError',
      code: 'E_DATA_COMPRESSED',
      message: expect.stringContaining('train/a.csv.gz: the file must be complete gzip data'),
    });
  });

  it('closes the file if the pass stops early', async () => {
    job.put({ 'train/a.csv.gz': gzipSync(text), 'train/b.csv': text });

    for await (const block of job.open({ train: {} }).train!.blocks({ maxRows: 10 })) {
      expect(block.rows).toBe(10);
      break;
    }
  });
});
