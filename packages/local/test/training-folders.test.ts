/** The folders of a training job: what it finds in them, and what it refuses to write to. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LocalEvent, runTrainingJob } from '../src/index.js';
import { makeFolder, writeFiles } from './scene.js';
import { makeRequest } from './training-scene.js';

describe('a job whose folders have files', () => {
  it('removes the artifacts of an earlier job and creates none for an empty model folder', async () => {
    const folder = makeFolder();
    await runTrainingJob(makeRequest(folder));

    const result = await runTrainingJob(makeRequest(folder, { hyperparameters: { behave: 'no-model' } }));

    expect(result.status).toBe('Completed');
    expect(result.modelArchive).toBeUndefined();
    expect(existsSync(join(folder, 'out/model.tar.gz'))).toBe(false);
  });

  it('keeps the results of an earlier job if it fails, and writes its own log next to them', async () => {
    const folder = makeFolder();
    const first = await runTrainingJob(makeRequest(folder));
    const names = ['model.tar.gz', 'output.tar.gz', 'metrics.json', 'log.txt'];
    const before = names.map((name) => readFileSync(join(folder, 'out', name), 'hex'));

    const failed = await runTrainingJob(makeRequest(folder, { hyperparameters: { behave: 'fail' } }));
    const after = names.map((name) => readFileSync(join(folder, 'out', name), 'hex'));
    const listed = readdirSync(join(folder, 'out')).sort();
    const third = await runTrainingJob(makeRequest(folder));

    expect(failed.status).toBe('Failed');
    expect(after).toEqual(before);
    expect(failed.logFile).toBe(join(folder, 'out/unfinished-log.txt'));
    expect(listed).toEqual(['.algo-training-job', ...names, 'unfinished-log.txt', 'unfinished-metrics.json'].sort());
    expect(third.logFile).toBe(first.logFile);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['.algo-training-job', ...names].sort());
  });

  it.each(['model.tar.gz', 'output.tar.gz', 'metrics.json', 'log.txt'])(
    'refuses an output folder with a %s that no job wrote, and touches nothing',
    async (name) => {
      const folder = writeFiles(makeFolder(), { [`out/${name}`]: 'mine' });

      const run = runTrainingJob(makeRequest(folder));

      await expect(run).rejects.toMatchObject({
        name: 'ArgumentError',
        message: expect.stringMatching(new RegExp(`unless a training job wrote them; it contains ${name}\\.`)),
      });
      expect(readdirSync(join(folder, 'out'))).toEqual([name]);
      expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe('mine');
    },
  );

  it.each(['opt', 'home'])('refuses a working folder with a folder %s that no job made', async (name) => {
    const folder = writeFiles(makeFolder(), { [`work/${name}/mine.txt`]: 'mine' });

    const run = runTrainingJob(makeRequest(folder));

    await expect(run).rejects.toMatchObject({
      name: 'ArgumentError',
      message: expect.stringContaining(`or contain no ${name}; it contains one that no job made`),
    });
    expect(readFileSync(join(folder, 'work', name, 'mine.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });
});

describe('an output folder', () => {
  it.each([
    [
      'cannot be made',
      '/proc/x',
      /^Output folder \/proc\/x must be a writable folder: no such file or directory \(ENOENT\)/,
    ],
    [
      'cannot be made for what lies above it',
      '/proc/x/deep',
      /^Output folder \/proc\/x\/deep must be a writable folder/,
    ],
    ['cannot be written', '/proc', /^Output folder \/proc must be a writable folder: .* \(E/],
    ['is a file', '/etc/passwd', /^Output folder: \/etc\/passwd must be a folder; it is a file\. Choose another/],
    ['lies below a file', '/etc/passwd/x', /^Output folder \/etc\/passwd\/x must be a writable folder: .*ENOTDIR/],
  ])('that %s is refused before the program starts: %s', async (_case, outputDirectory, message) => {
    const folder = makeFolder();
    const lines: string[] = [];
    const onEvent = (event: LocalEvent) => void (event.type === 'log' && lines.push(event.line));

    const run = runTrainingJob(makeRequest(folder, { outputDirectory, onEvent }));

    await expect(run).rejects.toMatchObject({ name: 'ArgumentError', message: expect.stringMatching(message) });
    expect(lines).toEqual([]);
  });
});
