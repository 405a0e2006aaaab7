/** Stops a training program as the platform does, with SIGTERM in the middle of a phase, and measures until its exit. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { childVariables } from './program.js';

export interface StopProgramOptions {
  /** Of this same Node. */
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** The phase has begun when a line of the output matches. */
  readonly begin: RegExp;
  /** How far into the phase the signal is sent. */
  readonly afterMs: number;
}

/**
 * Seconds from SIGTERM to the exit of the program.
 * @throws Error when the program ends before it is stopped: the phase is too short to be measured
 */
export async function stopProgram(options: StopProgramOptions): Promise<number> {
  const child = spawn(process.execPath, options.args, {
    env: childVariables(options.variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (options.begin.test(output)) begin();
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve();
    });
    child.on('close', () => resolve());
  });
  await Promise.race([begun.then(() => sleep(options.afterMs)), ended]);
  const start = performance.now();
  if (!child.kill('SIGTERM')) {
    throw new Error(`The program exited before it was stopped: ${output.trimEnd().split('\n').slice(-3).join(' | ')}`);
  }
  await ended;
  return (performance.now() - start) / 1000;
}
