/** Which process answers: the one with the sockets does nothing that may take long, whatever becomes of its workers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTraining } from '@algo/contract/testing';
import { afterEach, expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function startServer(): Promise<{ child: ChildProcess; url: string }> {
  const rows = Array.from({ length: 400 }, (_, i) => `${(i % 7) + (i % 3)},${i % 11},${i % 7},${i % 3}`).join('\n');
  const { root, exitCode } = await runTraining(gradientBoosting, {
    hyperparameters: { num_round: '50' },
    channels: { train: { 'train.csv': `${rows}\n` } },
  });
  expect(exitCode).toBe(0);
  const variables = { SAGEMAKER_BIND_TO_PORT: '0', SAGEMAKER_MODEL_SERVER_WORKERS: '1' };
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { env: { ...root.variables, ...variables } });
  cleanups.push(() => {
    child.kill('SIGKILL');
    root.remove();
  });
  const port = await new Promise<string>((resolve) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /port=(\d+)/.exec(output)?.[1];
      if (found) resolve(found);
    });
  });
  return { child, url: `http://127.0.0.1:${port}` };
}

const workersOf = ({ pid }: ChildProcess) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

it('/ping and small requests are answered while the worker computes 500 rows of contributions', async () => {
  const { child, url } = await startServer();
  const invoke = async (rows: number, accept: string) => {
    const headers = { 'Content-Type': 'text/csv', Accept: accept };
    const body = Buffer.from('1,2,0\n'.repeat(rows));
    const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body });
    return { status: response.status, lines: (await response.text()).trimEnd().split('\n').length };
  };
  await expect.poll(async () => (await fetch(`${url}/ping`)).status).toBe(200);
  expect(await invoke(1, 'text/csv;output=contributions')).toEqual({ status: 200, lines: 1 });
  const workers = workersOf(child);
  for (const pid of workers) process.kill(pid, 'SIGSTOP');

  const contributions = invoke(500, 'text/csv;output=contributions');
  const ping = await fetch(`${url}/ping`);
  const small = await invoke(1, 'text/csv');
  for (const pid of workers) process.kill(pid, 'SIGCONT');

  expect(workers).toHaveLength(1);
  expect(ping.status).toBe(200);
  expect(small).toEqual({ status: 200, lines: 1 });
  expect(await contributions).toEqual({ status: 200, lines: 500 });
});
