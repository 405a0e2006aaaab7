/** Training jobs whose instances are in groups, of which each has channels of its own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTrainingJob, type TrainingJobRequest } from '../src/index.js';
import { makeFolder, readJson, writeFiles } from './scene.js';
import { makeRequest } from './training-scene.js';

const CPU = { name: 'cpu', instanceType: 'ml.c5.xlarge', instanceCount: 2 };
const GPU = { name: 'gpu', instanceType: 'ml.g5.xlarge', instanceCount: 1 };

/** Channel `train` is for the hosts of one group, `more` for those of both. */
function request(folder: string, changes: Partial<TrainingJobRequest> = {}): TrainingJobRequest {
  writeFiles(join(folder, 'files'), { 'a.csv': '1\n', 'b.csv': '2\n', 'c.csv': '4\n' });
  const path = join(folder, 'files');
  return makeRequest(folder, {
    channels: {
      train: { path, distributionType: 'ShardedByS3Key', instanceGroupNames: ['cpu'] },
      more: { path, instanceGroupNames: ['gpu', 'cpu'] },
    },
    instanceGroups: [GPU, CPU],
    ...changes,
  });
}

const treeOf = (folder: string, host: number) => join(folder, `work/algo-${host}/opt/ml`);

describe('a training job on two groups of instances', () => {
  it('shows each host its group, its type and the groups of all', async () => {
    const folder = makeFolder();

    const result = await runTrainingJob(request(folder, { hyperparameters: { behave: 'show' } }));

    expect(result.exitCode, readFileSync(result.logFile, 'utf8')).toBe(0);
    const [first, second, third] = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
    const own = [
      ['gpu', 'ml.g5.xlarge'],
      ['cpu', 'ml.c5.xlarge'],
      ['cpu', 'ml.c5.xlarge'],
    ];
    for (const [index, [group, type]] of own.entries()) {
      expect(readJson(join(treeOf(folder, index + 1), 'input/config/resourceconfig.json'))).toEqual({
        current_host: [first, second, third][index],
        current_instance_type: type,
        current_group_name: group,
        hosts: [first, second, third],
        instance_groups: [
          { instance_group_name: 'gpu', instance_type: 'ml.g5.xlarge', hosts: [first] },
          { instance_group_name: 'cpu', instance_type: 'ml.c5.xlarge', hosts: [second, third] },
        ],
        network_interface_name: 'lo',
      });
    }
  });

  it('gives a channel to the hosts of its groups only, and shares it among these', async () => {
    const folder = makeFolder();

    await runTrainingJob(request(folder, { hyperparameters: { behave: 'show' } }));

    const channels = [1, 2, 3].map((host) => {
      const tree = treeOf(folder, host);
      const config = readJson<object>(join(tree, 'input/config/inputdataconfig.json'));
      const files = ['a.csv', 'b.csv', 'c.csv'].filter((name) => existsSync(join(tree, 'input/data/train', name)));
      return [Object.keys(config), files, existsSync(join(tree, 'input/data/more/c.csv'))];
    });
    expect(channels).toEqual([
      [['more'], [], true],
      [['train', 'more'], ['a.csv', 'c.csv'], true],
      [['train', 'more'], ['b.csv'], true],
    ]);
    expect(existsSync(join(treeOf(folder, 1), 'input/data/train'))).toBe(false);
  });

  it('may be one group of one instance, whose name it has', async () => {
    const folder = makeFolder();
    const channels = { train: { path: join(folder, 'files') } };

    await runTrainingJob(request(folder, { channels, instanceGroups: [GPU] }));

    expect(readJson(join(folder, 'work/opt/ml/input/config/resourceconfig.json'))).toMatchObject({
      ...{ current_host: 'algo-1', current_group_name: 'gpu', current_instance_type: 'ml.g5.xlarge' },
    });
  });
});

describe('groups that break a rule are refused with the member', () => {
  const many = Array.from({ length: 6 }, (_, index) => ({ ...CPU, name: `g${index}` }));

  it.each<[string, Partial<TrainingJobRequest>]>([
    [
      'InstanceGroups must be in place of InstanceType and InstanceCount; received InstanceCount 2, too.',
      { instanceCount: 2 },
    ],
    [
      'InstanceGroups must be in place of InstanceType and InstanceCount; received InstanceType ml.m5.large, too.',
      { instanceType: 'ml.m5.large' },
    ],
    ['InstanceGroups must have 1 to 5 groups; received 6.', { instanceGroups: many }],
    ['InstanceGroups must have 1 to 5 groups; received 0.', { instanceGroups: [] }],
    ['InstanceGroups must have different names; received "cpu" twice.', { instanceGroups: [CPU, GPU, CPU] }],
    ['InstanceGroupName must have 1 to 64 characters; received "".', { instanceGroups: [{ ...CPU, name: '' }] }],
    [
      'InstanceCount of group "cpu" must be a whole number in [1, 250] on this machine; received 0.',
      { instanceGroups: [GPU, { ...CPU, instanceCount: 0 }] },
    ],
    [
      'InstanceCount of all groups together must be a whole number in [1, 250] on this machine; received 251.',
      { instanceGroups: [GPU, { ...CPU, instanceCount: 250 }] },
    ],
  ])('%s', async (message, changes) => {
    await expect(runTrainingJob(request(makeFolder(), changes))).rejects.toThrow(message);
  });

  it.each<[string, readonly string[] | undefined, Partial<TrainingJobRequest>]>([
    ['Channel "train": InstanceGroupNames must be groups of the job: gpu, cpu; received "tpu".', ['cpu', 'tpu'], {}],
    ['Channel "train": InstanceGroupNames must differ; received "cpu" twice.', ['cpu', 'cpu'], {}],
    ['Channel "train": InstanceGroupNames must have 1 to 5 names; received 0.', [], {}],
    [
      'Channel "train": InstanceGroupNames must name groups of the job, which has none; received "cpu".',
      ['cpu'],
      { instanceGroups: undefined },
    ],
    ['All channels must have InstanceGroupNames, or none; received them for more and not for train.', undefined, {}],
  ])('%s', async (message, instanceGroupNames, changes) => {
    const folder = makeFolder();
    const { channels } = request(folder);
    const train = { path: join(folder, 'files'), instanceGroupNames };

    await expect(runTrainingJob(request(folder, { channels: { ...channels, train }, ...changes }))).rejects.toThrow(
      message,
    );
  });
});
