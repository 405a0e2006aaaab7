/** What keeps a worker busy does not keep /ping waiting: with one worker, whatever it is at. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { predict, startProgram, untilWorkers, waitingFor } from './running-program.js';
import { untilReady } from './running-server.js';

const BOUNDED = { ALGO_IS_BOUNDED: '1' };

describe('/ping with one worker', () => {
  it.each([
    ['a stranger’s prediction that blocks its thread', {}],
    ['a prediction of more rows than the bound, of an algorithm that has one', BOUNDED],
  ])('is answered during %s', async (_, variables) => {
    const program = await startProgram({ workers: 1, model: { boundedRows: 0 }, variables });
    await untilWorkers(program, 1);
    const finished: string[] = [];

    const busy = predict(program, [1, -1, 0]).then(() => finished.push('prediction'));
    await expect.poll(() => waitingFor(program)).toEqual(['1']);
    for (const _ping of [1, 2, 3]) await untilReady(program).then(() => finished.push('ping'));
    program.root.write('gate', '');
    await busy;

    expect(finished).toEqual(['ping', 'ping', 'ping', 'prediction']);
  });

  it('has the time for it while 25 MB of JSON is parsed: the worker parses', async () => {
    const program = await startProgram({ workers: 1 });
    const [worker] = await untilWorkers(program, 1);
    const body = Buffer.from(`{"instances":[${Array(3_000_000).fill('[1,0,0]').join()}]}`);
    const headers = { 'Content-Type': 'application/json' };
    const pids = [program.child.pid!, worker!];
    const before = pids.map(processorTime);

    const response = await fetch(`${program.url}/invocations`, { method: 'POST', headers, body });

    expect(response.status).toBe(200);
    await response.arrayBuffer();
    const [server, parser] = pids.map((pid, at) => processorTime(pid) - before[at]!);
    // The server only passes the body and the answer on; whatever waits for a processor, the shares stay.
    expect(server).toBeLessThan(parser! / 2);
  });
});

/** Of all threads of a process since it began, in clock ticks: proc(5), `stat`, fields utime and stime. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
