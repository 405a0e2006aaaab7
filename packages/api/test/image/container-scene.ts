/**
 * What the tests of the container runner need: the image of linear regression that ALGO_TEST_IMAGE names, an engine, and
 * `algo up` as a process of its own. Without the variable these tests are skipped: not every machine has an engine.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type EngineName, findEngine } from '@algo/local';
import { onTestFinished } from 'vitest';
import { type Answer, callSageMaker, hasEnded } from '../support/scene.js';

export const IMAGE = process.env.ALGO_TEST_IMAGE;
export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
export const ALGO = join(ROOT, 'packages', 'cli', 'bin', 'algo.js');
const LOOK_MS = 50;

function ownerOf(folder: string): string {
  return JSON.parse(readFileSync(join(folder, 'containers.json'), 'utf8')).owner;
}

export async function engineName(): Promise<EngineName> {
  return (await findEngine('run')).name;
}

/** One command of the engine; returns its output. */
async function engine(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(await engineName(), args);
  return stdout.trim();
}

/** Containers of the servers of a data folder, running or not. */
export async function containersOf(folder: string): Promise<readonly string[]> {
  const ids = await engine('ps', '--all', '--quiet', '--filter', `label=algo.owner=${ownerOf(folder)}`);
  return ids.split('\n').filter((id) => id !== '');
}

/**
 * Takes the names in these repositories from the image under test, which keeps its own. Only tags are taken: podman 4 takes
 * all names of an image when it is to remove a digest.
 */
export async function removeNames(repositories: readonly string[]): Promise<void> {
  const tags = JSON.parse(await engine('image', 'inspect', '--format', '{{json .RepoTags}}', IMAGE!));
  for (const name of tags as readonly string[]) {
    if (repositories.some((repository) => name.startsWith(`${repository}:`))) await engine('rmi', name);
  }
}

/** Folders of their networks. */
export function networkFolders(folder: string): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`algo-net-${ownerOf(folder)}`));
}

export interface RunningApi {
  readonly url: string;
  call(operation: string, input: object): Promise<Answer['body']>;
  /** Calls Describe until the status is none of those of work. */
  ended(operation: string, input: object): Promise<Answer['body']>;
  /** Writes an object of S3. */
  put(path: string, content: string): Promise<void>;
  read(path: string): Promise<string>;
  stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
}

/** `algo up` in the workspace. */
export async function startUp(dataFolder: string, runner: 'process' | 'container'): Promise<RunningApi> {
  const args = ['up', '--runner', runner, '--engine', await engineName(), '--port', '0', '--data', dataFolder];
  const child = spawn(process.execPath, [ALGO, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const stop = async (signal: 'SIGINT' | 'SIGKILL') => {
    child.kill(signal);
    await exited;
  };
  onTestFinished(() => stop('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const [url = ''] = /http:\S+\d/.exec(line) ?? [];
  const call = async (operation: string, input: object) => {
    const { status, body } = await callSageMaker(url, operation, input);
    if (status !== 200) throw new Error(`${operation}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    ...{ url, call, stop },
    async ended(operation, input) {
      for (;;) {
        const body = await call(operation, input);
        const { TrainingJobStatus, TransformJobStatus, EndpointStatus } = body;
        const status = TrainingJobStatus ?? TransformJobStatus ?? EndpointStatus;
        if (hasEnded({ TrainingJobStatus: status }) || status === 'InService') return body;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
    async put(path, content) {
      const answer = await fetch(`${url}/${path}`, { method: 'PUT', body: content });
      if (answer.status !== 200) throw new Error(await answer.text());
    },
    read: async (path) => (await fetch(`${url}/${path}`)).text(),
  };
}
