/** What a program uses with all the processes that it has started, by Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessUsage {
  readonly pid: number;
  /** User and system time of its processors, in steps of 10; not that of processes that it started. */
  readonly processorMs: number;
  /** Its memory now, 10⁶ bytes (VmRSS). */
  readonly residentMB: number;
}

/** The process first, then those that it has started, and they, in the order of their numbers. */
export function processTree(root: number): readonly ProcessUsage[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => parentOf(Number(name))),
  );
  const members = [root];
  for (const member of members) {
    const children = [...parents].filter(([, parent]) => parent === member).map(([pid]) => pid);
    members.push(...children.sort((a, b) => a - b));
  }
  return members.map((pid) => ({ pid, processorMs: processorMs(pid), residentMB: residentMB(pid) }));
}

/** @param pid of a process that runs */
export function processorMs(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[UTIME]) + Number(fields[STIME])) * 10;
}

/** @param pid of a process that runs */
export function residentMB(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}

// --- internal ---

/** Of /proc/PID/stat, behind the name; times are hundredths of a second. Source: proc(5). */
const PARENT = 1;
const UTIME = 11;
const STIME = 12;

function statOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '') // the name may have spaces
    .split(' ');
}

/** Nothing for a process that has ended meanwhile. */
function parentOf(pid: number): [pid: number, parent: number][] {
  try {
    return [[pid, Number(statOf(pid)[PARENT])]];
  } catch {
    return [];
  }
}
