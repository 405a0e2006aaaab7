/**
 * One run of a program as a process of this machine: only the variables it is given, SAGEMAKER_BASE_DIR in place of the
 * mount at /opt/ml, a process group of its own, and when its first process ends, every process is killed that is in this group
 * or has that variable, also one that made a session of its own, and on Linux each other one of its family.
 */
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { atExit } from './at-exit.js';
import { programArguments } from './command-line.js';
import type { Container, ContainerExit, ContainerOptions } from './container.js';
import type { OptMl } from './opt-ml.js';
import { waitForEnd } from './process-end.js';
import { openFamily, type ProcessFamily } from './process-family.js';
import { killProcesses } from './processes.js';
import { type FileProgram, programPath } from './program.js';
import { recordProgram } from './program-record.js';
import { killGroup, spawnLogged } from './spawn.js';
import { createStop } from './stopping.js';

/** @throws JobError when the program cannot be started */
export async function startProcess(program: FileProgram, options: ContainerOptions): Promise<Container> {
  const started = performance.now();
  let family: ProcessFamily | undefined;
  const {
    child,
    log,
    exited: hasExited,
    closed,
  } = await spawnLogged(
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
  const end = waitForEnd({
    ...{ exited: hasExited, closed, killEscaped },
    killGroup: () => killGroup(child),
    leaveOutput: () => [child.stdout, child.stderr].forEach((stream) => void stream.destroy()),
  });
  const exited = end.then((): ContainerExit => {
    cancel();
    family?.forget();
    log.close();
    return { exitCode: exitCodeOf(child), wasKilled, seconds: (performance.now() - started) / 1000 };
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

function exitCodeOf({ exitCode, signalCode }: ChildProcess): number {
  return exitCode ?? 128 + (signalCode ? constants.signals[signalCode] : 0);
}

function variableOf({ base }: OptMl): string {
  return `SAGEMAKER_BASE_DIR=${base}`;
}
