/** Who answers: the program of a fixture on the built package, as the platform starts it. */
import { describe, expect, it } from 'vitest';
import { predict, startProgram, untilLogged, untilWorkers, waitingFor } from './running-program.js';
import { untilReady } from './running-server.js';

describe('a server with one worker', () => {
  it('answers everything from another process than the one with the sockets', async () => {
    const program = await startProgram({ workers: 1 });
    await untilReady(program);

    const answers = await Promise.all([1, 2, 3].map((value) => predict(program, [value, 0, 0])));

    const [pid] = answers.map((answer) => answer.pid);
    expect(answers.map(({ status, value, pid }) => ({ status, value, pid }))).toEqual(
      [1, 2, 3].map((value) => ({ status: 200, value, pid })),
    );
    expect(pid).not.toBe(program.child.pid);
  });
});

describe('an algorithm with boundedRows', () => {
  const BOUNDED = { ALGO_IS_BOUNDED: '1' };
  const invoke = async (url: string, rows: number, contentType = 'text/csv', padding = 0) => {
    const body = contentType === 'text/csv' ? '1,0,0\n'.repeat(rows) : `{"instances":[[1,0,0]]}${' '.repeat(padding)}`;
    const response = await fetch(`${url}/invocations`, {
      method: 'POST',
      headers: { 'Content-Type': contentType },
      body: Buffer.from(body),
    });
    return Number((await response.text()).split('\n')[0]!.split(',')[1]);
  };

  it('answers requests up to the bound in the first process, and larger ones in a worker', async () => {
    const program = await startProgram({ workers: 1, model: { boundedRows: 2 }, variables: BOUNDED });
    await untilReady(program);

    const pids = [
      await invoke(program.url, 1),
      await invoke(program.url, 2),
      await invoke(program.url, 1, 'application/json'),
      await invoke(program.url, 3),
      await invoke(program.url, 3000),
      await invoke(program.url, 1, 'application/json', 16 * 1024),
    ];

    expect(pids.map((pid) => pid === program.child.pid)).toEqual([true, true, true, false, false, false]);
  });

  it('answers in workers only if the model has no bound', async () => {
    const program = await startProgram({ workers: 1, model: { boundedRows: 0 }, variables: BOUNDED });
    await untilReady(program);

    expect(await invoke(program.url, 1)).not.toBe(program.child.pid);
  });
});

describe('a model that is served by one process', () => {
  it('has one worker, unless the number of workers is given', async () => {
    const alone = await startProgram({ model: { processes: 1 } });
    await untilReady(alone);

    const answers = await Promise.all([1, 2, 3].map((value) => predict(alone, [value, 0, 0])));
    const given = await startProgram({ workers: 2, model: { processes: 1 } });

    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(1);
    expect(await untilWorkers(given, 2)).not.toContain(given.child.pid);
    if (!alone.lines[0]?.endsWith('workers=1')) {
      expect(alone.lines.join('\n')).toMatch(/workers=1 instead of \d+: this is the maximum for this model/);
    }
  });
});

describe('a server with several workers', () => {
  it('gives each caller its own response, and uses all workers', async () => {
    const program = await startProgram({ workers: 2 });
    const pids = await untilWorkers(program, 2);

    const values = Array.from({ length: 300 }, (_, i) => i / 8);
    const answers = await Promise.all(values.map((value) => predict(program, [value, 0, 0])));

    expect(answers.map(({ value }) => value)).toEqual(values);
    expect(new Set(answers.map(({ pid }) => pid))).toEqual(new Set(pids));
  });

  it('answers /ping and /metrics while every worker is busy', async () => {
    const program = await startProgram({ workers: 2 });
    await untilWorkers(program, 2);
    const finished: string[] = [];

    const busy = [1, 2].map((value) => predict(program, [value, -1, 0]).then(() => finished.push('prediction')));
    await expect.poll(() => waitingFor(program).length).toBe(2);
    await untilReady(program).then(() => finished.push('ping'));
    const metrics = await fetch(`${program.url}/metrics`).then((response) => response.text());
    finished.push('metrics');
    program.root.write('gate', '');
    await Promise.all(busy);

    expect(finished).toEqual(['ping', 'metrics', 'prediction', 'prediction']);
    expect(metrics).toContain('\nalgo_requests_in_flight 2\n');
    expect(metrics).toContain('\nalgo_workers 2\n');
  });

  it('sends a request to an idle worker', async () => {
    const program = await startProgram({ workers: 2 });
    const pids = await untilWorkers(program, 2);
    const busy = predict(program, [1, -1, 0]);
    await expect.poll(() => waitingFor(program)).toEqual(['1']);

    const others: number[] = [];
    for (const value of [2, 3, 4, 5]) others.push((await predict(program, [value, 0, 0])).pid);
    program.root.write('gate', '');

    expect(new Set([...others, (await busy).pid])).toEqual(new Set(pids));
    expect(new Set(others).size).toBe(1);
  });

  it('distributes concurrent requests evenly', async () => {
    const program = await startProgram({ workers: 2, model: { isConcurrent: true } });
    const pids = await untilWorkers(program, 2);

    const values = [1, 2, 3, 4, 5, 6];
    const busy = values.map((value) => predict(program, [value, -1, 0]));
    await expect.poll(() => waitingFor(program).length).toBe(values.length);
    program.root.write('gate', '');
    const answers = await Promise.all(busy);

    expect(pids.map((pid) => answers.filter((answer) => answer.pid === pid).length)).toEqual([3, 3]);
  });

  it('sends a request to the worker with the fewest requests, whichever was the last', async () => {
    const program = await startProgram({ workers: 2, model: { isConcurrent: true } });
    await untilWorkers(program, 2);

    const busy = predict(program, [1, -1, 0]);
    await expect.poll(() => waitingFor(program)).toEqual(['1']);
    const others = [
      await predict(program, [2, 0, 0]),
      await predict(program, [3, 0, 0]),
      await predict(program, [4, 0, 0]),
    ];
    program.root.write('gate', '');
    const { pid } = await busy;

    expect(others.map((answer) => answer.pid)).not.toContain(pid);
  });

  it('loses only the request of a worker that dies, and starts another worker', async () => {
    const program = await startProgram({ workers: 2 });
    const before = await untilWorkers(program, 2);

    const [lost, ...others] = await Promise.all([
      predict(program, [1, 0, 1]),
      ...[2, 3, 4, 5].map((value) => predict(program, [value, 5, 0])),
    ]);
    const after = await untilWorkers(program, 2);

    expect(lost.status).toBe(500);
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await untilReady(program)).status).toBe(200);
    expect(after.filter((pid) => before.includes(pid))).toHaveLength(1);
    expect(program.lines.join('\n')).toMatch(/worker \d+ ended \(signal SIGKILL\); another starts in 0\.25 s/);
  });

  it('retries the other requests of a worker that died once', async () => {
    const program = await startProgram({ workers: 1, model: { isConcurrent: true } });
    await untilWorkers(program, 1);
    const first = predict(program, [1, -1, 0]);
    await expect.poll(() => waitingFor(program)).toEqual(['1']);
    const second = predict(program, [2, -1, 0]);
    await expect.poll(() => waitingFor(program)).toEqual(['1', '2']);

    const last = predict(program, [3, 0, 1]);
    await untilLogged(program, /signal SIGKILL/);
    program.root.write('gate', '');

    expect((await first).status).toBe(500);
    expect((await second).status).toBe(200);
    expect((await last).status).toBe(500);
  });

  it('keeps requests waiting while there is no worker', async () => {
    const program = await startProgram({ workers: 2 });
    const before = await untilWorkers(program, 2);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await expect.poll(() => program.lines.filter((line) => line.includes('signal SIGKILL')).length).toBe(2);

    const answer = await predict(program, [7, 0, 0]);

    expect(answer).toMatchObject({ status: 200, value: 7 });
    expect([...before, program.child.pid]).not.toContain(answer.pid);
  });

  it('restarts a worker that dies again and again after growing delays', async () => {
    const program = await startProgram({ workers: 1 });
    await untilWorkers(program, 1);

    for (const _ of [1, 2, 3]) expect((await predict(program, [1, 0, 1])).status).toBe(500);

    const delays = program.lines.map((line) => /another starts in (.*) s$/.exec(line)?.[1]).filter(Boolean);
    expect(delays).toEqual(['0.25', '0.5', '1']);
  });
});
