/** The fixture algorithm as a program of its own, as SageMaker starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ContainerRoot } from '../../src/testing/container-root.js';
import { bundledProgram } from '../bundled-program.js';

/** Started with the Node that runs the tests. */
export const PROGRAM = bundledProgram(fixture('main.ts'));

/** Options of `unshare` for a process namespace: the program is process 1 in it, without default signal handlers. */
export const NAMESPACE = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child'];

export interface RunningProgram {
  readonly process: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Resolves when `text` has been printed. @throws Error when the program ends before */
  printed(text: string): Promise<void>;
  /** The exit code, or the signal that killed it. */
  ended(): Promise<number | string | null>;
}

export interface ProgramOptions {
  readonly program?: string;
  /** Variables in addition to the platform's. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Node's own options. */
  readonly nodeOptions?: readonly string[];
  /** A command that becomes the program, such as `ip netns exec NAME`. */
  readonly launcher?: readonly string[];
}

/** A program in ../fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** The platform's variables for a program on `root`, and what makes its start in a test cheap. */
export function platformVariables(root: ContainerRoot): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, NODE_COMPILE_CACHE, NODE_NO_WARNINGS: '1', ...root.variables };
}

/** Starts the program on `root` with the platform's variables only. */
export function startProgram(
  root: ContainerRoot,
  args: readonly string[] = ['train'],
  { program = PROGRAM, variables, nodeOptions = [], launcher = [] }: ProgramOptions = {},
): RunningProgram {
  const [command, ...rest] = [...launcher, process.execPath, ...nodeOptions, program, ...args];
  const child = spawn(command!, rest, {
    env: { ...platformVariables(root), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
    child.emit('output');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const closed = once(child, 'close').then(([code, signal]) => (code as number | null) ?? (signal as string));
  return {
    process: child,
    output: () => output,
    ended: () => closed,
    async printed(text) {
      while (!output.includes(text)) {
        const event = await Promise.race([once(child, 'output'), closed]);
        if (!Array.isArray(event) && !output.includes(text))
          throw new Error(`ended without printing ${text}:\n${output}`);
      }
    },
  };
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
