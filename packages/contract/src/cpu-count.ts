/**
 * How many threads or processes may work at the same time. A container sees all CPUs of its host; its share is in the
 * cgroup, version 1 or 2, and in the affinity mask. A fraction of a CPU does not count: what is throttled half of the
 * time is slow.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/** Where the kernel shows the limits; tests hand in a tree of theirs. */
export interface CgroupPaths {
  /** Mount point of the cgroup file systems. */
  readonly mount: string;
  /** This process's place in them: lines `id:controllers:path`. */
  readonly membership: string;
}

const CGROUP: CgroupPaths = { mount: '/sys/fs/cgroup', membership: '/proc/self/cgroup' };

/** Whole CPUs this process may use, ≥ 1. @param online CPUs in the affinity mask */
export function allowedCpus(cgroup: CgroupPaths = CGROUP, online = availableParallelism()): number {
  return Math.max(1, Math.floor(Math.min(online, cpuQuota(cgroup))));
}

// --- internal ---

/** CPUs by quota: the tightest of this process's cgroup and those around it; Infinity without one. */
function cpuQuota({ mount, membership }: CgroupPaths): number {
  let quota = Number.POSITIVE_INFINITY;
  for (const line of readText(membership).split('\n')) {
    const [, controllers = '', path] = line.match(/^\d+:([^:]*):(.*)$/) ?? [];
    if (path === undefined) continue;
    const names = controllers.split(',');
    if (controllers === '') quota = Math.min(quota, tightest(mount, path, readQuotaV2));
    if (names.includes('cpu')) {
      for (const folder of [controllers, 'cpu']) {
        quota = Math.min(quota, tightest(join(mount, folder), path, readQuotaV1));
      }
    }
  }
  return quota;
}

/** The smallest quota from `path` up to the root; inside a container the path may be outside what is mounted. */
function tightest(root: string, path: string, read: (folder: string) => number): number {
  let quota = Number.POSITIVE_INFINITY;
  for (let part = join('/', path); ; part = dirname(part)) {
    quota = Math.min(quota, read(join(root, part)));
    if (part === '/') return quota;
  }
}

/** `cpu.max`: "200000 100000" or "max 100000", microseconds in each period. */
function readQuotaV2(folder: string): number {
  const [quota, period] = readText(join(folder, 'cpu.max')).trim().split(' ');
  return ratio(quota, period);
}

/** cpu.cfs_quota_us is -1 when there is no limit. */
function readQuotaV1(folder: string): number {
  return ratio(readText(join(folder, 'cpu.cfs_quota_us')), readText(join(folder, 'cpu.cfs_period_us')));
}

function ratio(quota: string | undefined, period: string | undefined): number {
  const cpus = Number.parseInt(quota ?? '', 10) / Number.parseInt(period ?? '', 10);
  return cpus > 0 ? cpus : Number.POSITIVE_INFINITY;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
