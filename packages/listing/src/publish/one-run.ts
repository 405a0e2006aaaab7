/** One run at a time of a product in a workspace: two would upload, compare and remove the same things. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { JobError } from '@algo/local';
import type { PublishRequest } from './context.js';

/** @throws JobError naming the process of another run that has not ended */
export async function asOnlyRun<T>({ directory }: PublishRequest, command: string, work: () => Promise<T>): Promise<T> {
  const file = join(directory, 'run.json');
  mkdirSync(directory, { recursive: true });
  take(file, command);
  try {
    return await work();
  } finally {
    held.delete(file);
    rmSync(file, { force: true });
  }
}

// --- internal ---

interface Run {
  readonly pid: number;
  readonly command: string;
  readonly since: string;
}

/** By this process. */
const held = new Set<string>();

function take(file: string, command: string): void {
  const run: Run = { pid: process.pid, command, since: new Date().toISOString() };
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(run), { flag: 'wx' });
      held.add(file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = read(file);
    if (other && isAlive(file, other)) {
      throw new JobError(
        `${other.command} is at work on this product since ${other.since}, in process ${other.pid}. ` +
          `Wait for its end, or stop it; if that process is another program, remove ${file}.`,
      );
    }
    rmSync(file, { force: true }); // of a run that was killed
  }
}

/** Undefined where a run was killed while it wrote, or has ended meanwhile. */
function read(file: string): Run | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Run;
  } catch {
    return undefined;
  }
}

function isAlive(file: string, { pid, since }: Run): boolean {
  if (Date.parse(since) < Date.now() - uptime() * 1000) return false; // before this machine was started
  if (pid === process.pid) return held.has(file);
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
