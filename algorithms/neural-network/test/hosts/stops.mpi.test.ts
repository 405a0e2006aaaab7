/** Early stopping, stops, lost hosts and checkpoints of jobs on several hosts. */
import { binaryTable, type HostResult, useHosts } from '@algo/contract/testing';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cut,
  expectSameHistory,
  expectSuccess,
  historyOf,
  hyperparameters,
  onOneHost,
  program,
  sharded,
} from './jobs.js';

const { start, train } = useHosts({ afterEach });

const FOREVER = '100000';
type Given = Readonly<Record<string, string>>;

const table = binaryTable(300);
const shardsOf = (rows: readonly number[]) =>
  cut(table, rows).map((csv) => ({ train: csv === '' ? {} : { 'a.csv': csv } }));
/** Every host has all rows, and takes turns at them with the others. */
const replicated = (given: Given, rows: readonly number[]) => ({
  ...{ program, hyperparameters: { ...hyperparameters, ...given } },
  ...{ channels: { train: { 'a.csv': table } }, hosts: rows.length, hasCheckpoints: true },
});
const parts = cut(table, [120, 180]);
const shards = parts.map((csv, rank) => ({
  train: { 'a.csv': csv },
  ...(rank === 1 && { validation: { 'b.csv': binaryTable(100, 2) } }),
}));
const jobOf = (epochs: string, more: Readonly<Record<string, string>> = {}) =>
  sharded(shards, { objective: 'binary', epochs, ...more });

it('early stopping looks at the metrics of the whole, and ends all hosts in the same epoch with the best network', async () => {
  const job = jobOf('40', {
    early_stopping_patience: '2',
    early_stopping_metric: 'validation:auc',
    learning_rate: '0.03',
  });

  const several = await train(job);
  const whole = await train(onOneHost(job));

  expectSameHistory(several, whole);
  const endOf = (lines: readonly string[]) => lines.find((line) => line.includes('ended after'));
  expect(endOf(several[0]!.lines)).toContain('early stopping; the model is from epoch');
  expect(several.map(({ lines }) => endOf(lines))).toEqual([endOf(whole[0]!.lines), endOf(whole[0]!.lines)]);
});

it('hosts that compute on different backends are refused by their names', async () => {
  const backends = ['cpu', 'wasm'];
  const hosts = shards.map((channels, rank) => ({ channels, variables: { ALGO_BACKEND: backends[rank]! } }));

  const results = await train({ ...jobOf('2'), hyperparameters: { objective: 'binary' }, hosts });

  expect(results.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
  expect(results[0]!.failure).toContain(
    'All hosts must compute on one backend; 127.0.0.1 does on cpu, and 127.0.0.2 on wasm.',
  );
});

describe('a job with checkpoints', () => {
  it('saves at a SIGTERM to one host, and resumes after the loss of a host as if it had never been interrupted', async () => {
    const dropout = { dropout: '0.2' };
    const first = await start({ ...jobOf(FOREVER, dropout), hasCheckpoints: true });
    await first[0]!.printed('epoch=3 ');
    first[1]!.process.kill('SIGTERM');
    const codes = await Promise.all(first.map((host) => host.ended()));
    const checkpoints = first[0]!.checkpoints();
    const epochs = (lines: string) => Number(/ended after (\d+) epochs: stopped/.exec(lines)![1]);
    const [stoppedAfter] = first.map((host) => epochs(host.output()));

    expect(codes).toEqual([0, 0]);
    expect(epochs(first[1]!.output())).toBe(stoppedAfter);
    expect(Object.keys(first[1]!.checkpoints())).toEqual([]);

    const broken = await start({ ...jobOf(FOREVER, dropout), checkpoints });
    await broken[0]!.printed(`epoch=${stoppedAfter! + 2} `);
    broken[1]!.process.kill('SIGKILL');

    expect(await broken[0]!.ended()).toBe(1);
    expect(broken[0]!.root.readFailure()).toContain('127.0.0.2');

    const last = jobOf(String(stoppedAfter! + 3), dropout);
    const resumed = await train({ ...last, checkpoints: broken[0]!.checkpoints() });
    const unbroken = await train(last);

    expectSuccess([...resumed, ...unbroken]);
    expect(resumed[0]!.lines.join('\n')).toContain('of the checkpoint');
    expect(historyOf(resumed[0]!)).toHaveLength(stoppedAfter! + 3);
    expect(resumed[0]!.model.get('weights.bin')!.equals(unbroken[0]!.model.get('weights.bin')!)).toBe(true);
  });

  it.each([
    [
      'ShardedByS3Key',
      (given: Given, rows: readonly number[]) => ({ ...sharded(shardsOf(rows), given), hasCheckpoints: true }),
    ],
    ['FullyReplicated', replicated],
  ])(
    'resumes on another number of hosts each time, close to a job that was never interrupted: %s',
    async (_, jobOn) => {
      const given = { objective: 'binary', dropout: '0.2', learning_rate: '0.0003' };
      const epochsOf = (output: string) => [...output.matchAll(/^epoch=(\d+) /gm)].length;
      let checkpoints: HostResult['checkpoints'] = {};
      let epochs = 0;
      for (const rows of [[120, 180], [300], [100, 0, 200]]) {
        const hosts = await start({ ...jobOn({ ...given, epochs: FOREVER }, rows), checkpoints });
        await hosts[0]!.printed('\nepoch=');
        hosts.at(-1)!.process.kill('SIGTERM');
        for (const host of hosts) expect(await host.ended(), host.output()).toBe(0);
        checkpoints = hosts[0]!.checkpoints();
        epochs += epochsOf(hosts[0]!.output());
      }

      const last = { ...given, epochs: String(epochs + 2) };
      const resumed = await train({ ...jobOn(last, [200, 100]), checkpoints });
      const whole = await train(jobOn(last, [300]));

      expectSameHistory(resumed, whole);
      expect(resumed[0]!.lines.join('\n')).toContain('is of 3 hosts; this job has 2');
      expect(resumed[0]!.lines.join('\n')).toContain(
        'warning: sums over a different number of hosts are rounded differently',
      );
    },
  );
});
