/** Jobs on several hosts that are stopped, or lose a host, and are started again with their checkpoints. */
import { type Host, type HostResult, type HostsJob, useHosts } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { MODEL, PROGRAM } from './jobs.js';
import { denseLines, fileOf, partsOf } from './split-table.js';

const lines = denseLines(900, ([a, b], noise) => Number(a! + 4 * b! + 4 * noise > 7));
const hyperparameters = {
  ...{ objective: 'binary:logistic', booster: 'dart', rate_drop: '0.1' },
  ...{ subsample: '0.7', colsample_bylevel: '0.7' },
};
/** Of jobs that are ended from outside, however late that is. */
const FOREVER = 100_000;
const sharded = { ContentType: 'text/csv', S3DistributionType: 'ShardedByS3Key' };
const inputDataConfig = { train: sharded, validation: sharded };
const { start, train } = useHosts({ afterEach });

/** The job on hosts with these rows of train and of validation, and with the checkpoint files that each has. */
const jobOn = (rounds: number, split: readonly number[], checkpoints: readonly HostResult['checkpoints'][] = []) => {
  const validation = partsOf(lines.slice(0, 90), [...split.slice(1).map(() => 0), 90]);
  return {
    ...{ program: PROGRAM, hyperparameters: { ...hyperparameters, num_round: String(rounds) }, inputDataConfig },
    hosts: partsOf(lines, split).map((part, rank) => ({
      channels: { train: fileOf(part), validation: fileOf(validation[rank]!) },
      hasCheckpoints: true,
      ...(checkpoints[rank] && { checkpoints: checkpoints[rank] }),
    })),
  };
};

/** How many rounds there were at its end, by the last one that it printed. */
const roundsOf = (host: Host) =>
  1 + Math.max(...Array.from(host.output().matchAll(/^round=(\d+) /gm), ([, round]) => Number(round)));

it('ends with the same model after a stop, the loss of a host and two restarts', async () => {
  const split = [300, 0, 600];

  const stopped = await start(jobOn(FOREVER, split));
  await stopped[0]!.printed('round=3 ');
  stopped[2]!.process.kill('SIGTERM');
  expect(await Promise.all(stopped.map((host) => host.ended()))).toEqual([0, 0, 0]);
  const checkpoints = stopped.map((host) => host.checkpoints());
  expect(checkpoints.map((files) => Object.keys(files).length)).toEqual([1, 0, 0]);

  const killed = await start(jobOn(FOREVER, split, checkpoints));
  await killed[0]!.printed('resuming after round');
  killed[1]!.process.kill('SIGKILL');
  await Promise.all(killed.map((host) => host.ended()));
  expect(killed[0]!.root.readFailure()).toContain('127.0.0.2');

  const rounds = roundsOf(stopped[0]!);
  const [resumed] = await train(jobOn(rounds + 5, split, checkpoints));
  const [whole] = await train(jobOn(rounds + 5, [900]));
  expect(resumed!.lines.join('\n')).toContain('resuming after round');
  expect(resumed!.lines.join('\n')).toMatch(
    /read rows=900, columns=\d+, validation rows=90; this host has 300 and 0 of the rows; threads=/,
  );
  expect(resumed!.model.get(MODEL)?.equals(whole!.model.get(MODEL)!)).toBe(true);
  expect(resumed!.outputs).toEqual(whole!.outputs);
});

describe('on another number of hosts each time', () => {
  const splits = [[400, 500], [900], [300, 200, 400]];
  const last = [500, 400];
  /** Every host has all rows, and takes its part of them. */
  const replicatedOn = (rounds: number, split: readonly number[]) => {
    const file = fileOf(lines);
    return {
      ...{ program: PROGRAM, hyperparameters: { ...hyperparameters, num_round: String(rounds) } },
      channels: { train: file, validation: file },
      hosts: split.map(() => ({ hasCheckpoints: true })),
    };
  };
  /** Stops the job some rounds later. @returns its first host */
  const stopped = async (job: HostsJob) => {
    const hosts = await start(job);
    await hosts[0]!.printed('\nround=');
    hosts.at(-1)!.process.kill('SIGTERM');
    for (const host of hosts) expect(await host.ended(), host.output()).toBe(0);
    return hosts[0]!;
  };

  it.each([
    ['ShardedByS3Key', (rounds: number, split: readonly number[]) => jobOn(rounds, split)],
    ['FullyReplicated', replicatedOn],
  ])('a job comes to the same model: %s', async (_, jobOf) => {
    let checkpoints: HostResult['checkpoints'] = {};
    let rounds = 0;
    for (const [index, split] of splits.entries()) {
      const first = await stopped({ ...jobOf(FOREVER, split), checkpoints });
      checkpoints = first.checkpoints();
      rounds = roundsOf(first);
      if (index > 0) expect(first.output()).toContain(`is of ${splits[index - 1]!.length} host`);
    }

    const [resumed] = await train({ ...jobOf(rounds + 5, last), checkpoints });
    const [whole] = await train(jobOf(rounds + 5, [900]));

    expect(resumed!.lines.join('\n')).toContain('is of 3 hosts; this job has 2');
    expect(resumed!.model.get(MODEL)?.equals(whole!.model.get(MODEL)!)).toBe(true);
    expect(resumed!.outputs).toEqual(whole!.outputs);
  });

  it('a job whose hosts have the rows in another order is refused, with the number of hosts that there were', async () => {
    const first = await stopped(jobOn(FOREVER, [400, 500]));
    const [, validation] = partsOf(lines.slice(0, 90), [0, 90]);

    const [refused] = await train({
      ...replicatedOn(FOREVER, [900]),
      channels: { train: fileOf([...lines.slice(400), ...lines.slice(0, 400)]), validation: fileOf(validation!) },
      checkpoints: first.checkpoints(),
    });

    expect(refused!.failure).toMatch(
      /the checkpoint must be of the same job; "data" was "\w+" and is "\w+" \(it is of 2 hosts, and this job has 1\)/,
    );
  });
});
