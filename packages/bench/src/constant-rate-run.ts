/** Runs the client of a constant rate in a process of its own, on processors of its own. */
import { join } from 'node:path';
import type { ConstantRateOptions, ResponseTimes } from './constant-rate.js';
import { pinned } from './pinning.js';
import { runProgram } from './program.js';

/** @param cpus of the client; see pinServerAndClient @throws what responseTimes throws */
export async function constantRate(options: ConstantRateOptions, cpus?: string): Promise<ResponseTimes> {
  const program = join(import.meta.dirname, 'constant-rate-program.js');
  const args = [program, JSON.stringify(options)];
  const { output } = await runProgram(pinned(cpus, { command: process.execPath, args }));
  return JSON.parse(output);
}
