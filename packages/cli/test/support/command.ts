/** The command as its users run it, and a workspace for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeTree } from '@algo/local';
import { onTestFinished, vi } from 'vitest';
import { runCli } from '../../src/cli.js';

export const BIN = join(import.meta.dirname, '..', '..', 'bin', 'algo.js');
const SUM = join(import.meta.dirname, '..', '..', '..', 'local', 'test', 'fixtures', 'sum');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What matches in stdout, as soon as it does. @throws Error when the command ends before */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

export function start(cwd: string, args: readonly string[]): Started {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const finished = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  const printed = async (pattern: RegExp) => {
    for (;;) {
      const found = pattern.exec(stdout);
      if (found) return found;
      const event = await Promise.race([once(child.stdout, 'data'), finished]);
      if ('code' in event && !pattern.test(stdout)) throw new Error(`ended without printing ${pattern}:\n${stderr}`);
    }
  };
  return { child, finished, printed };
}

/** Runs a command to its end. */
export function algo(cwd: string, ...args: string[]): Promise<Finished> {
  return start(cwd, args).finished;
}

/** Runs a command in this process. Starting a process is most of what a command takes that only refuses or prints. */
export async function algoHere(cwd: string, ...args: string[]): Promise<Finished> {
  const from = process.cwd();
  const printed = { stdout: '', stderr: '' };
  const write = (stream: keyof typeof printed) => (text: unknown) => {
    printed[stream] += text;
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(write('stdout')),
    vi.spyOn(process.stderr, 'write').mockImplementation(write('stderr')),
    vi.spyOn(console, 'log').mockImplementation((line) => void write('stdout')(`${line}\n`)),
    vi.spyOn(console, 'error').mockImplementation((line) => void write('stderr')(`${line}\n`)),
  ];
  process.chdir(cwd);
  try {
    return { code: await runCli(args), ...printed };
  } finally {
    process.chdir(from);
    for (const spy of spies) spy.mockRestore();
  }
}

/** A workspace with the algorithm "sum" and its sample data; its model's sum is 10. */
export function makeWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-cli-'));
  onTestFinished(() => removeTree(folder));
  cpSync(SUM, join(folder, 'algorithms/sum'), { recursive: true });
  const csv = { contentType: 'text/csv', accept: 'text/csv' };
  const profile = {
    trainingJob: { channels: { train: { path: 'train', contentType: 'text/csv' } } },
    transformJob: { input: 'batch', ...csv, expectedOutput: 'batch-output' },
    realTime: [{ input: '01.csv', ...csv, expectedOutput: '01.csv.out' }],
  };
  return write(folder, {
    'sample-data/sum/validation-profile.json': JSON.stringify(profile),
    'sample-data/sum/train/a.csv': '1,2\n3,4\n',
    'sample-data/sum/batch/a.csv': '1\n2\n',
    'sample-data/sum/batch-output/a.csv.out': '11\n12\n',
    'sample-data/sum/01.csv': '5\n',
    'sample-data/sum/01.csv.out': '15',
  });
}

/** Writes files into a folder; returns the folder. */
export function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
