/** The program of ./program.ts as the platform starts it, and what tests ask of it: everything by HTTP, log and signal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { writeModel } from '../../src/model/save.js';
import type { ServeOptions } from '../../src/serve/serve.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { bundledProgram } from '../bundled-program.js';

export interface Program {
  readonly child: ChildProcess;
  readonly root: ContainerRoot;
  readonly url: string;
  readonly port: number;
  readonly lines: string[];
  readonly exit: Promise<{ code: number | null; signal: string | null }>;
}

export interface ProgramOptions {
  readonly workers?: number;
  readonly variables?: Readonly<Record<string, string>>;
  readonly prepare?: (root: ContainerRoot) => void;
  /** What model.json says; see ./program.ts. */
  readonly model?: Readonly<Record<string, unknown>>;
  readonly serve?: Pick<ServeOptions, 'memoryBytes' | 'timeouts'>;
  /** Another file than ./program.ts, and columns of its rows; default 3. */
  readonly program?: string;
  readonly featureCount?: number;
  /** Options of Node itself, for the workers too. */
  readonly execArgv?: readonly string[];
  /** In a process group of its own. */
  readonly isGroup?: boolean;
}

/** Starts one that ends with its test. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const root = makeContainerRoot();
  const files = { 'model.json': JSON.stringify(options.model ?? {}) };
  const { featureCount = 3, program: file = 'program.ts', execArgv = [] } = options;
  writeModel(root.paths.model, { files, featureCount }, { name: 'echo', version: '1.0.0' });
  options.prepare?.(root);
  const variables = {
    SAGEMAKER_BIND_TO_PORT: '0',
    ...(options.workers !== undefined && { SAGEMAKER_MODEL_SERVER_WORKERS: String(options.workers) }),
    ...(options.serve && { SERVE_OPTIONS: JSON.stringify(options.serve) }),
    ...options.variables,
  };
  const child = spawn(process.execPath, [...execArgv, bundledProgram(join(import.meta.dirname, file)), 'serve'], {
    env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...root.variables, ...variables },
    detached: options.isGroup ?? false,
  });
  const lines: string[] = [];
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trimEnd().split('\n')));
  }
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
    root.remove();
  });
  const program = { child, root, url: '', port: 0, lines, exit };
  await untilLogged(program, /port=\d+/);
  const port = Number(/port=(\d+)/.exec(lines.join('\n'))![1]);
  return Object.assign(program, { port, url: `http://127.0.0.1:${port}` });
}

export async function untilLogged({ lines }: Pick<Program, 'lines'>, pattern: RegExp): Promise<void> {
  await expect.poll(() => lines.join('\n')).toMatch(pattern);
}

/** The predicted value and the process that predicted it. */
export async function predict(
  { url }: Pick<Program, 'url'>,
  row: readonly number[],
): Promise<{ status: number; value: number; pid: number; text: string }> {
  const headers = { 'Content-Type': 'text/csv' };
  const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body: Buffer.from(row.join(',')) });
  const text = await response.text();
  const [value = Number.NaN, pid = Number.NaN] = text.split(',').map(Number);
  return { status: response.status, value, pid, text };
}

/** Waits until `count` processes other than the first answer, and says which. */
export async function untilWorkers(program: Program, count: number): Promise<number[]> {
  const found = async () => {
    const answers = await Promise.all(Array.from({ length: count * 2 }, () => predict(program, [1, 1, 0])));
    return [...new Set(answers.map(({ pid }) => pid))].filter((pid) => pid > 0 && pid !== program.child.pid);
  };
  let pids: number[] = [];
  const look = async () => {
    pids = await found();
    return pids.length;
  };
  await expect.poll(look).toBe(count);
  return pids;
}

/** Values of predictions that wait for the gate. */
export function waitingFor({ root }: Program): string[] {
  return linesOf(root, 'waiting');
}

/** Values of all predictions made by now, in order, the self-tests' zeros left out. */
export function predicted({ root }: Program): string[] {
  return linesOf(root, 'predicted').filter((line) => line !== '0');
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// --- internal ---

function linesOf(root: ContainerRoot, name: string): string[] {
  try {
    return readFileSync(join(root.paths.base, name), 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}
