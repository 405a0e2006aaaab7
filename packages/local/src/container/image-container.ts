/**
 * One run of an image in its sandbox: /opt/ml is mounted as the platform mounts it (input and model read-only where they
 * are only read), and a port of the loopback interface leads to the server. The engine's own command stays attached: its
 * streams are the container's, and its exit code is the program's.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ArgumentError } from '../errors.js';
import { atExit } from './at-exit.js';
import { entrypointOption, programArguments } from './command-line.js';
import type { Container, ContainerExit, ContainerOptions } from './container.js';
import { callEngine } from './engine.js';
import { type ImageProgram, sandboxArguments } from './image-program.js';
import { removeContainer } from './leftovers.js';
import type { OptMl } from './opt-ml.js';
import { forwardPort } from './port-forward.js';
import { spawnLogged } from './spawn.js';
import { createStop } from './stopping.js';

/** How often a signal is retried on a container that the engine has not created yet. */
const SIGNAL_RETRY_MS = 50;
/** Of a program that SIGKILL ended. */
const KILLED = 137;
/** podman's own where it has lost that of a container: podman 4 does at times when another command of it kills the container. */
const LOST = 127;

let runs = 0;

/** @throws JobError when the engine cannot be started, or the port cannot be had */
export async function startImageContainer(program: ImageProgram, options: ContainerOptions): Promise<Container> {
  const { engine, image, sandbox } = program;
  // The last part, as containers share an engine with those of processes elsewhere that have the same number.
  const name = `algo-${process.pid}-${++runs}-${randomBytes(4).toString('hex')}`;
  const { port, host } = options;
  const forward = port === undefined || !sandbox ? undefined : await forwardPort({ port, host }, sandbox.socketPath);
  const started = performance.now();
  // podman's monitor leaves a file "oom" in the working directory when memory ran out.
  const { child, log, closed } = await spawnLogged(
    { command: engine.name, args: runArguments(program, options, name), name: `${engine.name} for ${image}` },
    options,
  ).catch((error: unknown) => {
    forward?.close();
    throw error;
  });

  let wasKilled = false;
  let hasExited = false;
  const cancel = atExit(() => {
    // Killed first: `rm --force` would give it its time to end.
    spawnSync(engine.name, ['kill', '--signal', 'KILL', name], { stdio: 'ignore' });
    spawnSync(engine.name, ['rm', '--force', name], { stdio: 'ignore' });
  });
  const exited = closed.then(async (): Promise<ContainerExit> => {
    hasExited = true;
    // The engine's command was killed, not its container.
    if (child.signalCode !== null) await removeContainer(engine, name);
    cancel();
    forward?.close();
    log.close();
    const said = child.exitCode ?? KILLED;
    const exitCode = wasKilled && said === LOST ? KILLED : said;
    return { exitCode, wasKilled, seconds: (performance.now() - started) / 1000 };
  });
  const signal = async (signalName: string) => {
    while (!hasExited) {
      const isSent = await callEngine(engine, ['kill', '--signal', signalName, name]).then(
        () => true,
        () => false,
      );
      if (isSent) return;
      await delay(SIGNAL_RETRY_MS);
    }
  };

  const kill = () => {
    wasKilled = true;
    void signal('KILL');
  };
  return { exited, lastLines: log.lastLines, stop: createStop(exited, () => void signal('TERM'), kill) };
}

// --- internal ---

function runArguments(program: ImageProgram, options: ContainerOptions, name: string): readonly string[] {
  const { command, environment, tree, port, network, host = '127.0.0.1' } = options;
  const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const mounts = command === 'train' ? trainingMounts(tree) : servingMounts(tree);
  const published = port === undefined || !program.hasNetwork ? [] : ['--publish', `${host}:${port}:8080`];
  if (command === 'train' && program.limits.user !== undefined) openToEveryone(tree);
  return [
    ...sandboxArguments(program, network),
    ...['--name', name, ...published],
    ...mounts.flatMap((mount) => ['--volume', mount]),
    ...variables,
    ...entrypointOption(options),
    program.image,
    ...programArguments(options),
  ];
}

function trainingMounts(tree: OptMl): readonly string[] {
  return [mount(tree.base, '/opt/ml'), mount(join(tree.base, 'input'), '/opt/ml/input:ro')];
}

/** Models that come later are seen too: the folder is mounted, not what is in it. */
function servingMounts(tree: OptMl): readonly string[] {
  const models = existsSync(tree.models) ? [mount(tree.models, '/opt/ml/models:ro')] : [];
  return [mount(tree.model, '/opt/ml/model:ro'), ...models];
}

/** @throws ArgumentError where the engine would read the path as two */
function mount(path: string, target: string): string {
  if (!path.includes(':')) return `${path}:${target}`;
  throw new ArgumentError(`A folder that a container gets must have no ":" in its path; received "${path}".`);
}

/** A user who is not root owns none of the mounts, but must still be able to write the results. */
function openToEveryone(tree: OptMl): void {
  for (const folder of [tree.base, tree.model, dirname(tree.outputData), tree.outputData]) chmodSync(folder, 0o777);
}
