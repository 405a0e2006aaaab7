/** The processes of a Linux machine, from /proc. Pids are used again; a pid and its start time are not, until the next boot. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** In ticks of the clock since boot. */
  readonly started: number;
}

/** All that run; a process that has ended, and whose parent has not asked for its exit code, is not among them. */
export function readProcesses(): readonly ProcessEntry[] {
  if (!HAS_PROC) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** Undefined: there is no such process, or it has ended. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  // pid (name) state parent … ; the name may have spaces and parentheses. Fields 3, 4 and 22 of proc_pid_stat(5).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (text === '' || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { pid, parent: Number(fields[1]), started: Number(fields[19]) };
}

/** Of other users' processes, there are none. */
export function hasVariable({ pid }: ProcessEntry, start: string): boolean {
  return `\0${textOf(`/proc/${pid}/environ`)}`.includes(`\0${start}`);
}

/** What a process has open: paths, and for others `socket:[12345]`; none of another user's. */
export function openFiles({ pid }: Pick<ProcessEntry, 'pid'>): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((fd) => linkOf(`${folder}/${fd}`));
  } catch {
    return []; // it has ended, or is another user's
  }
}

/** SIGKILL, if the pid is still that of the same process. */
export function killProcess({ pid, started }: ProcessEntry): void {
  if (pid === process.pid || readProcess(pid)?.started !== started) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: it has ended, as intended; EPERM: it is another user's
  }
}

/** Changes with each boot. */
export function bootId(): string {
  return textOf('/proc/sys/kernel/random/boot_id').trim();
}

/** What its stream `fd` is, as openFiles has it; undefined where it has none. */
export function openFile(pid: number, fd: number): string | undefined {
  return linkOf(`/proc/${pid}/fd/${fd}`) || undefined;
}

// --- internal ---

/** Without /proc, as on macOS, there are no entries. */
const HAS_PROC = existsSync('/proc/self/stat');

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
