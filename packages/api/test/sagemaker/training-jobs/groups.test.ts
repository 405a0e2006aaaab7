/** Training jobs whose instances are in groups (a heterogeneous cluster), and the channels that are for some of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackArchive } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { instancesOf } from '../../../console/src/state/members.js';
import { requestOf } from '../../../console/src/state/request.js';
import { trainingDraftOf, trainingRequestOf } from '../../../console/src/state/training-draft.js';
import { channel, makeFolder, openScene, sharedScene, trainingJob } from '../../support/scene.js';
import { behave, DATA, ended } from './jobs.js';

const group = (InstanceGroupName: string, InstanceType = 'ml.m5.large', InstanceCount = 1) => ({
  ...{ InstanceGroupName, InstanceType, InstanceCount },
});
const groups = (...InstanceGroups: object[]) => ({ ResourceConfig: { InstanceGroups, VolumeSizeInGB: 1 } });
const forGroups = (ChannelName: string, ...InstanceGroupNames: string[]) =>
  channel('s3://data/train', { ChannelName }, InstanceGroupNames.length > 0 ? { InstanceGroupNames } : {});
const CPU = group('cpu', 'ml.c5.xlarge', 2);
const GPU = group('gpu', 'ml.g5.xlarge');

describe('a training job on groups of instances', () => {
  it('gives each host its type and the channels of its group, and is described as it was asked for', async () => {
    const scene = await openScene();
    scene.put(DATA);
    const { ResourceConfig } = groups(GPU, CPU);
    const InputDataConfig = [forGroups('train', 'cpu', 'gpu'), forGroups('extra', 'cpu')];

    await scene.call('CreateTrainingJob', trainingJob('job', { ResourceConfig, InputDataConfig }));
    const job = await ended(scene, 'job');
    const folder = makeFolder();
    await unpackArchive(scene.object('out/job/output/output.tar.gz'), folder);
    const first = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));

    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', ResourceConfig, InputDataConfig });
    expect(Object.keys(first.channels)).toEqual(['train']);
    expect(first.resources).toMatchObject({
      ...{ current_group_name: 'gpu', current_instance_type: 'ml.g5.xlarge' },
      instance_groups: [
        { instance_group_name: 'gpu', hosts: ['127.0.0.1'] },
        { instance_group_name: 'cpu', instance_type: 'ml.c5.xlarge', hosts: ['127.0.0.2', '127.0.0.3'] },
      ],
    });
  });

  it('counts the instances of each type for its quota', async () => {
    const scene = await openScene({ quotas: { 'ml.c5.xlarge': 3, 'ml.g5.xlarge': 2 } });
    scene.put(DATA);
    const create = async (name: string, ...all: object[]) =>
      (await scene.call('CreateTrainingJob', trainingJob(name, { ...groups(...all), ...behave('wait') }))).body;

    await create('first', GPU, CPU, { ...CPU, InstanceGroupName: 'more', InstanceCount: 1 });
    const over = await create('second', GPU, { ...CPU, InstanceCount: 1 });
    const fits = await create('third', GPU);
    for (const TrainingJobName of ['first', 'third']) await scene.call('StopTrainingJob', { TrainingJobName });
    for (const name of ['first', 'third']) await ended(scene, name);

    expect(over).toMatchObject({
      __type: 'ResourceLimitExceeded',
      message: expect.stringContaining(
        "'ml.c5.xlarge for training job usage' is 3 Instances, with current utilization of 3 Instances and a request delta of 1 Instances.",
      ),
    });
    expect(fits).toEqual({ TrainingJobArn: expect.any(String) });
  });

  it('is shown in the console with its groups, which a job that is run again has, too', () => {
    const job = trainingJob('job', groups(GPU, CPU));

    expect(instancesOf(job)).toBe('gpu: ml.g5.xlarge, cpu: 2 × ml.c5.xlarge');
    expect(instancesOf(trainingJob('job'))).toBe('ml.m5.xlarge');
    expect(trainingRequestOf(trainingDraftOf(requestOf('training-job', job)))).toMatchObject(groups(GPU, CPU));
    expect(trainingRequestOf(trainingDraftOf(requestOf('training-job', job))).ResourceConfig).not.toHaveProperty(
      'InstanceType',
    );
  });
});

describe('CreateTrainingJob refuses', () => {
  const shared = sharedScene((scene) => scene.put(DATA));
  const channels = (...InputDataConfig: object[]) => ({ ...groups(CPU, GPU), InputDataConfig });

  it.each<[string, object]>([
    [
      'InstanceType or InstanceCount cannot be specified with InstanceGroups',
      { ResourceConfig: { ...groups(CPU).ResourceConfig, InstanceCount: 1 } },
    ],
    [
      'Some channels have assigned instance groups: [train] while others not: [extra, more]',
      channels(forGroups('train', 'cpu'), forGroups('extra'), forGroups('more')),
    ],
    [
      'InputDataConfig channel train: InstanceGroupNames must be among the job\'s InstanceGroups: cpu, gpu; received "tpu".',
      channels(forGroups('train', 'tpu')),
    ],
    [
      'InputDataConfig channel train: InstanceGroupNames must differ; received "cpu" twice.',
      channels(forGroups('train', 'cpu', 'cpu')),
    ],
    [
      'InputDataConfig channel train: InstanceGroupNames must name groups of ResourceConfig.InstanceGroups, which the job does not have.',
      { InputDataConfig: [forGroups('train', 'cpu')] },
    ],
    ['ResourceConfig.InstanceGroups must have different names; received "cpu" twice.', groups(CPU, CPU)],
    [
      'ResourceConfig.InstanceGroups "gpu": InstanceCount must be in [1, 250] on this machine; received 0.',
      groups(CPU, { ...GPU, InstanceCount: 0 }),
    ],
    [
      'ResourceConfig.InstanceCount of all InstanceGroups together must be in [1, 250] on this machine; received 252.',
      groups(CPU, { ...GPU, InstanceCount: 250 }),
    ],
    [
      'ResourceConfig.KeepAlivePeriodInSeconds must not be with InstanceGroups.',
      { ResourceConfig: { ...groups(CPU).ResourceConfig, KeepAlivePeriodInSeconds: 60 } },
    ],
  ])('%s', async (message, changes) => {
    const { body } = await shared().call('CreateTrainingJob', trainingJob('job', changes));

    expect(body).toMatchObject({ __type: 'ValidationException', message });
  });

  it('more than five groups, and a group without a type, by the shapes of the service', async () => {
    const six = groups(...Array.from({ length: 6 }, (_, index) => group(`g${index}`)));
    const { InstanceType: _, ...typeless } = CPU;
    const messages = [six, groups(typeless)].map(async (changes) => {
      const { body } = await shared().call('CreateTrainingJob', trainingJob('job', changes));
      return body.message;
    });

    expect(await Promise.all(messages)).toEqual([
      expect.stringMatching(/resourceConfig\.instanceGroups.*less than or equal to 5/),
      expect.stringMatching(/resourceConfig\.instanceGroups.*instanceType.*must not be null/i),
    ]);
  });
});
