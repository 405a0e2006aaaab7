/**
 * Processes of jobs that outlived the server: it was killed, so nobody ended them. Every process of a job has
 * SAGEMAKER_BASE_DIR below the data folder among the variables it was started with, also one that left its process group.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';

/** Kills them; returns how many there were. */
export function killOrphans(folder: string): number {
  const mark = `SAGEMAKER_BASE_DIR=${resolve(folder)}${sep}`;
  const found = existsSync('/proc/self/environ') ? inProc(mark) : inProcessList(mark);
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

function inProc(mark: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && hasVariable(name, mark))
    .map(Number);
}

function hasVariable(pid: string, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .some((variable) => variable.startsWith(mark));
  } catch {
    return false; // it has ended, or is another user's
  }
}

/** macOS has no /proc; its ps prints the variables of the caller's own processes. */
function inProcessList(mark: string): readonly number[] {
  const text = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return text
    .split('\n')
    .filter((line) => line.includes(` ${mark}`))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}
