import { expect, it, onTestFinished, vi } from 'vitest';
import { deploy } from '../../console/src/api/deploy.js';
import { deploymentDraftOf, deploymentRequestsOf } from '../../console/src/state/deployment.js';
import { INITIAL_STATE, type State } from '../../console/src/state/state.js';
import { invoke } from '../support/endpoint.js';
import { hasEnded, IMAGE, openScene, ROLE, trainingJob } from '../support/scene.js';

const row = { arn: '', status: 'InService', created: 1, modified: 1, started: null, ended: null };
const nothing = { phase: null, source: null, failure: null, parent: null };

const JOB = {
  ...{ TrainingJobName: 'job', RoleArn: ROLE, EnableNetworkIsolation: true },
  ModelArtifacts: { S3ModelArtifacts: 's3://data/out/job/output/model.tar.gz' },
};

it('the service takes the requests made of a training job, and the endpoint answers with its model', async () => {
  const { api, call, put, until } = await openScene();
  put({ 'train/a.csv': '1,2\n3,4\n' });
  await call('CreateTrainingJob', trainingJob('job'));
  const described = await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);

  const requests = deploymentRequestsOf(deploymentDraftOf(described, IMAGE, INITIAL_STATE.rows));
  const made = [
    await call('CreateModel', requests[0]!.request),
    await call('CreateEndpointConfig', requests[1]!.request),
    await call('CreateEndpoint', requests[2]!.request),
  ];
  await until('DescribeEndpoint', { EndpointName: 'job' }, ({ EndpointStatus }) => EndpointStatus === 'InService');

  expect(made.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(requests.map(({ kind, name }) => [kind, name])).toEqual([
    ['model', 'job'],
    ['endpoint-config', 'job'],
    ['endpoint', 'job'],
  ]);
  expect((await invoke(api.url, 'job', '1,1\n')).text.trim()).toBe('12'); // 1 + 1 + the sum of what it was trained on
});

it('each name is that of the job, or the next one where it is taken', () => {
  const rows: State['rows'] = {
    model: [{ ...row, ...nothing, kind: 'model', name: 'job' }],
    endpoint: [
      { ...row, ...nothing, kind: 'endpoint', name: 'job' },
      { ...row, ...nothing, kind: 'endpoint', name: 'job-2' },
    ],
  };

  const draft = deploymentDraftOf(JOB, IMAGE, rows);

  expect(draft).toMatchObject({
    model: 'job-2',
    config: 'job',
    endpoint: 'job-3',
    data: expect.stringContaining('s3:'),
  });
});

it('a model alone is one request, isolated as its job was', () => {
  const draft = { ...deploymentDraftOf(JOB, IMAGE, {}), isModelOnly: true };

  expect(deploymentRequestsOf(draft)).toEqual([
    {
      ...{ kind: 'model', name: 'job' },
      request: {
        ...{ ModelName: 'job', ExecutionRoleArn: ROLE, EnableNetworkIsolation: true },
        PrimaryContainer: { Image: IMAGE, ModelDataUrl: JOB.ModelArtifacts.S3ModelArtifacts },
      },
    },
  ]);
});

it('a deployment that fails says why, and deletes the rest where one of what it made cannot be deleted', async () => {
  const calls: string[] = [];
  const problems: Readonly<Record<string, string>> = { CreateEndpoint: 'No room.', DeleteEndpointConfig: 'Gone.' };
  vi.stubGlobal('fetch', async (_: string, { headers }: { readonly headers: Readonly<Record<string, string>> }) => {
    const operation = headers['X-Amz-Target']!.replace('SageMaker.', '');
    calls.push(operation);
    const message = problems[operation];
    return message === undefined ? Response.json({}) : Response.json({ message }, { status: 400 });
  });
  onTestFinished(() => void vi.unstubAllGlobals());

  const deploying = deploy(deploymentRequestsOf(deploymentDraftOf(JOB, IMAGE, {})));

  await expect(deploying).rejects.toThrow(
    'The endpoint "job": No room. Not deleted: the endpoint configuration "job".',
  );
  expect(calls.slice(3)).toEqual(['DeleteEndpointConfig', 'DeleteModel']);
});
