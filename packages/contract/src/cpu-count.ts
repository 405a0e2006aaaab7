/**
 * How many threads or processes may work at the same time: by the cgroup's quota and the affinity mask. A fraction of a
 * CPU does not count: what is throttled half of the time is slow.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CGROUP, type CgroupFolder, type CgroupPaths, cgroupFolders, readText } from './cgroup.js';

/** Whole CPUs this process may use, ≥ 1. @param online CPUs in the affinity mask */
export function allowedCpus(cgroup: CgroupPaths = CGROUP, online = availableParallelism()): number {
  const quota = cgroupFolders('cpu', cgroup).reduce((least, folder) => Math.min(least, quotaOf(folder)), online);
  return Math.max(1, Math.floor(quota));
}

// --- internal ---

/** CPUs by quota; Infinity without one. */
function quotaOf({ version, folder }: CgroupFolder): number {
  if (version === 1) {
    // -1 when there is no limit
    return ratio(readText(join(folder, 'cpu.cfs_quota_us')), readText(join(folder, 'cpu.cfs_period_us')));
  }
  // "200000 100000" or "max 100000", microseconds in each period
  const [quota, period] = readText(join(folder, 'cpu.max')).trim().split(' ');
  return ratio(quota, period);
}

function ratio(quota: string | undefined, period: string | undefined): number {
  const cpus = Number.parseInt(quota ?? '', 10) / Number.parseInt(period ?? '', 10);
  return cpus > 0 ? cpus : Number.POSITIVE_INFINITY;
}
