/** A control group with a memory limit, of version 1 or 2, which takes root and a writable file system of such groups. */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MOUNTS = [
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { folder: '/sys/fs/cgroup', limit: 'memory.max' },
] as const;

export interface MemoryGroup {
  /** A process joins by writing its number here. */
  readonly procs: string;
  /** When all its processes have ended. */
  remove(): void;
}

/** Undefined where none can be made. */
export function makeMemoryGroup(limitBytes: number): MemoryGroup | undefined {
  for (const { folder, limit } of MOUNTS) {
    const group = join(folder, `algo-test-${process.pid}`);
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    try {
      writeFileSync(join(group, limit), String(limitBytes), { flag: 'r+' });
      return { procs: join(group, 'cgroup.procs'), remove: () => rmdirSync(group) };
    } catch {
      rmdirSync(group);
    }
  }
  return undefined;
}
