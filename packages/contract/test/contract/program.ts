/** The fixture algorithm as a program of its own, as SageMaker starts it. */
import { fileURLToPath } from 'node:url';
import type { ContainerRoot } from '../../src/testing/container-root.js';
import {
  type ProgramOptions as AnyProgramOptions,
  type RunningProgram,
  startProgram as start,
} from '../../src/testing/program.js';
import { bundledProgram } from '../bundled-program.js';

export { platformVariables, type RunningProgram } from '../../src/testing/program.js';

/** Started with the Node that runs the tests. */
export const PROGRAM = bundledProgram(fixture('main.ts'));

/** Options of `unshare` for a process namespace: the program is process 1 in it, without default signal handlers. */
export const NAMESPACE = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child'];

export type ProgramOptions = Partial<Omit<AnyProgramOptions, 'args'>>;

/** A program in ../fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** Starts the program on `root` with the platform's variables only. */
export function startProgram(
  root: ContainerRoot,
  args: readonly string[] = ['train'],
  options: ProgramOptions = {},
): RunningProgram {
  return start(root, { program: PROGRAM, args, ...options });
}

/** Runs the program to its end. */
export async function runProgram(
  root: ContainerRoot,
  args?: readonly string[],
  options?: ProgramOptions,
): Promise<{ code: number | string | null; output: string }> {
  const program = startProgram(root, args, options);
  const code = await program.ended();
  return { code, output: program.output() };
}
