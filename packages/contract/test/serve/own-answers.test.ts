/** Answers of the algorithm's own. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Block } from '../../src/formats/block.js';
import { removeRoots, serveSums, serveWords } from './own-payloads.js';

afterEach(removeRoots);

describe('an answer of the algorithm’s own', () => {
  it('is chosen by Accept, with its parameters', async () => {
    const { invoke } = await serveWords();

    const answer = await invoke('{"texts":["one two"]}', 'application/json', 'text/plain; prefix="n="');

    expect(answer).toMatchObject({ status: 200, type: 'text/plain', text: 'n=2' });
  });

  it('gets a parameter "output" like any other: it names no columns', async () => {
    const { invoke } = await serveWords();

    expect((await invoke('{"texts":["one"]}', 'application/json', 'text/plain; output=all; prefix=n')).text).toBe('n1');
  });

  it.each([
    ['text/*', 'text/plain'],
    ['image/png, */*;q=0.1', 'application/json'],
    ['text/plain;q=0.5, application/*', 'application/json'],
  ])('for Accept %s is %s', async (accept, type) => {
    const { invoke } = await serveWords();

    expect((await invoke('{"texts":["one"]}', 'application/json', accept)).type).toBe(type);
  });

  it('that nothing writes is refused, listing those that there are', async () => {
    const { invoke } = await serveWords();

    expect(await invoke('{"texts":["one"]}', 'application/json', 'text/csv')).toMatchObject({
      status: 406,
      problem: { message: 'Header Accept must allow one of application/json, text/plain; received "text/csv".' },
    });
  });

  it('that breaks its schema is an error of the algorithm, whose log names the field', async () => {
    const { invoke, log } = await serveWords({ predict: () => ({ counts: [{ words: 1 }, { words: -1 }] }) });

    const answer = await invoke('{"texts":["one"]}', 'application/json');

    expect(answer).toMatchObject({ status: 500, problem: { code: 'E_ALGORITHM' } });
    expect(answer.text).not.toContain('counts');
    expect(log.lines[0]).toContain('predict: counts[1].words must be ≥ 0; received -1.');
  });

  it('whose encoder fails or gives no bytes is an error of the algorithm', async () => {
    const failing = { 'text/plain': { description: 'Text.', encode: () => Promise.reject(new Error('no font')) } };
    const wrong = { 'text/plain': { description: 'Text.', encode: () => 5 as never } };

    for (const [answers, line] of [
      [failing, 'no font'],
      [wrong, 'encode of text/plain must return bytes or text; received number.'],
    ] as const) {
      const { invoke, log } = await serveWords({ answers });
      expect((await invoke('{"texts":["one"]}', 'application/json', 'text/plain')).status).toBe(500);
      expect(log.lines[0]).toContain(line);
    }
  });

  it('can be declared together with answers in rows, of which the first is the default', async () => {
    const { invoke } = await serveSums({
      answers: { 'image/x-plot': { description: 'A plot.', encode: (value: string) => Buffer.from(value) } },
      predict: (_, { rows }: Block, { accept }) =>
        accept.type === 'image/x-plot' ? `plot of ${rows}` : { score: new Float64Array(rows) },
    });

    expect((await invoke('1,2,3\n', 'text/csv')).text).toBe('{"predictions":[{"score":0}]}');
    expect((await invoke('1,2,3\n4,5,6\n', 'text/csv', 'image/x-plot')).text).toBe('plot of 2');
  });

  it('in columns to an own input has as many rows as its columns', async () => {
    const { invoke } = await serveSums({
      inputs: { 'text/plain': { description: 'Words.', decode: (bytes) => Buffer.from(bytes).toString().split(' ') } },
      predict: (_, input) => ({
        score: Array.isArray(input) ? Float64Array.from(input, (word) => word.length) : new Float64Array(1),
      }),
    });

    expect((await invoke('one three', 'text/plain', 'text/csv')).text).toBe('3\n5\n');
  });
});
