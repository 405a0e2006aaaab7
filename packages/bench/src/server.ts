/** Starts a server as a process and measures the time until it answers; stops it as a platform does, with SIGTERM. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { childVariables } from './program.js';

/** Short compared with the measured times, long enough not to take CPU time from the server. */
const POLL_MS = 2;

export interface StartServerOptions {
  readonly command: string;
  /** Gets the port that the server must listen on. */
  readonly args: (port: number) => readonly string[];
  readonly variables?: (port: number) => Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** Asked until it answers 200, e.g. `/ping`. */
  readonly path: string;
  /** Default 60,000. */
  readonly timeoutMs?: number;
}

/**
 * Milliseconds from process start to the first 200. The server is stopped before this returns.
 * @throws Error when it exits early or does not answer in time
 */
export async function startServer(options: StartServerOptions): Promise<number> {
  const port = await freePort();
  const timeoutMs = options.timeoutMs ?? 60_000;
  const start = performance.now();
  const child = spawn(options.command, options.args(port), {
    env: childVariables(options.variables?.(port)),
    cwd: options.workingDirectory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const closed = once(child, 'close');
  closed.catch(() => {}); // a command that cannot be started: reported below, by its missing exit code
  try {
    while ((await statusOf(port, options.path)) !== 200) {
      const elapsedMs = performance.now() - start;
      if (child.exitCode !== null || child.pid === undefined || elapsedMs > timeoutMs) {
        const end = child.exitCode === null ? `no 200 in ${timeoutMs} ms` : `exited with ${child.exitCode}`;
        throw new Error(`${options.command}: ${end}: ${output.trimEnd().split('\n').slice(-3).join(' | ')}`);
      }
      await sleep(POLL_MS);
    }
    return performance.now() - start;
  } finally {
    if (child.exitCode === null && child.kill('SIGTERM')) await closed;
  }
}

// --- internal ---

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server must have a port.');
  return address.port;
}

/** The answer's status, or undefined while nobody listens. */
function statusOf(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', () => resolve(undefined));
  });
}
