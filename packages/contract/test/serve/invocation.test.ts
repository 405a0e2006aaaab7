/** What holds for every invocation. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/formats/block.js';
import { makeHandler, text } from './sum-handler.js';

it('the ids that a caller gave reach predict', async () => {
  const seen: unknown[] = [];
  const { invoke } = await makeHandler({
    predict(_, input: Block, { inferenceId, traceparent }) {
      seen.push(inferenceId, traceparent);
      return { score: new Float64Array(input.rows) };
    },
  });
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  await invoke('1,2,3', { 'X-Amzn-SageMaker-Inference-Id': 'order-17', traceparent });

  expect(seen.slice(-2)).toEqual(['order-17', traceparent]);
});

describe('a batch divided into requests', () => {
  it.each(['text/csv', 'application/jsonlines'])('has the same records in %s as one request', async (contentType) => {
    const { invoke } = await makeHandler({}, {}, 2);
    const headers = { 'Content-Type': contentType, Accept: contentType };
    const write = (row: readonly number[]) =>
      contentType === 'text/csv' ? row.map(String).join(',') : JSON.stringify({ features: row });
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const batch = fc.array(fc.tuple(fc.tuple(number, number), fc.boolean()), { minLength: 1, maxLength: 40 });

    await fc.assert(
      fc.asyncProperty(batch, async (records) => {
        const whole = text(await invoke(records.map(([row]) => `${write(row)}\n`).join(''), headers));
        const requests: string[] = [];
        for (const [row, startsRequest] of records) {
          if (startsRequest || requests.length === 0) requests.push('');
          requests.push(`${requests.pop()}${write(row)}\n`);
        }
        const parts = await Promise.all(requests.map(async (request) => text(await invoke(request, headers))));

        expect(parts.join('')).toBe(whole);
        expect(whole.split('\n')).toHaveLength(records.length + 1);
      }),
      { seed: 20260102, numRuns: 100 },
    );
  });
});
