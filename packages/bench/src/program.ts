/**
 * Runs a program to its end and measures it: wall-clock seconds from process start to exit, peak memory, and the numbers
 * that it reports itself as one JSON object on the last line of its output.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { Sample } from './rounds.js';

export interface RunProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** All it gets besides PATH and HOME. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Default 3,600,000: a program of minutes may share its machine with others. */
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  /** From process start to exit. */
  readonly seconds: number;
  readonly output: string;
  /** Last line of the output, when it is a JSON object of numbers; else empty. */
  readonly reported: Sample;
}

/** @throws Error with the end of its error output when the program does not exit with 0 or exceeds its time limit */
export async function runProgram(options: RunProgramOptions): Promise<ProgramResult> {
  const timeoutMs = options.timeoutMs ?? 3_600_000;
  const start = performance.now();
  const child = spawn(options.command, options.args, {
    env: childVariables(options.variables),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const exited = { seconds: Number.NaN };
  child.on('error', reject);
  child.on('exit', () => (exited.seconds = (performance.now() - start) / 1000));
  child.on('close', (code, signal) => {
    if (code === 0) return resolve(exited.seconds);
    const end = code === null ? `was killed by ${signal} (limit ${timeoutMs} ms)` : `exited with ${code}`;
    reject(new Error(`${[options.command, ...options.args].join(' ')} ${end}: ${lastLines(errors || output)}`));
  });
  const seconds = await promise;
  return { seconds, output, reported: reportedNumbers(output) };
}

/**
 * Runs a Node program with this same Node and adds `peakMB`: the sum of the peak resident memory of the process and of
 * every Node process that it starts, in 10⁶ bytes.
 */
export async function runNode(
  options: Omit<RunProgramOptions, 'command'>,
): Promise<ProgramResult & { readonly peakMB: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'algo-bench-'));
  const peakFile = join(directory, 'peak');
  const hook = pathToFileURL(join(import.meta.dirname, 'peak-memory.js')).href;
  try {
    const result = await runProgram({
      ...options,
      command: process.execPath,
      variables: { ...options.variables, NODE_OPTIONS: `--import=${hook}`, ALGO_BENCH_PEAK_FILE: peakFile },
    });
    const peaks = readFileSync(peakFile, 'utf8').trim().split('\n').map(Number);
    return { ...result, peakMB: peaks.reduce((sum, bytes) => sum + bytes, 0) / 1e6 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** PATH, HOME and the requested variables: no setting of the caller's shell may change a result. */
export function childVariables(variables: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...variables };
}

// --- internal ---

function reportedNumbers(output: string): Sample {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) return {};
  const value: unknown = JSON.parse(line);
  return Object.fromEntries(
    Object.entries(value as object).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** The last three lines: where programs say what went wrong. */
function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-3).join(' | ');
}
