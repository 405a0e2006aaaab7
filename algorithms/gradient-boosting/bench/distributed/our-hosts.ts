/** Our programs on several hosts of this machine. */
import { join } from 'node:path';
import {
  dealOut,
  type HostNetwork,
  type HostTable,
  onHosts,
  type Sample,
  type Span,
  timeRounds,
  untilEnd,
} from '@algo/bench';
import { type HostsJob, type HostsNetwork, useHosts } from '@algo/contract/testing';
import { TREES, TREES_APART, TREES_TIMED, TREES_TIMED_APART } from './timed-trees.ts';

/** @param rate of each host's link, in bits per second; undefined: that of this machine */
export function trainOnHosts(table: HostTable, hosts: number, rate?: number): Promise<Sample> {
  const parts = dealOut(table, hosts);
  return onHosts(hosts, rate, (network) => timed(network, [jobOn(network, parts)], TREES_TIMED));
}

/** As many jobs at once, each on its part of the rows, which exchange nothing. @returns the slowest of them */
export function trainApart(table: HostTable, hosts: number): Promise<Sample> {
  const parts = dealOut(table, hosts);
  return onHosts(hosts, undefined, (network) => {
    const jobs = parts.map((part, host) => jobOn(hostOf(network, host), [part], TREES_APART));
    return timed(network, jobs, TREES_TIMED_APART);
  });
}

/** The sums of a tree alone. */
export function sumOnHosts(hosts: number): Promise<Sample> {
  const job = { program: join(import.meta.dirname, '..', 'programs', 'sums.ts'), beatMs: BEAT_MS, hosts };
  const span: Span = { from: 'round=9 ', to: 'round=79 ', rounds: 70 };
  return onHosts(hosts, undefined, (network) => timed(network, [{ ...job, network }], span));
}

// --- internal ---

const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
/** As the platform has it. */
const BEAT_MS = 10_000;

function jobOn(network: HostsNetwork, parts: readonly HostTable[], trees = TREES): HostsJob {
  return {
    program: PROGRAM,
    hosts: parts.map((part) => ({ channels: { train: { 'rows.npy': part.npy() } } })),
    inputDataConfig: { train: { ContentType: 'application/x-npy', S3DistributionType: 'ShardedByS3Key' } },
    hyperparameters: { objective: 'binary:logistic', num_round: String(trees), max_depth: '6', nthread: '1' },
    beatMs: BEAT_MS,
    network,
  };
}

function hostOf({ names, interfaceName, launcher }: HostNetwork, host: number): HostsNetwork {
  return { names: [names[host]!], interfaceName, launcher: () => launcher(host) };
}

function timed(network: HostNetwork, jobs: readonly HostsJob[], span: Span): Promise<Sample> {
  return untilEnd(useHosts, async ({ start }) => {
    const started = await Promise.all(jobs.map((job) => start(job)));
    const samples = await Promise.all(started.map((programs) => timeRounds(network, programs, span)));
    return samples.reduce((slowest, sample) => (sample.milliseconds! > slowest.milliseconds! ? sample : slowest));
  });
}
