/**
 * Memory that the container can still take before the kernel ends one of its processes: by the cgroup's limit and use,
 * and by what the machine has. Pages of files that nobody uses count as free: the kernel gives them up first.
 */
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { CGROUP, type CgroupFolder, type CgroupPaths, cgroupFolders, readText } from '../../cgroup.js';

/** Bytes, ≥ 0. @param machineFree what the machine has left; elsewhere than on Linux caches do not count as free */
export function freeMemory(cgroup: CgroupPaths = CGROUP, machineFree = availableOnMachine()): number {
  const folders = cgroupFolders('memory', cgroup);
  return Math.max(
    0,
    folders.reduce((least, folder) => Math.min(least, freeIn(folder)), machineFree),
  );
}

// --- internal ---

const NAMES = {
  1: { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes', cache: 'total_inactive_file' },
  2: { limit: 'memory.max', usage: 'memory.current', cache: 'inactive_file' },
} as const;

/** Infinity where there is no limit: "max", no file, or, in version 1, the largest number of pages. */
function freeIn({ version, folder }: CgroupFolder): number {
  const { limit, usage, cache } = NAMES[version];
  const limitBytes = Number.parseInt(readText(join(folder, limit)), 10);
  const usedBytes = Number.parseInt(readText(join(folder, usage)), 10);
  if (!(limitBytes >= 0 && usedBytes >= 0)) return Number.POSITIVE_INFINITY;
  const [, unused = '0'] = new RegExp(`^${cache} (\\d+)$`, 'm').exec(readText(join(folder, 'memory.stat'))) ?? [];
  return limitBytes - Math.max(0, usedBytes - Number(unused));
}

function availableOnMachine(): number {
  return process.platform === 'linux' ? freemem() : totalmem() - process.memoryUsage.rss();
}
