/**
 * One run of a program, as the platform runs a container: only the variables it is given, stdout and stderr to one log,
 * SIGTERM and after a grace SIGKILL to stop it, and nothing of it left when its first process ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { JobError, messageOf } from './errors.js';
import { type Program, programPath } from './program.js';

export interface ContainerOptions {
  readonly program: Program;
  readonly command: 'train' | 'serve';
  /** All variables the program sees; PATH is added, nothing else is. */
  readonly environment: Readonly<Record<string, string>>;
  /** The working directory, which must exist. */
  readonly directory: string;
  /** Gets every line of both streams. */
  readonly logFile: string;
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Container {
  /** Settles when the program has ended and its output is read to the end; never rejects. */
  readonly exited: Promise<ContainerExit>;
  /** The newest lines of the log, at most 20. */
  readonly lastLines: readonly string[];
  /** SIGTERM, and SIGKILL after `graceMs`. Calling it again changes nothing. */
  stop(graceMs: number): Promise<ContainerExit>;
}

export interface ContainerExit {
  /** As a container runtime shows it: 128 + n for a program that signal n ended. */
  readonly exitCode: number;
  /** Whether SIGTERM was not enough. */
  readonly wasKilled: boolean;
  readonly seconds: number;
}

const LAST_LINES = 20;
/** CloudWatch's limit for one event; a longer line is cut here too, so that a program cannot fill our memory. */
const LINE_MAX_CHARS = 256 * 1024;
/** How long output may keep coming from processes that escaped the process group. */
const DRAIN_MS = 1000;

/** @throws JobError when the program cannot be started */
export async function startContainer(options: ContainerOptions): Promise<Container> {
  const { program, command, environment, directory } = options;
  const started = performance.now();
  const child = spawn(program.command, [...program.args, command], {
    cwd: directory,
    env: { PATH: programPath(program), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own process group: Ctrl-C reaches us only, and SIGKILL reaches all of it
  });
  const log = openLog(options);
  readLines(child.stdout, log.write);
  readLines(child.stderr, log.write);
  try {
    await once(child, 'spawn');
  } catch (error) {
    log.close();
    throw new JobError(`${program.file} could not be started: ${messageOf(error)}.`, { cause: error });
  }

  let wasKilled = false;
  const killLeftovers = () => killGroup(child);
  process.once('exit', killLeftovers);
  const exited = waitForEnd(child).then((exitCode): ContainerExit => {
    process.off('exit', killLeftovers);
    log.close();
    return { exitCode, wasKilled, seconds: (performance.now() - started) / 1000 };
  });

  let stopping: Promise<ContainerExit> | undefined;
  return {
    exited,
    lastLines: log.lastLines,
    stop(graceMs) {
      stopping ??= (async () => {
        child.kill('SIGTERM');
        const timer = setTimeout(() => {
          wasKilled = true;
          killGroup(child);
        }, graceMs);
        return exited.finally(() => clearTimeout(timer));
      })();
      return stopping;
    },
  };
}

// --- internal ---

interface LogWriter {
  readonly lastLines: readonly string[];
  write(line: string): void;
  close(): void;
}

function openLog({ logFile, onLine }: ContainerOptions): LogWriter {
  mkdirSync(dirname(logFile), { recursive: true });
  const file = openSync(logFile, 'w');
  const lastLines: string[] = [];
  return {
    lastLines,
    write(line) {
      writeSync(file, `${line}\n`);
      lastLines.push(line);
      if (lastLines.length > LAST_LINES) lastLines.shift();
      onLine?.(line);
    },
    close: () => closeSync(file),
  };
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (rest.length > LINE_MAX_CHARS) {
      onLine(rest);
      rest = '';
    }
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.once('end', () => {
    take(decoder.end());
    if (rest !== '') onLine(rest);
  });
}

/** The exit code, once the program has ended, its helpers are killed and its output is drained. */
async function waitForEnd(child: ChildProcess): Promise<number> {
  const closed = once(child, 'close');
  await once(child, 'exit');
  killGroup(child);
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await closed;
  clearTimeout(timer);
  return child.exitCode ?? 128 + (child.signalCode ? constants.signals[child.signalCode] : 0);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: nothing of the group is left, which is what we want
  }
}
