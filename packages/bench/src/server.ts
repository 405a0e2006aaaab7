/** Starts servers as processes, measures the time until they answer, and stops them as a platform does, with SIGTERM. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessUsage, processorMs, processTree, residentMB } from './process-tree.js';
import { childVariables } from './program.js';

/** Short compared with the measured times, long enough not to take CPU time from the server. */
const POLL_MS = 2;

/** What a server is asked. */
export interface Question {
  /** GET if left out. */
  readonly method?: 'GET' | 'POST';
  /** e.g. `/ping` */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface StartServerOptions extends Question {
  readonly command: string;
  /** Gets the port that the server must listen on. */
  readonly args: (port: number) => readonly string[];
  readonly variables?: (port: number) => Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** Gets its output; default: a pipe, whose reader here takes time of a processor for each line. */
  readonly logFile?: string;
  /** The question is asked until it is answered with 200; default 60,000. */
  readonly timeoutMs?: number;
}

export interface RunningServer {
  readonly port: number;
  /** From the start of the process to its first 200. */
  readonly milliseconds: number;
  /** The time of processors that it has used, in steps of 10, which depends little on what else the machine does; of Linux. */
  processorMs(): number;
  /** Its memory now, 10⁶ bytes: what the process has in RAM, by Linux's VmRSS. */
  residentMB(): number;
  /** What it and the processes that it has started use; itself first. */
  usage(): readonly ProcessUsage[];
  stop(): Promise<void>;
}

/**
 * Milliseconds from process start to the first 200. The server is stopped before this returns.
 * @throws Error when it exits early or does not answer in time
 */
export async function startServer(options: StartServerOptions): Promise<number> {
  const server = await openServer(options);
  await server.stop();
  return server.milliseconds;
}

/**
 * A server that has answered. The caller stops it.
 * @throws Error when it exits early or does not answer in time
 */
export async function openServer(options: StartServerOptions): Promise<RunningServer> {
  const port = await freePort();
  const timeoutMs = options.timeoutMs ?? 60_000;
  const start = performance.now();
  const log = options.logFile === undefined ? 'pipe' : openSync(options.logFile, 'w');
  const child = spawn(options.command, options.args(port), {
    env: childVariables(options.variables?.(port)),
    cwd: options.workingDirectory,
    stdio: ['ignore', log, log],
  });
  if (typeof log === 'number') closeSync(log);
  let piped = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (piped = (piped + text).slice(-OUTPUT_CHARS)));
  }
  const output = () => (options.logFile === undefined ? piped : readFileSync(options.logFile, 'utf8'));
  const closed = once(child, 'close');
  closed.catch(() => {}); // a command that cannot be started: reported below, by its missing exit code
  const stop = async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await closed;
  };
  try {
    while ((await statusOf(port, options)) !== 200) {
      const elapsedMs = performance.now() - start;
      if (child.exitCode !== null || child.pid === undefined || elapsedMs > timeoutMs) {
        if (child.exitCode !== null) await closed; // its output may still be on the way
        const end = child.exitCode === null ? `no 200 in ${timeoutMs} ms` : `exited with ${child.exitCode}`;
        throw new Error(`${options.command}: ${end}: ${output().trimEnd().split('\n').slice(-3).join(' | ')}`);
      }
      await sleep(POLL_MS);
    }
    const milliseconds = performance.now() - start;
    const pid = child.pid!;
    return {
      port,
      milliseconds,
      processorMs: () => processorMs(pid),
      residentMB: () => residentMB(pid),
      usage: () => processTree(pid),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

// --- internal ---

/** Of a server's output, the end is kept for an error message: a server that logs requests prints much. */
const OUTPUT_CHARS = 4096;

/** Below those that the system gives to whoever asks for any: another program gets none of them by chance. */
const [FIRST_PORT, PORTS_END] = [10_000, 20_000];

/** A port that was free a moment ago. @param tries at different ones */
async function freePort(tries = 100): Promise<number> {
  const port = randomInt(FIRST_PORT, PORTS_END);
  const probe = createServer().listen(port);
  try {
    await once(probe, 'listening');
  } catch (error) {
    if (tries === 1) throw error;
    return freePort(tries - 1);
  }
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The answer's status, or undefined while nobody listens. */
function statusOf(
  port: number,
  { method = 'GET', path, headers = {}, body = '' }: Question,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, method, path, headers, agent: false };
    const asked = request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', () => resolve(undefined));
    asked.end(body);
  });
}
