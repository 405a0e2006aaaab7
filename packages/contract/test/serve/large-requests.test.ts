/** What a large request costs on its way from the socket to the model and back: counted work, no times. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Program, startProgram, untilLogged } from './running-program.js';

const COLUMNS = 28;
/** A young generation that no collection is needed for, so that all that is allocated is there at the end. */
const COUNTED = [
  '--import',
  join(import.meta.dirname, 'count-work.ts'),
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
];

/** CSV of 6 MB, 28 columns of numbers with six digits behind the point. */
function largeBody(): Buffer {
  const line = `${Array.from({ length: COLUMNS }, (_, i) => (i / 7 - 1.5).toFixed(6)).join(',')}\n`;
  return Buffer.from(line.repeat(Math.ceil(6_000_000 / line.length)));
}

async function post({ url }: Program, body: Buffer): Promise<number> {
  const response = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv' },
    body: new Uint8Array(body),
  });
  await response.arrayBuffer();
  return response.status;
}

interface Work {
  readonly copied: number;
  readonly allocated: number;
  readonly collections: number;
}

/** What each of the processes does between the two signals. */
async function countWork(program: Program, pids: readonly number[], work: () => Promise<unknown>): Promise<Work[]> {
  for (const pid of pids) process.kill(pid, 'SIGUSR2');
  for (const pid of pids) await untilLogged(program, new RegExp(`work pid=${pid} begins`));
  await work();
  for (const pid of pids) process.kill(pid, 'SIGUSR2');
  const found: Work[] = [];
  for (const pid of pids) {
    const pattern = new RegExp(`work pid=${pid} copied=(\\d+) allocated=(-?\\d+) collections=(\\d+)`);
    await untilLogged(program, pattern);
    const [copied = 0, allocated = 0, collections = 0] = pattern.exec(program.lines.join('\n'))!.slice(1).map(Number);
    found.push({ copied, allocated, collections });
  }
  return found;
}

describe('a request of 6 MB of CSV', () => {
  it('is copied once, into the memory of the reader, and takes less than three times its size in all', async () => {
    const program = await startProgram({
      program: 'wide-program.ts',
      featureCount: COLUMNS,
      execArgv: COUNTED,
      workers: 1,
    });
    await untilLogged(program, /model ready/);
    const { pid } = program.child;
    const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    const body = largeBody();
    expect(await post(program, body)).toBe(200);

    const [front, worker] = await countWork(program, [pid!, ...workers], () => post(program, body));

    expect(front!.copied).toBeLessThan(0.05 * body.length);
    expect(worker!.copied).toBeLessThan(1.05 * body.length);
    expect(front!.collections + worker!.collections).toBe(0);
    expect(front!.allocated + worker!.allocated).toBeLessThan(3 * body.length);
    expect(worker!.allocated).toBeLessThan(0.1 * body.length); // it was read into the memory of the one before
  });
});
