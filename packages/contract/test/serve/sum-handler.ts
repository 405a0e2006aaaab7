/** The whole service around the sum of a row's features, without sockets: requests in, answers out. */
import { onTestFinished } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { memoryLog } from '../../src/log.js';
import type { Answer } from '../../src/serve/message.js';
import { createHandler } from './in-memory.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

export const CSV = { 'Content-Type': 'text/csv' };
export const JSON_BODY = { 'Content-Type': 'application/json' };
export const JSON_LINES = { 'Content-Type': 'application/jsonlines' };

/** @param variables the serving settings */
export async function makeHandler(
  overrides: Partial<Algorithm> = {},
  variables: Record<string, string> = {},
  featureCount = 3,
  featureNames?: readonly string[],
) {
  const root = makeModelRoot(featureCount, featureNames);
  onTestFinished(root.remove);
  const log = memoryLog();
  const handle = await createHandler(sumAlgorithm(overrides), environmentOf(root, variables), log);
  const invoke = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    handle({ method: 'POST', path: '/invocations', headers, body: Buffer.from(body) });
  return { handle, invoke, log };
}

export const text = ({ body }: Answer) => Buffer.from(body).toString();
export const problem = (answer: Answer) => JSON.parse(text(answer)).error;
