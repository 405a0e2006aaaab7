/** Processes of this machine that were started with a certain variable or argument. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * SIGKILL to each process that has a variable `NAME=value`, or an argument, that begins with `start`; not to this one.
 * @returns how many there were
 */
export function killProcesses(part: ProcessPart, start: string): number {
  const found = existsSync('/proc/self/environ') ? inProc(part, start) : inProcessList(start);
  for (const pid of found) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ESRCH: it has ended, as intended
    }
  }
  return found.length;
}

// --- internal ---

/** What a process was started with. */
type ProcessPart = 'variable' | 'argument';

const FILES: Readonly<Record<ProcessPart, string>> = { variable: 'environ', argument: 'cmdline' };

function inProc(part: ProcessPart, start: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && hasPart(name, part, start))
    .map(Number);
}

function hasPart(pid: string, part: ProcessPart, start: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/${FILES[part]}`, 'utf8')}`.includes(`\0${start}`);
  } catch {
    return false; // it has ended, or is another user's
  }
}

/** macOS has no /proc; its ps prints the arguments, then the variables, of the caller's own processes. */
function inProcessList(start: string): readonly number[] {
  const text = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return text
    .split('\n')
    .filter((line) => line.includes(` ${start}`))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}
