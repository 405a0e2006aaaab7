/** Keys of an answer by SAGEMAKER_INFERENCE_OUTPUT and `Accept: …;output=`. */
import { afterEach, describe, expect, it } from 'vitest';
import { PlatformError } from '../../src/errors.js';
import { memoryLog } from '../../src/log.js';
import { createHandler } from './in-memory.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

const roots: { remove(): void }[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.remove();
});

const algorithm = (hasDouble = true) =>
  sumAlgorithm({
    outputs: {
      score: { description: 'Sum.' },
      half: { description: 'Half of it.', optional: true },
      double: { description: 'Twice of it.', optional: true },
    },
    ...(!hasDouble && { availableOutputs: () => ({ names: ['score', 'half'], of: 'factor 1' }) }),
    predict: (_, { rows, columns, features }) => {
      const score = Float64Array.from({ length: rows }, (__, row) =>
        [...features.subarray(row * columns, (row + 1) * columns)].reduce((sum, value) => sum + value, 0),
      );
      return { score, half: score.map((value) => value / 2), double: score.map((value) => value * 2) };
    },
  });

async function ask(variables: Record<string, string>, accept?: string, hasDouble = true) {
  const root = makeModelRoot();
  roots.push(root);
  const handle = await createHandler(algorithm(hasDouble), environmentOf(root, variables), memoryLog());
  const headers = { 'Content-Type': 'text/csv', ...(accept !== undefined && { Accept: accept }) };
  const answer = await handle({ method: 'POST', path: '/invocations', headers, body: Buffer.from('1,2,3') });
  return { status: answer.status, body: Buffer.from(answer.body).toString() };
}

describe('a response', () => {
  it.each([
    ['double,score', '{"predictions":[{"double":12,"score":6}]}'],
    [' Half , DOUBLE,half', '{"predictions":[{"half":3,"double":12}]}'],
  ])('has the outputs of SAGEMAKER_INFERENCE_OUTPUT, in its order: %s', async (SAGEMAKER_INFERENCE_OUTPUT, body) => {
    expect(await ask({ SAGEMAKER_INFERENCE_OUTPUT })).toEqual({ status: 200, body });
  });

  it.each([
    ['text/csv;output="half,score"', '3,6\n'],
    ['application/jsonlines; output=Double', '{"double":12}\n'],
    ['text/csv', '6,3,12\n'],
  ])('has the outputs that a request names, in its order: %s', async (accept, body) => {
    expect(await ask({}, accept)).toEqual({ status: 200, body });
  });

  it('has the outputs of the request if the variable names others', async () => {
    const variables = { SAGEMAKER_INFERENCE_OUTPUT: 'score' };

    expect((await ask(variables, 'text/csv;output=half')).body).toBe('3\n');
    expect((await ask(variables, 'text/csv')).body).toBe('6\n');
  });

  it.each([
    ['output=median', 'must be one of score, half for factor 1; received "median"'],
    ['output=double', 'must be one of score, half for factor 1; received "double"'],
    ['output="score,"', 'must be one of score, half for factor 1; received ""'],
  ])('to a request with %s is 400 with the available outputs', async (parameter, message) => {
    const { status, body } = await ask({}, `text/csv;${parameter}`, false);

    expect(status).toBe(400);
    expect(JSON.parse(body).error).toEqual({
      code: 'E_REQUEST_OUTPUT',
      message: `Parameter "output" of Accept ${message}.`,
    });
  });
});

it.each([
  [{ SAGEMAKER_INFERENCE_OUTPUT: 'score,median' }, 'Variable SAGEMAKER_INFERENCE_OUTPUT must be one of'],
  [{ SAGEMAKER_INFERENCE_OUTPUT: 'double' }, 'for factor 1; received "double"'],
  [
    { SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: 'text/csv;output=median' },
    'Variable SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: parameter "output" must be one of',
  ],
])('a server started with %o fails with a PlatformError', async (variables, message) => {
  const starting = ask(variables as Record<string, string>, undefined, false);

  await expect(starting).rejects.toThrow(PlatformError);
  await expect(starting).rejects.toThrow(message);
});
