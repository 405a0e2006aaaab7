/** What an algorithm does wrong: its caller sees no inside of it, and the log has all. */
import { describe, expect, it } from 'vitest';
import { AlgorithmError, ClientError, PlatformError } from '../../src/errors.js';
import type { Block } from '../../src/formats/block.js';
import { CSV, makeHandler, problem, text } from './sum-handler.js';

describe('errors of the algorithm', () => {
  it('are answered without stack or message, and logged with both', async () => {
    const { invoke, log } = await makeHandler({
      predict(_, input: Block) {
        if (input.features[0] === 1) throw new TypeError('secret path /opt/ml/model');
        return { score: new Float64Array(input.rows) };
      },
    });

    const answer = await invoke('1,2,3', CSV);

    expect(answer.status).toBe(500);
    expect(problem(answer).code).toBe('E_ALGORITHM');
    expect(text(answer)).not.toMatch(/secret|\.ts|at /);
    expect(log.lines.join('\n')).toMatch(
      /TypeError: secret path \/opt\/ml\/model\n {4}at .*algorithm-errors\.test\.ts/,
    );
  });

  it.each([
    ['AlgorithmError', new AlgorithmError('E_ALGORITHM', 'the secret weights')],
    ['PlatformError', new PlatformError('E_OUTPUT', 'the secret folder')],
    ['ClientError of the model', new ClientError('E_MODEL', 'the secret file')],
    ['value', 'the secret text'],
  ])('with a thrown %s keep its message in the log', async (_, error) => {
    const { invoke, log } = await makeHandler({
      predict(_model, input: Block) {
        if (input.features[0] === 1) throw error;
        return { score: new Float64Array(input.rows) };
      },
    });

    const answer = await invoke('1,2,3', CSV);

    expect(answer.status).toBe(500);
    expect(text(answer)).not.toContain('secret');
    expect(log.lines.join()).toContain('secret');
  });

  it.each([
    ['typed array', () => new Float64Array(2 ** 53 - 1)],
    ['array', () => new Array(-1)],
    ['buffer', () => new ArrayBuffer(2 ** 53)],
    ['text', () => 'x'.repeat(2 ** 30)],
    ['bytes', () => Buffer.alloc(2 ** 53)],
  ])('name the size of the request if a %s cannot be allocated for it', async (_, make) => {
    const { invoke, log } = await makeHandler({
      predict(_model, input: Block) {
        if (input.features[0] === 1) make();
        return { score: new Float64Array(input.rows) };
      },
    });

    const answer = await invoke('1,2,3', CSV);

    expect(answer.status).toBe(413);
    expect(problem(answer).message).toBe(
      'request: its rows and their predictions must fit in memory; they do not. Send fewer rows per request.',
    );
    expect(log.lines[0]).toMatch(/^POST \/invocations: /);
  });

  it.each([
    [
      'an undeclared output',
      { score: new Float64Array(1), other: new Float64Array(1) },
      /"other" is not a declared output; declared: score, note/,
    ],
    ['no required output', { note: ['a'] }, /expected a column "score"; received none/],
    ['too few values', { score: new Float64Array(0) }, /"score" must have 1 values; received 0/],
    ['a wrong list length', { score: { values: new Float64Array(3), width: 2 } }, /must have 2 values; received 3/],
    ['a list without width', { score: { values: new Float64Array(1), width: 0 } }, /width ≥ 1/],
    [
      'numbers among text',
      { score: new Float64Array(1), note: [5 as unknown as string] },
      /"note" must contain only text; received number/,
    ],
    [
      'no name for a class',
      { score: new Float64Array(1), note: [undefined as unknown as string] },
      /"note" must contain only text; received undefined/,
    ],
  ])('include an invalid result of predict: %s', async (_, predictions, message) => {
    const { invoke, log } = await makeHandler({
      outputs: { score: { description: '' }, note: { description: '', optional: true } },
      predict: (_model, input: Block) =>
        input.features[0] === 1 ? predictions : { score: new Float64Array(input.rows) },
    });

    const answer = await invoke('1,2,3', CSV);

    expect(answer.status).toBe(500);
    expect(log.lines.join()).toMatch(message);
  });
});
