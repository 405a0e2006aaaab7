/** Jobs of the built program on several hosts, with the same rows as on one. */
import { fileURLToPath } from 'node:url';
import { HISTORY_FILE, type HistoryEntry } from '@algo/contract';
import type { HostResult, HostsJob } from '@algo/contract/testing';
import { expect } from 'vitest';

export const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Small and quick, on the backend that is the same everywhere, which needs no helper threads for so few rows. */
export const hyperparameters = { backend: 'wasm', threads: '1', hidden_units: '16', batch_size: '32', epochs: '4' };

/** Each host has files of its own. */
const SHARDED = { S3DistributionType: 'ShardedByS3Key' } as const;

type Files = Readonly<Record<string, string | Uint8Array>>;

/** The channels of a host. */
export type HostChannels = Readonly<Record<string, Files>>;

/** A job whose hosts have these shards. */
export function sharded(hosts: readonly HostChannels[], given: Readonly<Record<string, string>> = {}): HostsJob {
  const names = [...new Set(hosts.flatMap((channels) => Object.keys(channels)))];
  return {
    program,
    hyperparameters: { ...hyperparameters, ...given },
    hosts: hosts.map((channels) => ({
      channels: { ...Object.fromEntries(names.map((name) => [name, {}])), ...channels },
    })),
    inputDataConfig: Object.fromEntries(names.map((name) => [name, SHARDED])),
  };
}

/**
 * The same job on one host, which has the files of all, those of the first host first.
 * @param nameOf a file of the host of this rank
 */
export function onOneHost(job: HostsJob, nameOf = (rank: number, name: string) => `${rank}-${name}`): HostsJob {
  const hosts = job.hosts as readonly { readonly channels?: HostChannels }[];
  const channels: Record<string, Files> = {};
  for (const [rank, { channels: own = {} }] of hosts.entries()) {
    for (const [channel, files] of Object.entries(own)) {
      const renamed = Object.entries(files).map(([name, content]) => [nameOf(rank, name), content] as const);
      channels[channel] = { ...channels[channel], ...Object.fromEntries(renamed) };
    }
  }
  return { ...job, hosts: [{ channels }] };
}

/** The lines of a table in parts of so many. */
export function cut(table: string, parts: readonly number[]): string[] {
  const lines = table.trimEnd().split('\n');
  return parts.map((count) =>
    lines
      .splice(0, count)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

export function historyOf({ outputs, lines }: HostResult): HistoryEntry[] {
  const history = outputs.get(HISTORY_FILE);
  if (!history) throw new Error(lines.join('\n'));
  return JSON.parse(history.toString()) as HistoryEntry[];
}

export function expectSuccess(results: readonly HostResult[]): void {
  for (const { exitCode, lines, failure } of results)
    expect([exitCode, failure], lines.join('\n')).toEqual([0, undefined]);
}

/** What rounding makes of sums in another order, epoch after epoch: the goal is 1e-4. */
const TOLERANCE = 1e-4;

/** All metrics of each epoch, within 1e-4. */
export function expectSameHistory(results: readonly HostResult[], [whole]: readonly HostResult[]): void {
  expectSuccess(results);
  const [several, one] = [historyOf(results[0]!), historyOf(whole!)];
  expect(several).toHaveLength(one.length);
  for (const [epoch, entry] of one.entries()) {
    expect(Object.keys(several[epoch]!)).toEqual(Object.keys(entry));
    for (const [name, value] of Object.entries(entry)) {
      const difference = Math.abs(several[epoch]![name]! - value);
      expect(difference, `${name} of epoch ${epoch + 1}`).toBeLessThanOrEqual(TOLERANCE);
    }
  }
}
