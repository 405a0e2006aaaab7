/** The shared suite on algorithms whose payloads are their own, and on a model package. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { algorithmChecks, checkAlgorithm } from '../../src/testing/check-algorithm.js';
import { openModel } from '../../src/testing/invoke.js';

/** Counts the letters of texts by a table that is its model; nothing is trained. */
const letters = defineAlgorithm({
  name: 'letters',
  version: '1.0.0',
  description: 'Counts letters of a text.',
  inputs: { 'application/json': { description: 'A text.', schema: z.object({ text: z.string() }) } },
  answers: { 'application/json': { description: 'Their number.', schema: z.object({ count: z.number() }) } },
  load: ({ artifact }) => new Set(artifact.read('letters.txt').toString()),
  predict: (known, { text }) => ({ count: [...text].filter((letter) => known.has(letter)).length }),
});

const options = {
  model: { 'letters.txt': 'abc' },
  payloads: { 'application/json': '{"text":"cab"}' },
};

describe('a model package with payloads of its own passes the shared suite', () => {
  checkAlgorithm(letters, { ...options, test: it });
});

it('the suite has no checks of rows or of a training for it', () => {
  const titles = algorithmChecks(letters, options).map(({ title }) => title);

  expect(titles.filter((title) => /row|job|metric|Pipe/.test(title))).toEqual([]);
});

it('own inputs without any sample payload are found', async () => {
  const payloads = { 'text/plain': 'x' };
  const check = algorithmChecks(letters, { ...options, payloads }).find(({ title }) =>
    title.startsWith('a sample payload'),
  );

  await expect(check?.run()).rejects.toThrow('must have a body of type application/json');
});

it('a model in memory answers as the container would', async () => {
  const invoke = await openModel(letters, { files: { 'letters.txt': 'xyz' } });

  expect(await invoke({ contentType: 'application/json', body: '{"text":"xx-"}' })).toMatchObject({
    status: 200,
    body: '{"count":2}',
  });
  await invoke.close();
});
