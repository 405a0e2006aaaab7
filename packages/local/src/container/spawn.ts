/** Starts the process of a container with both its streams in the container's log. */
import { type ChildProcess, type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { JobError, reasonOf } from '../errors.js';
import type { ContainerOptions } from './container.js';
import { type ContainerLog, openContainerLog } from './container-log.js';
import { giveWord, waitingCommand } from './start-word.js';

export interface SpawnRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** Undefined: those of this process. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
  /** As the error names what could not be started. */
  readonly name: string;
  /** Hears of the process, which becomes the program only after that, however late it is called. */
  readonly onSpawn?: ((pid: number) => void) | undefined;
}

export interface Spawned {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly log: ContainerLog;
  /** Settles when the process has ended. */
  readonly exited: Promise<void>;
  /** Settles when, besides, its output is read to the end. */
  readonly closed: Promise<void>;
}

/**
 * The process gets a group of its own: Ctrl-C reaches us only.
 * @throws JobError when it cannot be started; then no process is left
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
): Promise<Spawned> {
  const waits = onSpawn !== undefined || startMark !== undefined;
  const log = openContainerLog(logPlace, tree, onLine); // first: where it cannot be opened, no process is left
  let child: Spawned['child'] | undefined;
  try {
    const { command, args } = waits ? waitingCommand(program, { directory, variables, startMark }) : program;
    const options: SpawnOptions = {
      cwd: directory,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe', waits ? 'pipe' : 'ignore'],
      detached: true,
    };
    child = spawn(command, args, options) as Spawned['child'];
    const events = eventsOf(child);
    await once(child, 'spawn');
    log.read(child.stdout);
    log.read(child.stderr);
    onSpawn?.(child.pid!);
    if (waits) giveWord(child);
    return { child, log, ...events };
  } catch (error) {
    if (child) abandon(child);
    log.close();
    throw new JobError(`${name} could not be started: ${reasonOf(error)}.`, { cause: error });
  }
}

/** SIGKILL to a process and its group. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: the process group is already gone, as intended
  }
}

// --- internal ---

/** To be asked for in the turn of the event loop that has spawned the process: none of its events has been emitted yet. */
function eventsOf(child: ChildProcess): Pick<Spawned, 'exited' | 'closed'> {
  const emitted = (event: 'exit' | 'close') => new Promise<void>((resolve) => child.once(event, () => resolve()));
  child.on('error', () => undefined); // of its start: thrown; of a signal, which a process of another user does not get
  return { exited: emitted('exit'), closed: emitted('close') };
}

/** Where there are no descriptors left, a process has no streams. */
function abandon(child: Partial<Pick<ChildProcess, 'stdio'>> & ChildProcess): void {
  killGroup(child);
  for (const stream of child.stdio ?? []) stream?.destroy();
}
