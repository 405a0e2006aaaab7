/** What a body of any length costs of memory, in real processes: as much as a short one. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { type Program, startProgram, untilLogged } from './running-program.js';

const MEGABYTE = 1_000_000;
const ROW = `${Array.from({ length: 28 }, (_, i) => (i / 7 - 1.5).toFixed(6)).join(',')}\n`;
const ROWS_PER_BLOCK = Math.floor(MEGABYTE / ROW.length);
const BLOCK = Buffer.from(ROW.repeat(ROWS_PER_BLOCK));

/** Sends that many blocks of 1 MB in chunks while it reads the answer; returns how many lines that has. */
async function send({ port }: Program, blocks: number): Promise<number> {
  const headers = { 'Content-Type': 'text/csv', 'Transfer-Encoding': 'chunked' };
  const call = request({ port, method: 'POST', path: '/invocations', headers });
  const lines = new Promise<number>((resolve, reject) => {
    call.on('error', reject).on('response', async (response) => {
      let count = 0;
      for await (const chunk of response as AsyncIterable<Buffer>)
        for (const byte of chunk) count += Number(byte === 10);
      resolve(count);
    });
  });
  function* body() {
    for (let i = 0; i < blocks; i++) yield BLOCK;
  }
  await pipeline(Readable.from(body()), call);
  return lines;
}

/** The largest resident size that the first process and its workers had, together, in bytes. */
function peakBytes({ child: { pid } }: Program): number {
  const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  const sizes = [pid!, ...workers].map((id) => {
    const [, kibibytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))!;
    return Number(kibibytes) * 1024;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

it('a chunked body of 320 MB takes at most 1.1 times the memory of one of 80 MB', async () => {
  const program = await startProgram({
    program: 'wide-program.ts',
    featureCount: 28,
    workers: 2,
    variables: { SAGEMAKER_BATCH: 'true', SAGEMAKER_MAX_PAYLOAD_IN_MB: '0' },
  });
  await untilLogged(program, /model ready/);

  expect(await send(program, 80)).toBe(80 * ROWS_PER_BLOCK);
  const short = peakBytes(program);
  expect(await send(program, 320)).toBe(320 * ROWS_PER_BLOCK);
  const long = peakBytes(program);

  expect(short).toBeLessThan(640 * MEGABYTE);
  expect(long / short).toBeLessThan(1.1);
});
