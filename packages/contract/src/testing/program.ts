/** A program of an algorithm as the platform starts it, on a temporary tree. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ownVariables } from '../variables.js';
import type { ContainerRoot } from './container-root.js';

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
  readonly program: string;
  readonly args?: readonly string[] | undefined;
  /** Variables in addition to the platform's. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Node's own options. */
  readonly nodeOptions?: readonly string[] | undefined;
  /** A command that becomes the program, such as `ip netns exec NAME`. */
  readonly launcher?: readonly string[] | undefined;
}

/** The platform's variables for a program on `root`, and what makes its start in a test cheap. */
export function platformVariables(root: ContainerRoot): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = ownVariables();
  return { PATH, NODE_COMPILE_CACHE, NODE_NO_WARNINGS: '1', ...root.variables };
}

/** Starts a program on `root`, by default its `train`, with the platform's variables only, and the Node that runs this. */
export function startProgram(
  root: ContainerRoot,
  { program, args = ['train'], variables, nodeOptions = [], launcher = [] }: ProgramOptions,
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
