/** Jobs on several hosts that are stopped, or lose a host, and are started again with their checkpoints. */
import { type HostResult, useHosts } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
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

  const rounds =
    1 + Math.max(...Array.from(stopped[0]!.output().matchAll(/^round=(\d+) /gm), ([, round]) => Number(round)));
  const [resumed] = await train(jobOn(rounds + 5, split, checkpoints));
  const [whole] = await train(jobOn(rounds + 5, [900]));
  expect(resumed!.lines.join('\n')).toContain('resuming after round');
  expect(resumed!.lines.join('\n')).toMatch(
    /read rows=900, columns=\d+, validation rows=90; 300 and 0 of them on this one of 3 hosts; threads=/,
  );
  expect(resumed!.model.get(MODEL)?.equals(whole!.model.get(MODEL)!)).toBe(true);
  expect(resumed!.outputs).toEqual(whole!.outputs);
});
