/** A training job laid out in a folder of the user's, as the platform mounts it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LayOutRequest, layOutTrainingJob, runTrainingJob } from '../src/index.js';
import { makeFolder, readJson, writeFiles } from './scene.js';
import { makeRequest, seenBy } from './training-scene.js';

function request(folder: string, changes: Partial<LayOutRequest> = {}): LayOutRequest {
  const { program, description, channels } = makeRequest(folder);
  return { program, description, channels, directory: join(folder, 'ml'), ...changes };
}

describe('a training job laid out in a folder', () => {
  it('has the configuration and the data that a program finds when the job runs', async () => {
    const folder = makeFolder();
    const hyperparameters = { epochs: '2' };

    const channels = await layOutTrainingJob(request(folder, { hyperparameters, inputMode: 'FastFile' }));
    await runTrainingJob(makeRequest(folder, { hyperparameters, inputMode: 'FastFile' }));

    const seen = seenBy(folder);
    const config = (name: string) => readJson(join(folder, 'ml/input/config', name));
    expect(config('hyperparameters.json')).toEqual(seen.hyperparameters);
    expect(config('inputdataconfig.json')).toEqual(seen.channels);
    expect(config('resourceconfig.json')).toEqual(seen.resources);
    expect(channels).toEqual([{ name: 'train', files: 3, bytes: 11 }]);
    expect(readFileSync(join(folder, 'ml/input/data/train/sub/b.csv'), 'utf8')).toBe('10\n');
    const made = readdirSync(join(folder, 'ml'), { recursive: true, encoding: 'utf8' }).sort();
    expect(made).toEqual(
      readdirSync(join(folder, 'work/opt/ml'), { recursive: true, encoding: 'utf8' })
        .filter((name) => !/^(model|output\/data)\//.test(name))
        .sort(),
    );
  });

  it('is the user’s: its files may be changed', async () => {
    const folder = makeFolder();

    await layOutTrainingJob(request(folder));

    // Root may write whatever the mode says, so the mode is looked at.
    for (const name of ['config/hyperparameters.json', 'data/train/a.csv']) {
      expect(statSync(join(folder, 'ml/input', name)).mode & 0o200, name).toBe(0o200);
    }
    expect(statSync(join(folder, 'ml/input/data/train')).mode & 0o700).toBe(0o700);
  });

  it('is refused where the folder has something in it, naming that', async () => {
    const folder = writeFiles(makeFolder(), { 'ml/mine.txt': 'mine' });

    await expect(layOutTrainingJob(request(folder))).rejects.toThrow(
      /ml must be a new folder or an empty one; it contains mine\.txt\. Remove it/,
    );
    expect(readdirSync(join(folder, 'ml'))).toEqual(['mine.txt']);
  });

  it('is refused in Pipe mode, whose data no folder holds', async () => {
    const folder = makeFolder();

    await expect(layOutTrainingJob(request(folder, { inputMode: 'Pipe' }))).rejects.toThrow(
      'Channel "train" must be in File or FastFile mode to be laid out in a folder; received "Pipe".',
    );
    expect(readdirSync(folder)).not.toContain('ml');
  });

  it('is refused inside of a channel, which would then contain it', async () => {
    const folder = makeFolder();

    await expect(layOutTrainingJob(request(folder, { directory: join(folder, 'data/ml') }))).rejects.toThrow(
      /Channel "train": .*data contains the output folder/,
    );
  });
});
