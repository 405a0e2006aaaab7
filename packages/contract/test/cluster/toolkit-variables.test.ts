/** The variables of AWS's training toolkit, as it makes them of the same files. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { toolkitVariables } from '../../src/cluster/toolkit-variables.js';
import { allowedCpus } from '../../src/cpu-count.js';
import { readEnvironment } from '../../src/environment.js';
import { memoryLog } from '../../src/log.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import type { TrainingJob } from '../../src/training/job.js';
import { createStopSignal } from '../../src/training/stop.js';
import { train as runJob } from '../../src/training/train.js';
import { mean } from '../fixtures/mean.js';

let root: ContainerRoot;
afterEach(() => root.remove());

const GROUPS = [
  { instance_group_name: 'cpu', instance_type: 'ml.c5.xlarge', hosts: ['algo-2'] },
  { instance_group_name: 'gpu', instance_type: 'ml.g5.xlarge', hosts: ['algo-1', 'algo-3'] },
];

function variables(contents: Parameters<typeof makeContainerRoot>[0]): Readonly<Record<string, string>> {
  root = makeContainerRoot(contents);
  return toolkitVariables(readEnvironment(root.variables));
}

describe('the variables of the training toolkit', () => {
  it('have the paths, channels and hyperparameters of the job', () => {
    const found = variables({
      hyperparameters: {
        ...{ epochs: '3', optimizer: 'sgd', layers: '[1,2]', x: 'true', 'batch-size': '8', quoted: '"512"' },
        ...{ sagemaker_program: 'train.py', sagemaker_submit_directory: '/code', sagemaker_mpi_enabled: 'true' },
        ...{ sagemaker_container_log_level: '10', _tuning_objective_metric: 'a', sagemaker_region: 'eu-west-1' },
      },
      channels: { train: { a: '1' }, 'my.data': { b: '2' } },
    });
    const { base } = root.paths;
    const hps = '{"batch-size":8,"epochs":3,"layers":[1,2],"optimizer":"sgd","quoted":"512","x":true}';

    expect(found).toMatchObject({
      ...{ SM_MODEL_DIR: `${base}/model`, SM_INPUT_DIR: `${base}/input`, SM_INPUT_CONFIG_DIR: `${base}/input/config` },
      ...{ SM_OUTPUT_DIR: `${base}/output`, SM_OUTPUT_DATA_DIR: `${base}/output/data` },
      ...{ SM_OUTPUT_INTERMEDIATE_DIR: `${base}/output/intermediate`, SM_CHANNELS: '["my.data","train"]' },
      ...{ SM_CHANNEL_TRAIN: `${base}/input/data/train`, SM_CHANNEL_MY_DATA: `${base}/input/data/my.data` },
      ...{ SM_HP_EPOCHS: '3', SM_HP_OPTIMIZER: 'sgd', SM_HP_LAYERS: '[1,2]', SM_HP_X: 'true', SM_HP_BATCH_SIZE: '8' },
      ...{ SM_HPS: hps, SM_MODULE_NAME: 'train', SM_USER_ENTRY_POINT: 'train.py', SM_MODULE_DIR: '/code' },
      SM_USER_ARGS:
        '["--batch-size","8","--epochs","3","--layers","[1, 2]","--optimizer","sgd","--quoted","512","-x","True"]',
      ...{ SM_FRAMEWORK_PARAMS: '{"sagemaker_mpi_enabled":true}', SM_FRAMEWORK_MODULE: '', SM_LOG_LEVEL: '10' },
      ...{ SM_NUM_CPUS: String(allowedCpus()), SM_NUM_GPUS: expect.stringMatching(/^\d+$/) },
    });
    expect(JSON.parse(found.SM_INPUT_DATA_CONFIG!).train).toEqual({
      ...{ ContentType: 'text/csv', TrainingInputMode: 'File' },
      ...{ S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' },
    });
    const { job_name, channel_input_dirs, hyperparameters } = JSON.parse(found.SM_TRAINING_ENV!);
    expect(job_name).toBe('test-job');
    expect(channel_input_dirs.train).toBe(found.SM_CHANNEL_TRAIN);
    expect(hyperparameters).toEqual(JSON.parse(hps));
  });

  // What sagemaker-training 5.1.4 of PyPI makes of the same hyperparameters.
  it.each([
    ['1.0', '1.0', '1.0'],
    ['0.00001', '1e-05', '1e-05'],
    ['1E5', '100000.0', '100000.0'],
    ['1e22', '1e+22', '1e+22'],
    ['12345678901234567.0', '1.2345678901234568e+16', '1.2345678901234568e+16'],
    ['1234567890123456.5', '1234567890123456.5', '1234567890123456.5'],
    ['12345678901234567890', '12345678901234567890', '12345678901234567890'],
    ['-0', '0', '0'],
    ['-0.0', '-0.0', '-0.0'],
    ['NaN', 'NaN', 'nan'],
    ['Infinity', 'Infinity', 'inf'],
    ['1e400', 'Infinity', 'inf'],
    ['null', '', ''],
    ['False', 'False', 'False'],
    [' 5 ', '5', '5'],
    ['héé 😀', 'héé 😀', 'héé 😀'],
    ['[1, 2.0, "a\'b", null, true]', '[1,2.0,"a\'b",null,true]', '[1, 2.0, "a\'b", None, True]'],
    ['{"b": 1.5, "a": [1,"z"], "é": null}', '{"a":[1,"z"],"b":1.5,"\\u00e9":null}', "a=[1, 'z'],b=1.5,é=None"],
  ])('have the hyperparameter %s as Python writes it', (text, value, argument) => {
    const found = variables({ hyperparameters: { x: text } });

    expect(found.SM_HP_X).toBe(value);
    expect(JSON.parse(found.SM_USER_ARGS!)).toEqual(['-x', argument]);
  });

  it('have the hosts and groups of the cluster', () => {
    const topology = { network_topology: [{ hostName: 'algo-1', capacityUnitId: 'u1' }] };
    const found = variables({
      resourceConfig: {
        ...{ current_host: 'algo-3', hosts: ['algo-1', 'algo-2', 'algo-3'], current_group_name: 'gpu' },
        ...{ current_instance_type: 'ml.g5.xlarge', instance_groups: GROUPS, network_interface_name: 'eth1', topology },
      },
    });

    expect(found).toMatchObject({
      ...{ SM_CURRENT_HOST: 'algo-3', SM_HOSTS: '["algo-1","algo-2","algo-3"]', SM_MASTER_HOSTNAME: 'algo-1' },
      ...{ SM_CURRENT_INSTANCE_TYPE: 'ml.g5.xlarge', SM_CURRENT_INSTANCE_GROUP: 'gpu', SM_IS_HETERO: 'true' },
      ...{ SM_CURRENT_INSTANCE_GROUP_HOSTS: '["algo-1","algo-3"]', SM_INSTANCE_GROUPS: '["cpu","gpu"]' },
      ...{ SM_DISTRIBUTION_INSTANCE_GROUPS: '[]', SM_NETWORK_INTERFACE_NAME: 'eth1', SM_HPS: '{}', SM_USER_ARGS: '[]' },
    });
    expect(JSON.parse(found.SM_INSTANCE_GROUPS_DICT!).gpu).toEqual(GROUPS[1]);
    expect(JSON.parse(found.SM_RESOURCE_CONFIG!).instance_groups).toEqual(GROUPS);
    expect(JSON.parse(found.SM_TOPOLOGY!)).toEqual(topology);
  });

  it('are names that any shell can read, and say what they can where no file does', () => {
    root = makeContainerRoot();
    const found = toolkitVariables(readEnvironment({ SAGEMAKER_BASE_DIR: `${root.paths.base}/elsewhere` }));

    expect(Object.keys(found).filter((name) => !/^SM_[A-Z0-9_]+$/.test(name))).toEqual([]);
    expect(found).toMatchObject({
      ...{ SM_CURRENT_HOST: 'algo-1', SM_HOSTS: '["algo-1"]', SM_CURRENT_INSTANCE_TYPE: 'local' },
      ...{ SM_CURRENT_INSTANCE_GROUP: 'homogeneousCluster', SM_RESOURCE_CONFIG: '{}', SM_CHANNELS: '[]' },
    });
    expect(found).not.toHaveProperty('SM_TOPOLOGY');
  });
});

describe('a training job', () => {
  const train = async (setsToolkitVariables: boolean, more: Readonly<Record<string, string>> = {}) => {
    root = makeContainerRoot({ channels: { train: { 'a.csv': '1,2\n' } } });
    let seen: unknown[] = [];
    const algorithm = {
      ...mean,
      setsToolkitVariables,
      train: async (job: TrainingJob) => {
        seen = [process.env.SM_CHANNEL_TRAIN, job.cacheDirectory];
        await job.saveModel({ featureCount: 1, files: {} });
      },
    } as unknown as Algorithm;
    const { stop } = createStopSignal();
    const variables = { ...root.variables, ...more };
    await runJob(algorithm, { log: memoryLog(), stop, base: root.paths.base, variables });
    root.remove();
    for (const name of Object.keys(process.env)) if (name.startsWith('SM_')) delete process.env[name];
    return seen;
  };

  it('has the variables of the toolkit where its definition says so, and only then', async () => {
    expect(await train(false)).toEqual([undefined, undefined]);
    expect(await train(true)).toEqual([`${root.paths.data}/train`, undefined]);
  });

  it('has the cache directory of its warm pool', async () => {
    const variables = { SAGEMAKER_MANAGED_WARMPOOL_CACHE_DIRECTORY: '/opt/ml/sagemaker/warmpoolcache' };

    expect(await train(false, variables)).toEqual([undefined, '/opt/ml/sagemaker/warmpoolcache']);
  });
});
