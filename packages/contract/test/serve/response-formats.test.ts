/** What an answer is, in each format that its caller may accept. */
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/formats/block.js';
import { CSV, makeHandler, text } from './sum-handler.js';

describe('response formats', () => {
  const THREE = '1,2,3\n0.1,0.2,0\n1e300,0,0\n';

  it.each([
    ['application/json', '{"predictions":[{"score":6},{"score":0.30000000000000004},{"score":1e+300}]}'],
    ['application/jsonlines', '{"score":6}\n{"score":0.30000000000000004}\n{"score":1e+300}\n'],
    ['text/csv', '6\n0.30000000000000004\n1e+300\n'],
  ])('include %s', async (accept, expected) => {
    const { invoke } = await makeHandler();

    const answer = await invoke(THREE, { ...CSV, Accept: accept });

    expect(text(answer)).toBe(expected);
    expect(answer.headers['Content-Type']).toBe(accept);
  });

  it.each([
    ['application/json', '{"predictions":[{"score":6}]}\n'],
    ['application/jsonlines', '{"score":6}\n'],
    ['text/csv', '6\n'],
  ])('end a response of %s with a line feed in batch transform', async (accept, expected) => {
    const { invoke } = await makeHandler({}, { SAGEMAKER_BATCH: 'True' });

    expect(text(await invoke('1,2,3\n', { ...CSV, Accept: accept }))).toBe(expected);
  });

  it('write several outputs in declared order, lists as lists in JSON and as more fields in CSV', async () => {
    const { invoke } = await makeHandler({
      outputs: {
        score: { description: '' },
        label: { description: '' },
        parts: { description: '' },
        extra: { description: '', optional: true },
      },
      predict: (_, { rows }) => ({
        parts: { values: Float32Array.of(0.5, Number.NaN, 2, 3).subarray(0, rows * 2), width: 2 },
        label: ['a "b", c', ''].slice(0, rows),
        score: Int32Array.of(1, -2).subarray(0, rows),
      }),
    });
    const body = '1,2,3\n4,5,6\n';

    expect(text(await invoke(body, { Accept: 'text/csv' }))).toBe('1,"a ""b"", c",0.5,NaN\n-2,"",2,3\n');
    expect(text(await invoke(body, { Accept: 'application/jsonlines' }))).toBe(
      '{"score":1,"label":"a \\"b\\", c","parts":[0.5,null]}\n{"score":-2,"label":"","parts":[2,3]}\n',
    );
  });

  it('pass the parameters of the accepted type to predict, without q', async () => {
    const seen: unknown[] = [];
    const { invoke } = await makeHandler({
      predict(_, input: Block, request) {
        seen.push(request.accept);
        return { score: new Float64Array(input.rows) };
      },
    });
    seen.length = 0;

    await invoke('1,2,3', { Accept: 'text/csv; interval=0.95; q=0.8' });

    expect(seen).toEqual([{ type: 'text/csv', parameters: { interval: '0.95' } }]);
  });
});
