/** Algorithms with inputs and answers of their own, and how they are asked. */
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { memoryLog } from '../../src/log.js';
import { writeModel } from '../../src/model/save.js';
import { makeContainerRoot } from '../../src/testing/container-root.js';
import { createHandler } from './in-memory.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

export const roots: { remove(): void }[] = [];

/** For `afterEach`. */
export function removeRoots(): void {
  for (const root of roots.splice(0)) root.remove();
}

const texts = z.object({ texts: z.array(z.string().min(1)).min(1).meta({ description: 'What to count.' }) });

const counts = z.object({ counts: z.array(z.object({ words: z.int().min(0) })) });

/** Counts words: JSON or plain text in, JSON or one number in text out; no rows at all. */
const words = defineAlgorithm({
  name: 'words',
  version: '1.0.0',
  description: 'Counts words.',
  inputs: {
    'application/json': { description: 'Texts.', schema: texts },
    'text/plain': {
      description: 'One text.',
      maxBytes: 100,
      decode: (bytes, { parameters }) => ({ texts: [new TextDecoder(parameters.charset).decode(bytes)] }),
    },
  },
  answers: {
    'application/json': { description: 'Words of each text.', schema: counts },
    'text/plain': {
      description: 'Words of all texts.',
      encode: (value: { counts: { words: number }[] }, { parameters }) =>
        `${parameters.prefix ?? ''}${value.counts.reduce((sum, count) => sum + count.words, 0)}`,
    },
  },
  load: () => undefined,
  predict: (_, input) => ({ counts: input.texts.map((text) => ({ words: text.split(/\s+/).filter(Boolean).length })) }),
});

export async function serveWords(overrides: Partial<Algorithm> = {}, variables: Record<string, string> = {}) {
  const root = makeContainerRoot();
  roots.push(root);
  void writeModel(root.paths.model, { files: { 'model.txt': '' } }, words);
  const log = memoryLog();
  const handle = await createHandler({ ...words, ...overrides }, environmentOf(root, variables), log);
  return { invoke: invokerOf(handle), handle, log };
}

/** Sums of rows, as in the other tests, with more inputs or answers. */
export async function serveSums(overrides: Partial<Algorithm>, variables: Record<string, string> = {}) {
  const root = makeModelRoot(3);
  roots.push(root);
  const log = memoryLog();
  return { invoke: invokerOf(await createHandler(sumAlgorithm(overrides), environmentOf(root, variables), log)), log };
}

function invokerOf(handle: Awaited<ReturnType<typeof createHandler>>) {
  return async (body: string | Uint8Array, contentType?: string, accept?: string) => {
    const headers = { ...(contentType && { 'Content-Type': contentType }), ...(accept && { Accept: accept }) };
    const answer = await handle({ method: 'POST', path: '/invocations', headers, body: Buffer.from(body) });
    const text = Buffer.from(answer.body).toString();
    return { status: answer.status, type: answer.headers['Content-Type'], text, problem: problemOf(text) };
  };
}

function problemOf(text: string): { code: string; message: string } | undefined {
  return text.startsWith('{"error"') ? JSON.parse(text).error : undefined;
}
