/** Real processes: the program of a fixture on the built package, as the platform starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { saveModel } from '../../src/model.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { openWire, untilReady } from './running-server.js';

const PROGRAM = join(import.meta.dirname, 'program.ts');

interface Program {
  readonly child: ChildProcess;
  readonly root: ContainerRoot;
  readonly url: string;
  readonly port: number;
  readonly lines: string[];
  readonly exit: Promise<{ code: number | null; signal: string | null }>;
}

const programs: Program[] = [];
afterEach(async () => {
  for (const { child, exit, root } of programs.splice(0)) {
    child.kill('SIGKILL');
    await exit;
    root.remove();
  }
});

async function startProgram(
  workers: number | '',
  prepare?: (root: ContainerRoot) => void,
  content = '{}',
): Promise<Program> {
  const root = makeContainerRoot();
  const model = { files: { 'model.json': content }, featureCount: 3 };
  saveModel(root.paths.model, model, { name: 'echo', version: '1.0.0' });
  prepare?.(root);
  const variables = { SAGEMAKER_BIND_TO_PORT: '0', SAGEMAKER_MODEL_SERVER_WORKERS: String(workers) };
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { env: { ...root.variables, ...variables } });
  const lines: string[] = [];
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trimEnd().split('\n')));
  }
  await expect.poll(() => lines.join('\n')).toMatch(/port=\d+/);
  const port = Number(/port=(\d+)/.exec(lines.join('\n'))![1]);
  const program = { child, root, url: `http://127.0.0.1:${port}`, port, lines, exit };
  programs.push(program);
  return program;
}

/** The predicted value and the process that predicted it. */
async function predict(
  { url }: Program,
  row: readonly number[],
): Promise<{ status: number; value: number; pid: number }> {
  const response = await fetch(`${url}/invocations`, { method: 'POST', body: Buffer.from(row.join(',')) });
  const [value = Number.NaN, pid = Number.NaN] = (await response.text()).split(',').map(Number);
  return { status: response.status, value, pid };
}

/** Waits until `count` processes other than the first answer, and says which. */
async function untilWorkers(program: Program, count: number): Promise<number[]> {
  const found = async () => {
    const answers = await Promise.all(Array.from({ length: count * 2 }, () => predict(program, [1, 1, 0])));
    return [...new Set(answers.map(({ pid }) => pid))].filter((pid) => pid !== program.child.pid);
  };
  let pids: number[] = [];
  const look = async () => {
    pids = await found();
    return pids.length;
  };
  await expect.poll(look).toBe(count);
  return pids;
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('with one process allowed', () => {
  it('the first process answers everything', async () => {
    const program = await startProgram(1);
    await untilReady(program);

    const answers = await Promise.all([1, 2, 3].map((value) => predict(program, [value, 0, 0])));

    expect(answers).toEqual([1, 2, 3].map((value) => ({ status: 200, value, pid: program.child.pid })));
  });
});

describe('with a model that is for one process', () => {
  it('the first process stays alone, unless the number of workers is given', async () => {
    const alone = await startProgram('', undefined, '{"processes":1}');
    await untilReady(alone);

    const answers = await Promise.all([1, 2, 3].map((value) => predict(alone, [value, 0, 0])));
    const given = await startProgram(2, undefined, '{"processes":1}');
    const pids = await untilWorkers(given, 2);

    expect(answers.map(({ pid }) => pid)).toEqual([1, 2, 3].map(() => alone.child.pid));
    expect(pids).not.toContain(given.child.pid);
    if (!alone.lines[0]?.endsWith('workers=1')) {
      expect(alone.lines.join('\n')).toMatch(/workers=1 instead of \d+: this model is for so many processes/);
    }
  });
});

describe('with several processes', () => {
  it('each caller gets its own answer, and all workers answer', async () => {
    const program = await startProgram(2);
    const pids = await untilWorkers(program, 2);

    const values = Array.from({ length: 300 }, (_, i) => i / 8);
    const answers = await Promise.all(values.map((value) => predict(program, [value, 0, 0])));

    expect(answers.map(({ value }) => value)).toEqual(values);
    expect(new Set(answers.map(({ pid }) => pid))).toEqual(new Set(pids));
  });

  it('/ping is answered while every worker is busy', async () => {
    const program = await startProgram(2);
    await untilWorkers(program, 2);
    const finished: string[] = [];

    const busy = [1, 2].map((value) => predict(program, [value, -1, 0]).then(() => finished.push('prediction')));
    await untilReady(program).then(() => finished.push('ping'));
    program.root.write('gate', '');
    await Promise.all(busy);

    expect(finished).toEqual(['ping', 'prediction', 'prediction']);
  });

  it('a worker that dies costs its own request only, and another takes its place', async () => {
    const program = await startProgram(2);
    const before = await untilWorkers(program, 2);

    const [lost, ...others] = await Promise.all([
      predict(program, [1, 0, 1]),
      ...[2, 3, 4, 5].map((value) => predict(program, [value, 5, 0])),
    ]);
    const after = await untilWorkers(program, 2);

    expect(lost.status).toBe(500);
    expect(others.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect((await untilReady(program)).status).toBe(200);
    expect(after.filter((pid) => before.includes(pid))).toHaveLength(1);
    expect(program.lines.join('\n')).toMatch(/worker \d+ ended \(signal SIGKILL\); another starts in 0\.25 s/);
  });

  it('the first process answers itself while there is no worker', async () => {
    const program = await startProgram(2);
    for (const pid of await untilWorkers(program, 2)) process.kill(pid, 'SIGKILL');
    await expect.poll(() => program.lines.filter((line) => line.includes('signal SIGKILL')).length).toBe(2);

    expect(await predict(program, [7, 0, 0])).toEqual({ status: 200, value: 7, pid: program.child.pid });
    await untilWorkers(program, 2);
  });
});

describe('the end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s answers what has begun, ends the workers, and is code 0',
    async (signal) => {
      const program = await startProgram(2);
      const pids = await untilWorkers(program, 2);
      const wire = openWire(program.port);
      wire.send('POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n');
      await wire.until('100 Continue');

      program.child.kill(signal);
      await expect.poll(() => program.lines.join('\n')).toContain(`${signal} received`);
      wire.send('8,90,00');

      expect(await wire.closed()).toMatch(/\r\n\r\nHTTP\/1\.1 200 OK\r\n.*Connection: close\r\n.*\r\n8,\d+\n$/s);
      expect(await program.exit).toEqual({ code: 0, signal: null });
      expect(pids.filter(isAlive)).toEqual([]);
    },
  );

  it('of the first process by force ends the workers too', async () => {
    const program = await startProgram(2);
    const pids = await untilWorkers(program, 2);

    program.child.kill('SIGKILL');

    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  it('with a model that cannot be used is code 1 after it said why', async () => {
    const program = await startProgram(2, (root) => writeFileSync(join(root.paths.model, 'model.json'), 'x'));

    const response = await fetch(`${program.url}/ping`);

    expect(response.status).toBe(503);
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.lines.filter((line) => line.includes('changed or damaged'))).toHaveLength(1);
  });
});
