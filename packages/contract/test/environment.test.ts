import { afterEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../src/environment.js';
import { readServingEnvironment } from '../src/serving-environment.js';
import { type ContainerRoot, makeContainerRoot } from '../src/testing/container-root.js';

let root: ContainerRoot;
afterEach(() => root.remove());

const read = (variables: Record<string, string> = {}) => readEnvironment({ ...root.variables, ...variables });

describe('the input/config files', () => {
  it('are read with every key that the platform writes', () => {
    root = makeContainerRoot({
      hyperparameters: { eta: '0.1' },
      channels: { train: { 'a.csv': '1,2\n' } },
      inputDataConfig: { train: { TrainingInputMode: 'Pipe', CompressionType: 'Gzip' } },
      hasCheckpoints: true,
    });

    const environment = read();

    expect(environment.hyperparameters).toEqual({ eta: '0.1' });
    expect(environment.inputDataConfig.train).toMatchObject({
      ContentType: 'text/csv',
      TrainingInputMode: 'Pipe',
      CompressionType: 'Gzip',
      RecordWrapperType: 'None',
    });
    expect(environment.resourceConfig).toMatchObject({
      currentHost: 'algo-1',
      hosts: ['algo-1'],
      networkInterface: 'eth0',
      groupName: 'homogeneousCluster',
      instanceGroups: [{ name: 'homogeneousCluster', type: 'ml.m5.large', hosts: ['algo-1'] }],
    });
    expect(environment.checkpointPath).toBe(`${root.paths.base}/checkpoints`);
    expect(environment.trainingJobName).toBe('test-job');
  });

  it('have the groups of a heterogeneous cluster, and where the hosts of an UltraServer are', () => {
    const topology = { hosts: [{ hostName: 'algo-1', capacityUnitId: 'unit-1' }] };
    const groups = [
      { instance_group_name: 'cpu', instance_type: 'ml.c5.xlarge', hosts: ['algo-1'] },
      { instance_group_name: 'gpu', instance_type: 'ml.p5.48xlarge', hosts: ['algo-10', 'algo-2'] },
    ];
    root = makeContainerRoot({
      resourceConfig: {
        ...{ hosts: ['algo-1', 'algo-10', 'algo-2'], current_host: 'algo-2', current_group_name: 'gpu' },
        ...{ current_instance_type: 'ml.p5.48xlarge', instance_groups: groups, topology },
      },
    });

    expect(read().resourceConfig).toEqual({
      ...{ currentHost: 'algo-2', hosts: ['algo-1', 'algo-10', 'algo-2'], networkInterface: 'eth0' },
      ...{ instanceType: 'ml.p5.48xlarge', groupName: 'gpu', topology },
      instanceGroups: [
        { name: 'cpu', type: 'ml.c5.xlarge', hosts: ['algo-1'] },
        { name: 'gpu', type: 'ml.p5.48xlarge', hosts: ['algo-10', 'algo-2'] },
      ],
    });
  });

  it('may have null for what is missing, as launchers in Python write it', () => {
    root = makeContainerRoot();
    const channel = { ContentType: null, TrainingInputMode: null, S3DistributionType: null, RecordWrapperType: null };
    const cluster = { network_interface_name: null, current_group_name: null, instance_groups: null, topology: null };
    root.write('input/config/inputdataconfig.json', JSON.stringify({ train: { ...channel, CompressionType: null } }));
    root.write('input/config/checkpointconfig.json', '{"LocalPath":null,"S3Uri":null}');
    root.write(
      'input/config/resourceconfig.json',
      JSON.stringify({ current_host: 'algo-1', hosts: ['algo-1'], ...cluster }),
    );

    const { inputDataConfig, resourceConfig, checkpointPath } = read();

    expect(inputDataConfig.train).toEqual({
      ...{ ContentType: undefined, TrainingInputMode: 'File', S3DistributionType: undefined },
      ...{ RecordWrapperType: 'None', CompressionType: 'None' },
    });
    expect(resourceConfig).toMatchObject({ groupName: undefined, instanceGroups: [], topology: undefined });
    expect(checkpointPath).toBe(`${root.paths.base}/checkpoints`);
  });

  it('are deeply frozen', () => {
    root = makeContainerRoot();

    const environment = read();

    expect(Object.isFrozen(environment.resourceConfig.hosts)).toBe(true);
    expect(Object.isFrozen(environment.serving)).toBe(true);
  });

  it('keeps every name of a hyperparameter, __proto__ too', () => {
    root = makeContainerRoot();
    root.write('input/config/hyperparameters.json', '{"__proto__":"5"}');

    const { hyperparameters } = read();

    expect(Object.entries(hyperparameters)).toEqual([['__proto__', '5']]);
  });

  it('may all be missing: one host, no channels, no hyperparameters', () => {
    root = makeContainerRoot();

    const environment = readEnvironment({ SAGEMAKER_BASE_DIR: `${root.paths.base}/elsewhere` });

    expect(environment.hyperparameters).toEqual({});
    expect(environment.inputDataConfig).toEqual({});
    expect(environment.resourceConfig).toMatchObject({ currentHost: 'algo-1', hosts: ['algo-1'] });
    expect(environment.checkpointPath).toBeUndefined();
  });

  it('are not read where the program serves, whatever they contain', () => {
    root = makeContainerRoot();
    const files = ['hyperparameters', 'inputdataconfig', 'resourceconfig', 'checkpointconfig'];
    for (const file of files) root.write(`input/config/${file}.json`, '{');
    const variables = { ...root.variables, CURRENT_HOST: 'algo-2', SAGEMAKER_BIND_TO_PORT: '9000' };

    const environment = readServingEnvironment(variables);

    const job = { hyperparameters: {}, inputDataConfig: {}, checkpointPath: undefined };
    expect(environment).toMatchObject({ ...job, resourceConfig: { currentHost: 'algo-2', hosts: ['algo-2'] } });
    expect(environment.serving.port).toBe(9000);
    expect(Object.isFrozen(environment.resourceConfig.hosts)).toBe(true);
    expect(() => read()).toThrow(/resourceconfig\.json must be valid JSON/);
  });

  it('may have FastFile, read as File, and a channel with the two keys of SageMaker’s local mode', () => {
    root = makeContainerRoot();
    root.write(
      'input/config/inputdataconfig.json',
      '{"a":{"TrainingInputMode":"FastFile"},"b":{"ContentType":"text/csv"}}',
    );

    const { inputDataConfig } = read();

    expect(inputDataConfig.a?.TrainingInputMode).toBe('File');
    expect(inputDataConfig.b).toMatchObject({ ContentType: 'text/csv', TrainingInputMode: 'File' });
  });

  it('may be named resourceConfig.json and have the toolkit’s group key', () => {
    root = makeContainerRoot();
    const config = { current_host: 'algo-2', hosts: ['algo-1', 'algo-2'], current_instance_group: 'workers' };
    root.write('elsewhere/input/config/resourceConfig.json', JSON.stringify(config));

    const { resourceConfig } = readEnvironment({ SAGEMAKER_BASE_DIR: `${root.paths.base}/elsewhere` });

    expect(resourceConfig).toMatchObject({ currentHost: 'algo-2', groupName: 'workers' });
  });

  it.each([
    ['hyperparameters.json', '{"eta":0.1}', /hyperparameters\.json, eta: must be a string; received 0\.1\./],
    [
      'hyperparameters.json',
      '["eta"]',
      /hyperparameters\.json, the whole file: must be an object; received \["eta"\]\./,
    ],
    ['hyperparameters.json', '{"eta":', /hyperparameters\.json must be valid JSON; received "{\\"eta\\":"\./],
    ['hyperparameters.json', '\ufeff{}', /hyperparameters\.json must be valid JSON; received "\\ufeff{}"\./],
    ['inputdataconfig.json', '{"train":null}', /json, train: must be an object; received null\./],
    [
      'inputdataconfig.json',
      '{"../x":{}}',
      /json, \.\.\/x: must have a name of 1 to 64 letters, digits, "\.", "-" and "_"; received "\.\.\/x"\./,
    ],
    ['resourceconfig.json', '{"current_host":"a","hosts":[]}', /json, hosts: must not be empty; received \[\]\./],
    ['resourceconfig.json', '{"current_host":"a","hosts":"a"}', /json, hosts: must be a list; received "a"\./],
    [
      'inputdataconfig.json',
      '{"train":{"TrainingInputMode":"Stream"}}',
      /train\.TrainingInputMode: must be "File" or "FastFile" or "Pipe"; received "Stream"\./,
    ],
    [
      'resourceconfig.json',
      '{"current_host":"algo-1"}',
      /resourceconfig\.json, hosts: must be a list; received nothing\./,
    ],
    [
      'resourceconfig.json',
      '{"current_host":"algo-9","hosts":["algo-1"]}',
      /current_host must be one of hosts algo-1; received "algo-9"/,
    ],
    [
      'resourceconfig.json',
      '{"current_host":"algo-1","hosts":["algo-1","algo-2","algo-1"]}',
      /hosts must not have a name twice; received "algo-1" more than once in algo-1, algo-2, algo-1\./,
    ],
  ])('raise an error that names file, key and value of a malformed %s', (file, content, message) => {
    root = makeContainerRoot();
    root.write(`input/config/${file}`, content);

    expect(() => read()).toThrow(message);
  });

  it('raise an error that names the file where it cannot be read', () => {
    root = makeContainerRoot();
    root.write('input/config/checkpointconfig.json/file', '{}');

    expect(() => read()).toThrow(/checkpointconfig\.json must be a file that can be read; received EISDIR/);
  });
});

describe('the platform’s variables', () => {
  it('set the serving options', () => {
    root = makeContainerRoot();

    const { serving } = read({
      SAGEMAKER_BIND_TO_PORT: '9000',
      SAGEMAKER_BATCH: 'True',
      SAGEMAKER_MAX_PAYLOAD_IN_MB: '0',
      SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: 'text/csv',
      SAGEMAKER_INFERENCE_OUTPUT: 'predicted_label,probability',
      ALGO_LOG_FORMAT: 'json',
      ALGO_METRICS_NAMESPACE: 'acme/prices',
      ALGO_MAX_PAYLOAD_IN_MB: '1024',
    });

    expect(serving).toMatchObject({
      port: 9000,
      isBatch: true,
      maxPayloadMb: 0,
      defaultAccept: 'text/csv',
      inferenceOutput: 'predicted_label,probability',
      logFormat: 'json',
      metricsNamespace: 'acme/prices',
      realTimePayloadMb: 1024,
    });
  });

  it('reach the algorithm if they begin with ALGO_, and only then', () => {
    root = makeContainerRoot();

    const { variables } = read({ ALGO_BACKEND: 'wasm', ALGO_EMPTY: '', AWS_SECRET_ACCESS_KEY: 'x' });

    expect(variables).toEqual({ ALGO_BACKEND: 'wasm' });
  });

  it.each(['', ' ', '\t '])('count as unset if they are %j', (blank) => {
    root = makeContainerRoot();
    const names = [
      'SAGEMAKER_BIND_TO_PORT',
      'SAGEMAKER_MULTI_MODEL',
      'SAGEMAKER_BATCH',
      'SAGEMAKER_MAX_PAYLOAD_IN_MB',
      'SAGEMAKER_MAX_CONCURRENT_TRANSFORMS',
      'SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT',
      'SAGEMAKER_INFERENCE_OUTPUT',
      'SAGEMAKER_MODEL_SERVER_WORKERS',
      'SAGEMAKER_MODEL_SERVER_TIMEOUT',
      'SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS',
      'ALGO_LOG_FORMAT',
      'ALGO_METRICS_NAMESPACE',
      'ALGO_MAX_PAYLOAD_IN_MB',
    ];

    const { serving } = read(Object.fromEntries(names.map((name) => [name, blank])));

    expect(serving).toEqual(read().serving);
    expect(readEnvironment({ SAGEMAKER_BASE_DIR: blank }).paths.base).toBe('/opt/ml');
  });

  it('default to port 8080', () => {
    root = makeContainerRoot();

    expect(read({ ALGO_BIND_TO_HOST: '127.0.0.1' }).serving.host).toBe('127.0.0.1');
    expect(read().serving).toMatchObject({
      port: 8080,
      host: undefined,
      isBatch: false,
      isMultiModel: false,
      maxPayloadMb: undefined,
    });
  });

  it.each([
    ['SAGEMAKER_BIND_TO_PORT', '80 80', 'must be an integer in [0, 65535]; received "80 80"'],
    ['SAGEMAKER_BATCH', 'maybe', 'must be true or false; received "maybe"'],
    ['ALGO_METRICS_NAMESPACE', 'AWS/x', 'must be 1 to 255 letters, digits or any of ._-/#:'],
    ['ALGO_LOG_FORMAT', 'JSON', 'must be text or json; received "JSON"'],
    ['ALGO_MAX_PAYLOAD_IN_MB', '1025', 'must be an integer in [1, 1024]; received "1025"'],
  ])('raise an error for %s that has its rule and value', (name, value, message) => {
    root = makeContainerRoot();

    expect(() => read({ [name]: value })).toThrow(`Variable ${name} ${message}`);
  });
});
