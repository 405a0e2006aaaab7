/** `algo up` as a user starts it, and the variables that its `--env bash` gives a shell. */
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { ALGO } from './made-algorithm.ts';

export interface RunningApi {
  readonly url: string;
  /** Of a bash that has evaluated what `algo up --env bash` prints. */
  readonly variables: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** @param options as `algo up` takes them, without the port, which is a free one */
export async function startAlgoUp(workspace: string, data: string, options: readonly string[]): Promise<RunningApi> {
  const args = [ALGO, 'up', '--data', data];
  const child = spawn(process.execPath, [...args, '--port', '0', ...options], { cwd: workspace });
  createInterface({ input: child.stderr }).on('line', (line) => line !== STOPPING && console.error(line));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGINT');
    await ended;
  };
  try {
    const url = await Promise.race([addressFrom(child.stdout), ended]);
    if (url === undefined) throw new Error(`algo up ended with exit code ${child.exitCode} before it had an address.`);
    const print = [process.execPath, ...args, '--port', new URL(url).port, '--env', 'bash'];
    const { stdout } = await execute(
      'bash',
      ['-c', 'variables="$("$@")" && eval "$variables" && env -0', '-', ...print],
      {
        cwd: workspace,
        env: { PATH: process.env.PATH, HOME: process.env.HOME },
      },
    );
    return { url, variables: parseVariables(stdout), close };
  } catch (error) {
    await close();
    throw error;
  }
}

// --- internal ---

const execute = promisify(execFile);
/** What it says to Ctrl-C; anything else is a mistake of the server. */
const STOPPING = 'Stopping: jobs that run end as Failed.';

/** Undefined where the output ends before. All of the output is read, so that the server can write on. */
function addressFrom(output: Readable): Promise<string | undefined> {
  return new Promise((resolve) => {
    createInterface({ input: output })
      .on('line', (line) => {
        const url = /API is at (http:\S+),/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      })
      .once('close', () => resolve(undefined));
  });
}

function parseVariables(text: string): NodeJS.ProcessEnv {
  const pairs = text.split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
