/** Models and checkpoints that version 1.0.0 wrote before checkpoints could be within an epoch: they still load. */
import { readdirSync, readFileSync } from 'node:fs';
import { binaryTable, makeContainerRoot } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { predict, useJobs } from './jobs.js';

const { trainOn, resumeFrom, keepUntilEnd } = useJobs();

const folder = new URL('../fixtures/earlier/', import.meta.url);
const file = (name: string) => readFileSync(new URL(name, folder));
/** The job that left the model, and after its second epoch the checkpoint. */
const job = {
  hyperparameters: {
    ...{ objective: 'binary', epochs: '4', seed: '5', hidden_units: '3', dropout: '0.2', batch_normalization: 'true' },
  },
  channels: { train: { 'a.csv': binaryTable(40) } },
};

describe('files of an earlier version', () => {
  it('a checkpoint resumes to the model that it led to at that time', async () => {
    const resumed = await resumeFrom(job, file('checkpoint.bin'));

    expect(resumed.failure).toBeUndefined();
    expect(resumed.lines.join('\n')).toContain('resuming after epoch 2 of the checkpoint');
    expect(resumed.model.get('weights.bin')).toEqual(file('weights.bin'));
    expect(resumed.model.get('network.json')).toEqual(file('network.json'));
  });

  it('a model predicts like one that is trained today', async () => {
    const root = keepUntilEnd(makeContainerRoot());
    for (const name of readdirSync(folder)) if (name !== 'checkpoint.bin') root.write(`model/${name}`, file(name));
    const rows = '0.9,0.8,0.1,0.2\n0.1,0.2,0.3,0.4\n';

    const earlier = await predict({ root }, rows);

    expect(earlier).toEqual(await predict(await trainOn(job), rows));
  });

  it('a model can be trained further', async () => {
    const model = Object.fromEntries(['network.json', 'weights.bin'].map((name) => [name, file(name)]));

    const inputDataConfig = { model: { ContentType: 'application/x-sagemaker-model' } };
    const longer = await trainOn({ ...job, channels: { ...job.channels, model }, inputDataConfig });

    expect(longer.failure).toBeUndefined();
    expect(longer.model.get('weights.bin')).not.toEqual(file('weights.bin'));
  });
});
