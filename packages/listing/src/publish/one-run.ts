/**
 * One run at a time of a product in a workspace: two would upload, compare and remove the same things. Each run has a file of its
 * own, which is there before the run looks for those of others. So of two that begin together, one or none goes to work.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { JobError } from '@algo/local';
import type { PublishRequest } from './context.js';
import { writeWhole } from './whole-file.js';

/** @throws JobError naming the process of another run that has not ended */
export async function asOnlyRun<T>({ directory }: PublishRequest, command: string, work: () => Promise<T>): Promise<T> {
  const file = join(directory, `run-${process.pid}.json`);
  refuseIfAtWork(file); // in this process
  const run: Run = { pid: process.pid, command, since: new Date().toISOString() };
  writeWhole(file, JSON.stringify(run)); // over that of a run that was killed, whose process id this one has
  held.add(file);
  try {
    for (const other of filesOfOthers(directory)) {
      refuseIfAtWork(other);
      rmSync(other, { force: true }); // of a run that was killed
    }
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

/** Half-written ones of killed runs, too; not those of live ones, which look for this run when they have written theirs. */
function filesOfOthers(directory: string): readonly string[] {
  const files: string[] = [];
  for (const name of readdirSync(directory)) {
    const [, digits, end] = /^run-(\d+)\.json(\.new)?$/.exec(name) ?? [];
    const pid = Number(digits);
    if (digits === undefined || pid === process.pid || (end && isProcess(pid))) continue;
    files.push(join(directory, name));
  }
  return files;
}

function refuseIfAtWork(file: string): void {
  const run = read(file);
  if (!run || !isAlive(file, run)) return;
  throw new JobError(
    `${run.command} is at work on this product since ${run.since}, in process ${run.pid}. ` +
      `Wait for its end, or stop it; if that process is another program, remove ${file}.`,
  );
}

/** Undefined where it is not whole, or its run has ended meanwhile. */
function read(file: string): Run | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Run;
  } catch {
    return undefined;
  }
}

function isAlive(file: string, { pid, since }: Run): boolean {
  if (Date.parse(since) < Date.now() - uptime() * 1000) return false; // before this machine was started
  return pid === process.pid ? held.has(file) : isProcess(pid);
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
