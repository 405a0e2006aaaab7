/** What comes to a training program through its channels, and which channels are refused. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runTrainingJob } from '../src/index.js';
import { makeFolder, readJson, writeFiles } from './scene.js';
import { makeRequest } from './training-scene.js';

describe('a job in Pipe mode', () => {
  it('reads the channel once per epoch, all files one after the other', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(makeRequest(folder, { inputMode: 'Pipe', hyperparameters: { epochs: '3' } }));

    expect(result.status).toBe('Completed');
    expect(result.metrics.filter(({ name }) => name === 'train:sum').map(({ value }) => value)).toEqual([20, 40, 60]);
    expect(readdirSync(join(folder, 'work/opt/ml/input/data'))).toEqual([]);
  });

  it('sends the files of a manifest in its order, shuffled anew for each epoch if there is a seed', async () => {
    const folder = makeFolder();
    const names = ['d', 'b', 'c', 'a', 'f', 'e'];
    const files = Object.fromEntries(names.map((name, i) => [`in/${name}`, `${i}\n`]));
    writeFiles(folder, { ...files, list: JSON.stringify([{ prefix: 'in/' }, ...names]) });
    const run = async (shuffleSeed: number | undefined) => {
      const train = { path: join(folder, 'list'), dataType: 'ManifestFile', shuffleSeed } as const;
      const hyperparameters = { behave: 'show', epochs: '2' };
      const { logFile } = await runTrainingJob(
        makeRequest(folder, { inputMode: 'Pipe', channels: { train }, hyperparameters }),
      );
      return readFileSync(logFile, 'utf8').match(/(?<=^epoch \d: ).*/gm);
    };

    const [plain, mixed] = [await run(undefined), await run(1)];

    expect(plain).toEqual(['0 1 2 3 4 5', '0 1 2 3 4 5']);
    expect(mixed?.map((order) => order.split(' ').sort().join(' '))).toEqual(plain);
    expect(new Set([...mixed!, plain![0]]).size).toBe(3);
    expect(await run(1)).toEqual(mixed);
  });

  it('unpacks a gzip channel, and fails with a ClientError if it is not gzip', async () => {
    const folder = makeFolder();
    const padded = Buffer.concat([gzipSync('5\n'), Buffer.alloc(512), gzipSync('6\n')]);
    writeFiles(folder, { 'packed/a.csv.gz': padded, 'broken/a.csv.gz': 'no gzip' });
    const run = (name: string) => {
      const train = { path: join(folder, name), compressionType: 'Gzip' } as const;
      return runTrainingJob(makeRequest(folder, { inputMode: 'Pipe', channels: { train } }));
    };

    const good = await run('packed');
    const bad = await run('broken');

    expect(good.finalMetrics['train:sum']).toBe(11);
    expect(bad.status).toBe('Failed');
    expect(bad.failureReason).toMatch(/^ClientError: .*broken\/a\.csv\.gz could not be read: incorrect header check/);
  });

  it('ends even if the program never opens its FIFO', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(
      makeRequest(folder, { inputMode: 'Pipe', hyperparameters: { behave: 'exit' } }),
    );

    expect(result).toMatchObject({ status: 'Failed', exitCode: 7 });
  });
});

describe('a channel folder', () => {
  it('without files, or with the output folder in it, is an ArgumentError', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'empty'));
    const run = (path: string) => runTrainingJob(makeRequest(folder, { channels: { train: { path } } }));

    await expect(run(join(folder, 'empty'))).rejects.toThrow(/^Channel "train": there are no files in .*empty\.$/);
    await expect(run(folder)).rejects.toThrow(
      /^Channel "train": .* contains the output folder .*Choose another output\.$/,
    );
  });
});

describe('records of a channel', () => {
  it('come to the program wrapped, and its configuration says so', async () => {
    const folder = makeFolder();
    const channels = {
      train: { path: join(folder, 'data'), inputMode: 'Pipe', recordWrapperType: 'RecordIO' },
    } as const;

    await runTrainingJob(makeRequest(folder, { channels }));

    expect(readJson(join(folder, 'work/opt/ml/input/config/inputdataconfig.json'))).toMatchObject({
      train: { TrainingInputMode: 'Pipe', RecordWrapperType: 'RecordIO' },
    });
  });

  it.each([
    [
      { recordWrapperType: 'RecordIO' },
      'Channel "train": RecordWrapperType must be None in File mode; received "RecordIO".',
    ],
    [
      { attributeNames: ['source-ref'] },
      'Channel "train": an augmented manifest must be read in Pipe mode; received "File".',
    ],
    [
      { inputMode: 'FastFile', dataType: 'ManifestFile' },
      'Channel "train": a manifest must be read in File or Pipe mode; received "FastFile".',
    ],
    [{ inputMode: 'Pipe', attributeNames: [] }, 'Channel "train": AttributeNames must have 1 to 16 names; received 0.'],
    [{ inputMode: 'Pipe', attributeNames: ['a'] }, 'Channel "train": an augmented manifest must be one file;'],
  ] as const)('are refused where the service refuses them: %j', async (changes, message) => {
    const folder = makeFolder();
    const channels = { train: { path: join(folder, 'data'), ...changes } };

    await expect(runTrainingJob(makeRequest(folder, { channels }))).rejects.toThrow(message);
  });
});
