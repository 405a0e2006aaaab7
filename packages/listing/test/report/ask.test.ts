import type { AlgorithmDescription, Answer } from '@algo/local';
import { expect, it } from 'vitest';
import { createAsk } from '../../src/report/evaluation/ask.js';

const DESCRIPTION = {
  InferenceSpecification: { SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] },
  Capabilities: { Outputs: [] },
} as unknown as AlgorithmDescription;
const ROWS = Array.from({ length: 10_000 }, (_, i) => [String(i)]);

/** A model whose prediction is the first column. @param onCall before each answer */
function makeEndpoint(onCall: () => void) {
  return {
    async invoke({ body }: { readonly body: Buffer }) {
      onCall();
      return { status: 200, headers: { 'content-type': 'text/csv' }, body } as unknown as Answer;
    },
  };
}

it('asks for all rows in order, in several requests', async () => {
  let calls = 0;
  const endpoint = makeEndpoint(() => {
    calls += 1;
  });

  const predictions = await createAsk(DESCRIPTION, endpoint)(ROWS);

  expect(calls).toBeGreaterThan(1);
  expect(predictions).toEqual(ROWS.map(([value]) => ({ score: Number(value) })));
});

it('sends no further request once it is stopped', async () => {
  let calls = 0;
  const interrupt = new AbortController();
  const endpoint = makeEndpoint(() => {
    calls += 1;
    interrupt.abort();
  });

  const asking = createAsk(DESCRIPTION, endpoint, interrupt.signal)(ROWS);

  await expect(asking).rejects.toMatchObject({ name: 'JobError', message: 'stopped' });
  expect(calls).toBe(1);
});
