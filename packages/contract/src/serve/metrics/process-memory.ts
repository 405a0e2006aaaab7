/** Resident memory of several processes, from the kernel: none of them has to answer, however busy it is. */
import { readFileSync } from 'node:fs';

/** Bytes of this process and the others together; a process that is gone counts nothing. @param root mount of procfs */
export function residentBytes(others: readonly number[], root = '/proc'): number {
  return others.reduce((sum, pid) => sum + residentOf(pid, root), process.memoryUsage.rss());
}

// --- internal ---

/** From a line such as `VmRSS:   84132 kB`. */
function residentOf(pid: number, root: string): number {
  try {
    const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`${root}/${pid}/status`, 'latin1')) ?? [];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
