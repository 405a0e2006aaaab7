/**
 * This repository's three algorithms as one inference pipeline: a network, then trees and a line that correct its score. Their
 * programs must have been built.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processPrograms } from '../../../src/index.js';
import { invoke, variant } from '../../support/endpoint.js';
import { channel, hasEnded, openScene, ROLE, type Scene, trainingJob } from '../../support/scene.js';

const ALGORITHMS = join(import.meta.dirname, '..', '..', '..', '..', '..', 'algorithms');
const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

/** In the order of the pipeline: its data, label first, and hyperparameters. The last two have one feature, a score. */
const STEPS = [
  ['neural-network', rowsOf(([a, b]) => [3 * a - 2 * b, a, b]), { objective: 'regression', epochs: '3', seed: '1' }],
  ['gradient-boosting', rowsOf(([a]) => [a > 0.5 ? 20 : 10, 3 * a]), { objective: 'reg:squarederror', num_round: '5' }],
  ['linear-regression', rowsOf(([a]) => [2 * a + 1, a]), {}],
] as const;

it('three algorithms of one pipeline answer as one after the other does, in text and JSON', async () => {
  const scene = await openScene({ programs: processPrograms(ALGORITHMS) });
  const artifacts = await Promise.all(STEPS.map(([name, data, values]) => train(scene, name, data, values)));
  const Containers = STEPS.map(([name], i) => ({ Image: imageOf(name), ModelDataUrl: artifacts[i] }));
  for (const [i, [name]] of STEPS.entries()) await deploy(scene, name, [Containers[i]!]);
  await deploy(scene, 'chain', Containers);

  let body = '0.1,0.9\n0.9,0.1\n0.5,0.5\n';
  const request = body;
  for (const [name] of STEPS) body = (await invoke(scene.api.url, name, body)).text;
  const answer = await invoke(scene.api.url, 'chain', request);
  const json = await invoke(scene.api.url, 'chain', request, { Accept: 'application/json' });
  const refused = await invoke(scene.api.url, 'chain', '1,2,3\n');

  expect(body.trim().split('\n')).toHaveLength(3);
  expect(answer.text).toBe(body);
  expect(JSON.parse(json.text).predictions.map(({ score }: { score: number }) => score)).toEqual(
    body.trim().split('\n').map(Number),
  );
  expect(refused).toMatchObject({ status: 424, text: expect.stringContaining('client error (400) from container-1') });
});

// --- internal ---

/** CSV of points of a grid. */
function rowsOf(row: (point: readonly [number, number]) => readonly number[]): string {
  const points = Array.from({ length: 100 }, (_, i) => [(i % 10) / 10, Math.floor(i / 10) / 10] as const);
  return points.map((point) => `${row(point).join(',')}\n`).join('');
}

function imageOf(name: string): string {
  return `${REGISTRY}/${name}:1.0.0`;
}

async function train(scene: Scene, name: string, data: string, HyperParameters: object): Promise<string> {
  scene.put({ [`${name}/train.csv`]: data });
  const changes = {
    AlgorithmSpecification: { TrainingImage: imageOf(name), TrainingInputMode: 'File' },
    InputDataConfig: [channel(`s3://data/${name}/`)],
    HyperParameters,
  };
  await scene.call('CreateTrainingJob', trainingJob(name, changes));
  const job = await scene.until('DescribeTrainingJob', { TrainingJobName: name }, hasEnded);
  expect(job.FailureReason).toBeUndefined();
  return job.ModelArtifacts.S3ModelArtifacts;
}

/** An endpoint of that name, over a model of that name. */
async function deploy(scene: Scene, name: string, Containers: readonly object[]): Promise<void> {
  const containers = Containers.length === 1 ? { PrimaryContainer: Containers[0] } : { Containers };
  const created = await scene.call('CreateModel', { ModelName: name, ExecutionRoleArn: ROLE, ...containers });
  expect(created.body).toMatchObject({ ModelArn: expect.any(String) });
  const ProductionVariants = [variant({ ModelName: name })];
  await scene.call('CreateEndpointConfig', { EndpointConfigName: name, ProductionVariants });
  await scene.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: name });
  const isSettled = ({ EndpointStatus }: { EndpointStatus: string }) => !/ing$/.test(EndpointStatus);
  const endpoint = await scene.until('DescribeEndpoint', { EndpointName: name }, isSettled);
  expect([endpoint.EndpointStatus, endpoint.FailureReason]).toEqual(['InService', undefined]);
}
