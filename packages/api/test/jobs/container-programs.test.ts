/** Images as programs, with a program in podman's place that says how it was called. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { containerPrograms } from '../../src/index.js';
import { callEcr, pushImage } from '../registry/scene.js';
import { hasEnded, makeFolder, openScene, trainingJob } from '../support/scene.js';

/** It has the images of the file `images`, and those that it has pulled. */
const ENGINE = `#!/bin/sh
cd "$(dirname "$0")"
echo "$@" >> calls
case "$1" in
  image) grep -qxF -- "$3" images || { echo "no such image" >&2; exit 125; } ;;
  pull) for name; do :; done; echo "$name" >> images ;;
esac
`;

function standIn(...images: readonly string[]) {
  const folder = makeFolder();
  writeFileSync(join(folder, 'podman'), ENGINE);
  writeFileSync(join(folder, 'images'), images.map((image) => `${image}\n`).join(''));
  chmodSync(join(folder, 'podman'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  return {
    programs: containerPrograms({ name: 'podman', version: '5.0.0' }, makeFolder()),
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'),
  };
}

const ECR = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

function jobOn(name: string, TrainingImage: string) {
  return trainingJob(name, { AlgorithmSpecification: { TrainingImage, TrainingInputMode: 'File' } });
}

describe('the image of a job in containers', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each(['--privileged', '--volume=/:/host', '-h', 'a/../b', 'sum:1 --privileged', 'dir:/etc', `${ECR}/sum:-v`])(
    'named %j is refused, and no engine sees it',
    async (image) => {
      const { programs, calls } = standIn();
      const { call, put } = await openScene({ programs });
      put({ 'train/a.csv': '1\n' });

      const { status, body } = await call('CreateTrainingJob', jobOn('job', image));

      expect([status, body.__type]).toEqual([400, 'ValidationException']);
      expect(calls).toThrow('ENOENT');
    },
  );

  it('runs by its digest when it was pushed here, without isolation with the network of the engine', async () => {
    const { programs, calls } = standIn();
    const { api, call, put, until, folder } = await openScene({ programs });
    put({ 'train/a.csv': '1\n' });
    await callEcr(api.url, 'CreateRepository', { repositoryName: 'team/sum' });
    const pulled = `${new URL(api.url).host}/team/sum@${await pushImage(api.url, 'team/sum', '1')}`;

    await call('CreateTrainingJob', { ...jobOn('job', `${ECR}/team/sum:1`), Environment: { KEY: 'a b' } });
    const job = await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);

    expect(job.TrainingJobStatus).toBe('Completed');
    const { owner } = JSON.parse(readFileSync(join(folder, 'containers.json'), 'utf8'));
    const [pull, inspect, run = '', ...others] = calls();
    expect([pull, inspect, others]).toEqual([
      `pull --quiet --tls-verify=false ${pulled}`,
      `image inspect ${pulled}`,
      [],
    ]);
    expect(run).toMatch(new RegExp(`^run --rm --pull never --label algo.owner=${owner} `));
    expect(run).toMatch(new RegExp(` ${pulled} train$`));
    expect(run).toContain('/opt/ml/input:ro --env KEY=a b --env');
    expect(run).not.toMatch(/--network|--memory|--cpus|--read-only |AWS_SECRET|AWS_ACCESS|--privileged/);
  });

  it('has no network where the job is isolated, and needs no Node for it', async () => {
    const { programs, calls } = standIn('sum:1');
    const { call, put, until } = await openScene({ programs });
    put({ 'train/a.csv': '1\n' });

    await call('CreateTrainingJob', { ...jobOn('job', 'sum:1'), EnableNetworkIsolation: true });
    const job = await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);

    expect(job.TrainingJobStatus).toBe('Completed');
    expect(calls().filter((line) => line.startsWith('run'))).toEqual([expect.stringContaining(' --network none ')]);
  });

  it('is the one of its last name and its tag, where the engine has none of its whole name', async () => {
    const { programs, calls } = standIn('sum:2');
    const { call, put, until } = await openScene({ programs });
    put({ 'train/a.csv': '1\n' });

    await call('CreateTrainingJob', jobOn('there', `${ECR}/team/sum:2`));
    await call('CreateTrainingJob', jobOn('missing', `${ECR}/team/sum:3`));
    const there = await until('DescribeTrainingJob', { TrainingJobName: 'there' }, hasEnded);
    const missing = await until('DescribeTrainingJob', { TrainingJobName: 'missing' }, hasEnded);

    expect(there.TrainingJobStatus).toBe('Completed');
    expect(missing).toMatchObject({
      TrainingJobStatus: 'Failed',
      FailureReason: `ClientError: podman has no image "${ECR}/team/sum:3". Build it first, "algo image build NAME", or push it to the registry.`,
    });
    expect(calls().filter((line) => line.startsWith('run'))).toEqual([expect.stringMatching(/ sum:2 train$/)]);
  });
});
