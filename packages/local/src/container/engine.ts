/**
 * The container engine of this machine: docker, podman or buildah, whichever is installed and works. An engine is only
 * ever called through its command line; anything else that a machine needs belongs in the engine's own configuration.
 */
import { type ExecFileException, execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ArgumentError, JobError, systemCode } from '../errors.js';
import { adviceOn } from './engine-advice.js';

export const ENGINE_NAMES = ['docker', 'podman', 'buildah'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];

/** The task of an engine: buildah builds and pushes, but cannot run. */
export type EngineTask = 'build' | 'run' | 'read';

export interface Engine {
  readonly name: EngineName;
  readonly version: string;
}

const TASKS: Readonly<Record<EngineName, readonly EngineTask[]>> = {
  docker: ['build', 'run', 'read'],
  podman: ['build', 'run', 'read'],
  buildah: ['build', 'read'],
};

/** A query that only a working engine can answer: docker's command is often installed without its daemon. */
const VERSION_COMMANDS: Readonly<Record<EngineName, readonly string[]>> = {
  docker: ['version', '--format', '{{.Server.Version}}'],
  podman: ['version', '--format', '{{.Client.Version}}'],
  buildah: ['--version'],
};

const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * The first engine that works and can do the task, or the requested one. @throws ArgumentError when there is none, with
 * the message of each
 */
export async function findEngine(task: EngineTask, requested?: EngineName): Promise<Engine> {
  const able = ENGINE_NAMES.filter((name) => TASKS[name].includes(task));
  if (requested !== undefined && !able.includes(requested)) {
    throw new ArgumentError(`${requested} cannot ${task} containers; use one of ${able.join(', ')}.`);
  }
  const problems: string[] = [];
  for (const name of requested === undefined ? able : [requested]) {
    try {
      const text = await callEngine({ name }, VERSION_COMMANDS[name]);
      return { name, version: /\d+(\.\d+)+/.exec(text)?.[0] ?? text.trim() };
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new ArgumentError(`No container engine works. Install podman, or start docker.\n${problems.join('\n')}`);
}

/**
 * Runs one command of an engine to its end; returns its stdout.
 * @throws JobError with the end of what it wrote to stderr
 */
export async function callEngine({ name }: Pick<Engine, 'name'>, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(name, args, { maxBuffer: OUTPUT_MAX_BYTES });
    return stdout;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new JobError(`${name}: not installed.`, { cause: error });
    throw new JobError(`${name} ${args[0]} failed: ${stderrOf(error)}`, { cause: error });
  }
}

// --- internal ---

function stderrOf(error: unknown): string {
  const { stderr, message } = error as ExecFileException;
  const said = stderr?.trim() ?? '';
  return adviceOn(said) ?? (said.split('\n').slice(-5).join('\n') || message);
}
