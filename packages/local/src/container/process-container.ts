/**
 * One run of a program as a process of this machine: only the variables it is given, SAGEMAKER_BASE_DIR in place of the
 * mount at /opt/ml, a process group of its own, and when its first process ends, every process is killed that is in this group
 * or has that variable, also one that made a session of its own, and on Linux each other one of its family.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { atExit } from './at-exit.js';
import { programArguments } from './command-line.js';
import type { Container, ContainerExit, ContainerOptions } from './container.js';
import type { OptMl } from './opt-ml.js';
import { openFamily, type ProcessFamily } from './process-family.js';
import { killProcesses } from './processes.js';
import { type FileProgram, programPath } from './program.js';
import { recordProgram } from './program-record.js';
import { spawnLogged } from './spawn.js';
import { createStop } from './stopping.js';

/** How long killed processes may take to be gone, and output to be read that one holds which nobody can find. */
const DRAIN_MS = 1000;
/** Between two looks for processes. */
const LOOK_MS = 10;

/** @throws JobError when the program cannot be started */
export async function startProcess(program: FileProgram, options: ContainerOptions): Promise<Container> {
  const started = performance.now();
  let family: ProcessFamily | undefined;
  const { child, log } = await spawnLogged(
    {
      command: program.command,
      args: [...program.args, ...programArguments(options)],
      variables: processVariables(program, options),
      name: program.file,
      onSpawn(pid) {
        family = openFamily(pid, variableOf(options.tree));
        if (!family) return;
        try {
          recordProgram(options.tree, family.marks);
        } catch (error) {
          family.kill();
          family.forget();
          throw error;
        }
      },
    },
    options,
  );

  let wasKilled = false;
  const killEscaped = () => family?.kill() ?? killProcesses('variable', variableOf(options.tree));
  const cancel = atExit(() => {
    killGroup(child);
    killEscaped();
  });
  const exited = waitForEnd(child, killEscaped).then((exitCode): ContainerExit => {
    cancel();
    family?.forget();
    log.close();
    return { exitCode, wasKilled, seconds: (performance.now() - started) / 1000 };
  });

  const kill = () => {
    wasKilled = true;
    killGroup(child);
  };
  const terminate = () => {
    family?.look(); // those whose parents end now
    child.kill('SIGTERM');
  };
  return { exited, lastLines: log.lastLines, stop: createStop(exited, terminate, kill) };
}

// --- internal ---

function processVariables(
  program: FileProgram,
  { environment, tree, port, host }: ContainerOptions,
): NodeJS.ProcessEnv {
  return {
    PATH: programPath(program),
    HOME: tree.home,
    ...environment,
    SAGEMAKER_BASE_DIR: tree.base,
    ...(port !== undefined && { SAGEMAKER_BIND_TO_PORT: String(port) }),
    ...(host !== undefined && { ALGO_BIND_TO_HOST: host }),
  };
}

/**
 * The exit code, once the program has ended, its helpers are killed and its output is drained.
 * @param killEscaped kills those that left the process group; it returns how many there were
 */
async function waitForEnd(child: ChildProcess, killEscaped: () => number): Promise<number> {
  const closed = once(child, 'close');
  await once(child, 'exit');
  killGroup(child);
  // Again until there is none: one may have started another meanwhile.
  for (let ms = 0; killEscaped() > 0 && ms < DRAIN_MS; ms += LOOK_MS) await delay(LOOK_MS);
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await closed;
  clearTimeout(timer);
  return child.exitCode ?? 128 + (child.signalCode ? constants.signals[child.signalCode] : 0);
}

function variableOf({ base }: OptMl): string {
  return `SAGEMAKER_BASE_DIR=${base}`;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: the process group is already gone, as intended
  }
}
