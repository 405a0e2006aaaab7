import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTrainingJob } from '../src/index.js';
import { makeFolder, readJson, writeFiles } from './scene.js';
import { makeRequest } from './training-scene.js';

describe('checkpoints', () => {
  it('are in a folder that the program finds filled, may write to, and is told of', async () => {
    const folder = makeFolder();
    const initial = writeFiles(join(folder, 'initial'), { 'a.txt': 'old', 'sub/b.txt': 'old' });
    let place = '';

    const result = await runTrainingJob(
      makeRequest(folder, { checkpoints: { initial, onFolder: (found) => (place = found) } }),
    );

    expect(result.status).toBe('Completed');
    expect(readJson(join(folder, 'work/opt/ml/input/config/checkpointconfig.json'))).toEqual({ LocalPath: place });
    expect(readFileSync(join(place, 'sub/b.txt'), 'utf8')).toBe('old');
    writeFiles(place, { 'a.txt': 'new', 'sub/c.txt': 'new' });
    expect(readFileSync(join(initial, 'a.txt'), 'utf8')).toBe('old');
  });

  it('stay in the folder of the caller, where the next job finds them', async () => {
    const folder = makeFolder();
    const checkpoints = { folder: join(folder, 'kept', 'checkpoints') };
    const run = () => runTrainingJob(makeRequest(folder, { checkpoints, hyperparameters: { behave: 'resume' } }));

    const [first, second] = [await run(), await run()];

    expect([first.status, second.status]).toEqual(['Failed', 'Completed']);
    expect(readFileSync(join(checkpoints.folder, 'count'), 'utf8')).toBe('2');
    expect(readJson(join(folder, 'work/opt/ml/input/config/checkpointconfig.json'))).toEqual({
      LocalPath: join(folder, 'work/opt/ml/checkpoints'),
    });
  });

  it('cannot be in a folder that cannot be made', async () => {
    const job = runTrainingJob(makeRequest(makeFolder(), { checkpoints: { folder: '/proc/x' } }));

    await expect(job).rejects.toThrow('Checkpoint folder /proc/x must be a writable folder');
  });

  it.each(['/opt/ml/model', '/opt/ml/input/', '/opt/ml/..', '/opt/ml/a/b', '/tmp/x', 'checkpoints'])(
    'cannot be in %s',
    async (localPath) => {
      const folder = makeFolder();

      const job = runTrainingJob(makeRequest(folder, { checkpoints: { localPath, onFolder: () => undefined } }));

      await expect(job).rejects.toThrow(`must be a folder of its own in /opt/ml; received "${localPath}".`);
    },
  );
});
