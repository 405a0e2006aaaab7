import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonEnvironment } from '@algo/bench';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PYTHON_PACKAGES } from '../clients/python-packages.js';
import { invoke } from '../support/endpoint.js';
import { callTarget, makeFolder, ROLE } from '../support/scene.js';
import {
  ALGO,
  containersOf,
  engineName,
  IMAGE,
  networkFolders,
  ROOT,
  type RunningApi,
  removeNames,
  startUp,
} from './container-scene.js';

const README = join(import.meta.dirname, '..', '..', 'README.md');
const ECR = '000000000000.dkr.ecr.us-east-1.amazonaws.com';
const PUSHED = `${ECR}/linear-regression:1.0.0`;
/** As .ci/images has built it, and no registry has it. */
const BUILT = `${ECR}/linear-regression`;
const LINE = '4,1\n7,2\n10,3\n13,4\n'; // y = 3x + 1, the label first

/** The commands of README.md's section for the server of this test and the engine of this machine, and its other way to push. */
async function shownCommands(url: string, dataFolder: string) {
  const [, section = ''] = /\n## A seller's own image\n(.*?)\n## /s.exec(readFileSync(README, 'utf8')) ?? [];
  const lines = section.match(/(?<=^ {4}).+$/gm)?.map((line) => line.replace(/\s+#.*$/, '')) ?? [];
  const { host, port } = new URL(url);
  const isDocker = (await engineName()) === 'docker';
  const adapt = (line: string) => {
    const own = line
      .replaceAll('127.0.0.1:4580', host)
      .replaceAll('npx algo up --env bash', `"$NODE" "$ALGO" up --env bash --port ${port} --data "${dataFolder}"`);
    return isDocker ? own.replaceAll('podman', 'docker').replaceAll(' --tls-verify=false', '') : own;
  };
  // .ci/images has built the image, and the server runs.
  const shown = lines.filter((line) => !/^npx algo (?:image build|up --runner)/.test(line)).map(adapt);
  const isPlan = (line: string) => line.includes('push-plan');
  return { push: shown.filter((line) => !isPlan(line)).join('\n'), plan: shown.filter(isPlan).join('\n') };
}

function shownProgram(): string {
  const [, program] = /```python\n(.*?)```/s.exec(readFileSync(README, 'utf8')) ?? [];
  return program!;
}

async function putLine(api: RunningApi): Promise<void> {
  await api.put('lines', '');
  await api.put('lines/train/line.csv', LINE);
  await api.put('lines/in/a.csv', '10\n11\n');
}

function trainingJob(name: string, changes: object = {}) {
  return {
    TrainingJobName: name,
    AlgorithmSpecification: { TrainingImage: BUILT, TrainingInputMode: 'File' },
    RoleArn: ROLE,
    InputDataConfig: [
      {
        ChannelName: 'train',
        ContentType: 'text/csv',
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://lines/train/' } },
      },
    ],
    OutputDataConfig: { S3OutputPath: 's3://lines/output' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 5 },
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
    ...changes,
  };
}

async function callLogs(url: string, operation: string, input: object) {
  return (await callTarget(url, `Logs_20140328.${operation}`, input)).body;
}

async function train(api: RunningApi, name: string, changes: object = {}) {
  await api.call('CreateTrainingJob', trainingJob(name, changes));
  return api.ended('DescribeTrainingJob', { TrainingJobName: name });
}

/** A model of the job's artifacts. */
async function makeModel(api: RunningApi, name: string, job: string, changes: object = {}): Promise<void> {
  const { ModelArtifacts } = await api.call('DescribeTrainingJob', { TrainingJobName: job });
  const PrimaryContainer = { Image: BUILT, ModelDataUrl: ModelArtifacts.S3ModelArtifacts };
  await api.call('CreateModel', { ModelName: name, PrimaryContainer, ExecutionRoleArn: ROLE, ...changes });
}

async function transform(api: RunningApi, name: string) {
  await api.call('CreateTransformJob', {
    ...{ TransformJobName: name, ModelName: name },
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://lines/in/' } },
      ...{ ContentType: 'text/csv', SplitType: 'Line' },
    },
    TransformOutput: { S3OutputPath: `s3://lines/out/${name}`, AssembleWith: 'Line' },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
  });
  return api.ended('DescribeTransformJob', { TransformJobName: name });
}

async function deploy(api: RunningApi, name: string): Promise<void> {
  const variant = { VariantName: 'all', ModelName: name, InstanceType: 'ml.m5.large', InitialInstanceCount: 1 };
  await api.call('CreateEndpointConfig', { EndpointConfigName: name, ProductionVariants: [variant] });
  await api.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: name });
  expect(await api.ended('DescribeEndpoint', { EndpointName: name })).toMatchObject({ EndpointStatus: 'InService' });
}

describe.skipIf(!IMAGE)('algo up --runner container (skipped without ALGO_TEST_IMAGE)', () => {
  it('runs an image that was pushed to it as README.md shows: its program trains, deploys and gets a prediction', async () => {
    const folder = makeFolder();
    const api = await startUp(join(folder, 'data'), 'container');
    const python = await pythonEnvironment(PYTHON_PACKAGES, () => undefined);
    const { push, plan } = await shownCommands(api.url, join(folder, 'data'));
    const hasOwnName = plan.includes('podman'); // docker's daemon knows no proxy of its client
    const again = 'aws ecr delete-repository --force --repository-name linear-regression';
    const script = [push, '"$PYTHON" -c "$PROGRAM"', ...(hasOwnName ? [`${again} > "$NOWHERE"`, plan] : [])].join('\n');
    const variables = {
      ...{ NODE: process.execPath, ALGO, PROGRAM: shownProgram(), PYTHON: join(python.binDirectory!, 'python') },
      ...{ PATH: `${python.binDirectory}:${process.env.PATH}`, REGISTRY_AUTH_FILE: join(folder, 'auth.json') },
      ...{ DOCKER_CONFIG: folder, NOWHERE: join(folder, 'deleted.json') },
    };
    onTestFinished(() => removeNames([`${new URL(api.url).host}/linear-regression`, PUSHED.replace(/:.*/, '')]));

    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
      env: { ...process.env, ...variables },
      cwd: ROOT,
    });

    expect(push).toContain('push');
    expect(plan).toContain('push-plan');
    expect(stdout).toContain('Login Succeeded');
    expect(stdout).toMatch(/^31$/m);
    if (hasOwnName) expect(stdout).toMatch(/\[\s+"application\/vnd.docker.distribution.manifest.v2\+json"\s+\]\s*$/);
    expect(await api.call('DescribeTrainingJob', { TrainingJobName: 'line' })).toMatchObject({
      TrainingJobStatus: 'Completed',
      AlgorithmSpecification: { TrainingImage: PUSHED },
    });
    await api.stop('SIGINT');
    expect(await containersOf(join(folder, 'data'))).toEqual([]);
  });

  it('trains, transforms and serves an image of the engine, isolated or not, alone or in a pipeline', async () => {
    const api = await startUp(makeFolder(), 'container');
    await putLine(api);

    for (const EnableNetworkIsolation of [false, true]) {
      const name = EnableNetworkIsolation ? 'isolated' : 'open';
      const trained = await train(api, name, { EnableNetworkIsolation });
      await makeModel(api, name, name, { EnableNetworkIsolation });
      const transformed = await transform(api, name);
      await deploy(api, name);

      expect(trained).toMatchObject({ TrainingJobStatus: 'Completed', EnableNetworkIsolation });
      expect(transformed).toMatchObject({ TransformJobStatus: 'Completed' });
      expect(await api.read(`lines/out/${name}/a.csv.out`)).toBe('31\n34\n');
      expect(await invoke(api.url, name, '10\n')).toMatchObject({ status: 200, text: '31\n' });
    }
    const { PrimaryContainer } = await api.call('DescribeModel', { ModelName: 'open' });
    const Containers = [PrimaryContainer, PrimaryContainer];
    await api.call('CreateModel', { ModelName: 'pipeline', Containers, ExecutionRoleArn: ROLE });
    await deploy(api, 'pipeline');
    expect((await invoke(api.url, 'pipeline', '10\n')).text).toBe('94\n');
    await api.stop('SIGINT');
  });

  it('gives a job that fails the reason that its container wrote, and its log', async () => {
    const api = await startUp(makeFolder(), 'container');
    await putLine(api);
    await api.put('lines/train/line.csv', '1,2\n3\n');

    const job = await train(api, 'bad');

    expect(job).toMatchObject({
      TrainingJobStatus: 'Failed',
      FailureReason: expect.stringMatching(/line\.csv line 2: /),
    });
    const { events } = await callLogs(api.url, 'FilterLogEvents', { logGroupName: '/aws/sagemaker/TrainingJobs' });
    const lines = events.map(({ message }: { readonly message: string }) => message);
    expect(lines[0]).toMatch(/^linear-regression \S+ train: node /); // of stdout
    expect(lines.join('\n')).toContain('line.csv line 2: '); // of stderr
    await api.stop('SIGINT');
  });

  it('that is killed and started again, by whatever runner, leaves no container and no folder', async () => {
    const folder = makeFolder();
    const killed = await startUp(folder, 'container');
    await putLine(killed);
    await train(killed, 'done');
    for (const EnableNetworkIsolation of [false, true]) {
      const name = EnableNetworkIsolation ? 'isolated' : 'open';
      await makeModel(killed, name, 'done', { EnableNetworkIsolation });
      await deploy(killed, name);
    }
    const before = await containersOf(folder);

    await killed.stop('SIGKILL');
    const outlived = await containersOf(folder);
    const again = await startUp(folder, 'process');

    expect(before).toHaveLength(3); // two servers, and the network of one
    expect(outlived).not.toEqual([]);
    expect(await containersOf(folder)).toEqual([]);
    expect(networkFolders(folder)).toEqual([]);
    await again.stop('SIGINT');
  });
});
