/** `.npy` in requests and answers, through the whole service. */
import { expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { writeNpy } from '../../src/formats/npy/write-predictions.js';
import { makeHandler, text } from './sum-handler.js';

const NPY = 'application/x-npy';
const layout = { hasFinalNewline: true, gaps: new Map() };
const rows = (values: Float32Array, width: number) =>
  writeNpy({ x: { values, width } }, values.length / width, ['x'], layout);

async function open(overrides: Partial<Algorithm> = {}) {
  const contentTypes = { input: [NPY, 'text/csv'], output: [NPY, 'text/csv'] } as const;
  const { invoke } = await makeHandler({ contentTypes, ...overrides });
  return (body: Uint8Array, headers: Record<string, string> = {}) => invoke(body, { 'content-type': NPY, ...headers });
}

it('a .npy request has a .npy answer, or any other that its caller accepts', async () => {
  const ask = await open();
  const body = rows(Float32Array.of(1, 2, 3, 4, 5, 6), 3);

  const answer = await ask(body);
  expect(answer).toMatchObject({ status: 200, headers: { 'Content-Type': NPY } });
  expect(Buffer.from(answer.body).equals(writeNpy({ x: Float64Array.of(6, 15) }, 2, ['x'], layout))).toBe(true);
  expect(text(await ask(body, { accept: 'text/csv' }))).toBe('6\n15\n');
});

it('an answer that comes in parts cannot be .npy, which begins with the number of its rows', async () => {
  let isStreamed = false; // the self-test succeeds
  async function* parts() {
    yield { score: Float64Array.of(1) };
  }
  const ask = await open({ predict: () => (isStreamed ? parts() : { score: Float64Array.of(1) }) });
  isStreamed = true;

  const answer = await ask(rows(Float32Array.of(1, 2, 3), 3));

  expect(answer.status).toBe(406);
  expect(text(answer)).toContain('this answer comes in parts');
});
