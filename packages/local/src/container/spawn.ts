/** Starts the process of a container with both its streams in the container's log. */
import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { JobError, reasonOf } from '../errors.js';
import type { ContainerOptions } from './container.js';
import { type ContainerLog, openContainerLog } from './container-log.js';
import { behindMark, giveWord } from './start-mark.js';

export interface SpawnRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** Undefined: those of this process. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
  /** As the error names what could not be started. */
  readonly name: string;
  /** Hears of the process; one with a mark has not become the program yet. */
  readonly onSpawn?: ((pid: number) => void) | undefined;
}

/**
 * The process gets a group of its own: Ctrl-C reaches us only.
 * @throws JobError when it cannot be started
 */
export async function spawnLogged(
  { variables, name, onSpawn, ...program }: SpawnRequest,
  {
    directory,
    onLine,
    tree,
    startMark,
    ...logPlace
  }: Pick<ContainerOptions, 'directory' | 'logFile' | 'logHead' | 'onLine' | 'tree' | 'startMark'>,
): Promise<{ readonly child: ChildProcessByStdio<null, Readable, Readable>; readonly log: ContainerLog }> {
  const { command, args } = startMark === undefined ? program : behindMark(startMark, program, variables);
  const log = openContainerLog(logPlace, tree, onLine); // first: where it cannot be opened, no process is left
  try {
    const options: SpawnOptions = {
      cwd: directory,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe', startMark === undefined ? 'ignore' : 'pipe'],
      detached: true,
    };
    const child = spawn(command, args, options) as ChildProcessByStdio<null, Readable, Readable>;
    log.read(child.stdout);
    log.read(child.stderr);
    await once(child, 'spawn');
    onSpawn?.(child.pid!);
    if (startMark !== undefined) giveWord(child);
    return { child, log };
  } catch (error) {
    log.close();
    throw new JobError(`${name} could not be started: ${reasonOf(error)}.`, { cause: error });
  }
}
