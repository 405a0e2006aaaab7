/** Inputs and answers of an algorithm's own, from a request to its answer: JSON by a schema, bytes by a function. */
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { ClientError } from '../../src/errors.js';
import type { Block } from '../../src/formats/block.js';
import { memoryLog } from '../../src/log.js';
import { writeModel } from '../../src/model/save.js';
import type { DecoderContext } from '../../src/payloads/definition.js';
import { denseRows } from '../../src/payloads/rows.js';
import { makeContainerRoot } from '../../src/testing/container-root.js';
import { createHandler } from './in-memory.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

const roots: { remove(): void }[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.remove();
});

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

async function serveWords(overrides: Partial<Algorithm> = {}, variables: Record<string, string> = {}) {
  const root = makeContainerRoot();
  roots.push(root);
  void writeModel(root.paths.model, { files: { 'model.txt': '' } }, words);
  const log = memoryLog();
  const handle = await createHandler({ ...words, ...overrides }, environmentOf(root, variables), log);
  return { invoke: invokerOf(handle), handle, log };
}

/** Sums of rows, as in the other tests, with more inputs or answers. */
async function serveSums(overrides: Partial<Algorithm>, variables: Record<string, string> = {}) {
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

describe('a request of JSON that a schema describes', () => {
  it('reaches predict as the schema gives it, and the answer is held to its schema', async () => {
    const { invoke } = await serveWords();

    const answer = await invoke('{"texts":["one two","three"]}', 'application/json; charset=utf-8');

    expect(answer).toMatchObject({
      status: 200,
      type: 'application/json',
      text: '{"counts":[{"words":2},{"words":1}]}',
    });
  });

  it('is what a request without a content type is, where it is declared first', async () => {
    const { invoke } = await serveWords();

    expect((await invoke('{"texts":["one"]}')).text).toBe('{"counts":[{"words":1}]}');
  });

  it.each([
    ['a field that breaks its rule', '{"texts":["one",""]}', 'texts[1] must have at least 1 character; received "".'],
    ['a field that is missing', '{}', 'texts must be a list; it is missing.'],
    ['a value of another type', '[]', 'the body must be an object; received an empty list.'],
    ['text that is no JSON', 'one two', 'expected valid JSON; received "o" at byte 1.'],
    ['a comma that is missing', '{"texts":["one" 2]}', 'expected valid JSON; received "2" at byte 17.'],
    ['a body that ends early', '{"texts":["one"', 'expected valid JSON; received the end at byte 16.'],
    ['more than one value', '{"texts":[]} {}', 'expected valid JSON; received "{" at byte 14.'],
    [
      'a key that an object has twice',
      '{"texts":["one"],"te\\u0078ts":["two"]}',
      'an object of JSON must have each key once; received "texts" again at byte 18.',
    ],
    [
      'a key that an object has twice within others',
      '{"texts":["one: two"],"more":[[],{"a":{"b":1,"c":":","b":1}}]}',
      'an object of JSON must have each key once; received "b" again at byte 54.',
    ],
    [
      'a key that objects of JavaScript do not keep',
      '{"texts":["one"],"more":[{"__proto__":1}]}',
      'JSON must not have the key "__proto__"; received it at byte 27.',
    ],
    ['nothing', '', 'the body must be application/json; it is empty.'],
    [
      'bytes that are not UTF-8',
      new Uint8Array([0x22, 0xff, 0x22]),
      'JSON must be UTF-8; the body has bytes that are not.',
    ],
    [
      'lists nested too deep',
      `${'['.repeat(65)}${']'.repeat(65)}`,
      'JSON must be nested at most 64 deep; received more.',
    ],
  ])('is the caller’s error for %s, which names what is wrong', async (_, body, message) => {
    const { invoke, log } = await serveWords();

    const answer = await invoke(body, 'application/json');

    expect(answer).toMatchObject({ status: 400, problem: { code: 'E_REQUEST_BODY', message: `request: ${message}` } });
    expect(log.lines).toEqual([]);
  });

  it('in another charset than UTF-8 is refused', async () => {
    const { invoke } = await serveWords();

    expect(await invoke('{}', 'application/json; charset=latin1')).toMatchObject({
      status: 415,
      problem: { message: 'Header Content-Type: charset must be utf-8; received "latin1".' },
    });
  });
});

describe('a request of bytes that the algorithm decodes', () => {
  it('reaches predict as the decoder gives it, which gets the parameters of the media type', async () => {
    const { invoke } = await serveWords();

    const answer = await invoke(Buffer.from('d\xe9j\xe0 vu', 'latin1'), 'text/plain; charset=latin1');

    expect(answer.text).toBe('{"counts":[{"words":2}]}');
  });

  it('is the caller’s error with the words of a ClientError that the decoder throws', async () => {
    const { invoke } = await serveWords({
      inputs: {
        'image/x-test': {
          description: 'An image.',
          decode() {
            throw new ClientError('E_REQUEST_BODY', 'request: the image must be gray; received colours.');
          },
        },
      },
    });

    expect(await invoke('x', 'image/x-test')).toMatchObject({
      status: 400,
      problem: { message: 'request: the image must be gray; received colours.' },
    });
  });

  it('is the caller’s error behind the media type for any other error of the decoder', async () => {
    const decode = async () => {
      throw new RangeError('Offset is outside the bounds of the DataView');
    };
    const { invoke } = await serveWords({ inputs: { 'image/x-test': { description: 'An image.', decode } } });

    expect(await invoke('x', 'image/x-test')).toMatchObject({
      status: 400,
      problem: {
        code: 'E_REQUEST_BODY',
        message:
          'request: the body must be image/x-test; it cannot be decoded: Offset is outside the bounds of the DataView.',
      },
    });
  });

  it('is refused when what it decodes to is over the declared bound, of which the decoder knows', async () => {
    const bounds: number[] = [];
    const decode = (bytes: Uint8Array, { maxBytes }: DecoderContext) => {
      bounds.push(maxBytes);
      return { texts: ['x'], padding: new Uint8Array(bytes.length * 1000) };
    };
    const { invoke } = await serveWords({
      inputs: { 'text/x-packed': { description: 'Packed text.', maxBytes: 2000, decode } },
    });

    expect((await invoke('1', 'text/x-packed')).status).toBe(200);
    expect(await invoke('22', 'text/x-packed')).toMatchObject({
      status: 413,
      problem: {
        code: 'E_REQUEST_SIZE',
        message:
          'request: text/x-packed must take at most 2000 bytes once it is decoded; received more. Send a smaller one.',
      },
    });
    expect(bounds).toEqual([2000, 2000]);
  });

  it('may have no more decoded bytes than 64 MiB where nothing is declared', async () => {
    const decode = (bytes: Uint8Array) => ({ texts: [], padding: new Uint8Array(64 * 1024 * 1024 + bytes[0]!) });
    const { invoke } = await serveWords({ inputs: { 'text/x-packed': { description: 'Packed text.', decode } } });

    expect((await invoke(new Uint8Array([1]), 'text/x-packed')).status).toBe(413);
  });
});

describe('rows that a decoder makes', () => {
  const doubles = (bytes: Uint8Array) =>
    denseRows(new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)), 3);
  const inputs = { 'application/x-doubles': { description: 'Rows of three.', decode: doubles } };
  const bytesOf = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);

  it('are predicted as those of any format are', async () => {
    const { invoke } = await serveSums({ inputs });

    const answer = await invoke(bytesOf(1, 2, 3, 4, 5, 6), 'application/x-doubles', 'text/csv');

    expect(answer).toMatchObject({ status: 200, text: '6\n15\n' });
  });

  it.each([
    [
      'a missing value',
      bytesOf(1, 2, 3, 4, Number.NaN, 6),
      'E_DATA_MISSING',
      'request row 2 column 2: the value must not be missing; received NaN.',
    ],
    [
      'an infinite value',
      bytesOf(1, Number.POSITIVE_INFINITY, 3),
      'E_DATA_INFINITE',
      'request row 1 column 2: the value must be finite; received Infinity.',
    ],
  ])('are refused for %s where the algorithm refuses it', async (_, body, code, message) => {
    const { invoke } = await serveSums({ inputs });

    expect(await invoke(body, 'application/x-doubles')).toMatchObject({ status: 400, problem: { code, message } });
  });

  it('are refused when they have other columns than the model', async () => {
    const decode = () => denseRows(new Float64Array(4), 2);
    const { invoke } = await serveSums({ inputs: { 'application/x-two': { description: 'Two.', decode } } });

    expect(await invoke('x', 'application/x-two')).toMatchObject({
      status: 400,
      problem: { code: 'E_DATA_COLUMNS', message: 'request: expected 3 columns as the model has; received 2.' },
    });
  });

  it('are an error of the algorithm when they are no whole rows', async () => {
    const { invoke, log } = await serveSums({ inputs });

    expect((await invoke(bytesOf(1, 2), 'application/x-doubles')).status).toBe(500);
    expect(log.lines[0]).toContain('denseRows: expected at least one whole row of 3 columns; received 2 numbers.');
  });

  const dense = denseRows(new Float64Array(3), 3);
  const { features, ...head } = dense;
  const sparse = {
    ...head,
    rowStarts: Uint32Array.of(0, 1),
    columnIndices: Uint32Array.of(2),
    values: Float64Array.of(1),
  };
  it.each<[string, object, string]>([
    ['fewer numbers than rows', { ...dense, rows: 5 }, 'received 5 × 3 and Float64Array(3)'],
    ['more numbers than rows', { ...dense, features: new Float64Array(30) }, 'received 1 × 3 and Float64Array(30)'],
    ['no rows', { ...dense, rows: 0, features: new Float64Array(0) }, 'received 0 × 3 and Float64Array(0)'],
    ['half a row', { ...dense, rows: 0.5 }, 'received 0.5 × 3'],
    ['counts in text', { ...dense, columns: '3' }, 'features must be a Float64Array or Float32Array'],
    ['bytes', { ...dense, features: new Uint8Array(3) }, 'received 1 × 3 and Uint8Array(3)'],
    ['sparse rows without values', { ...sparse, values: undefined }, 'sparse rows must have'],
    ['sparse rows of other counts', { ...sparse, values: new Float64Array(2) }, 'as many column indices as values'],
    ['sparse rows without labels', { ...sparse, labels: undefined }, 'sparse rows must have labels'],
    ['sparse rows that overlap', { ...sparse, rowStarts: Uint32Array.of(1, 1) }, 'ascend from 0 to the 1 values'],
    ['a column beyond', { ...sparse, columnIndices: Uint32Array.of(3) }, 'column indices must be below 3; received 3'],
  ])('are an error of the algorithm when they have %s', async (_, rows, message) => {
    const decode = () => rows;
    const { invoke, log } = await serveSums({ inputs: { 'application/x-rows': { description: 'Rows.', decode } } });

    expect((await invoke('x', 'application/x-rows')).status).toBe(500);
    expect(log.lines[0]).toContain('AlgorithmError: decode: ');
    expect(log.lines[0]).toContain(message);
  });

  it('may be sparse', async () => {
    const inputs = { 'application/x-rows': { description: 'Rows.', decode: () => sparse } };
    const { invoke } = await serveSums({ inputs });

    expect(await invoke('x', 'application/x-rows', 'text/csv')).toMatchObject({ status: 200, text: '1\n' });
  });
});

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

describe('in a batch transform', () => {
  const batch = { SAGEMAKER_BATCH: 'true' };

  it('a document of JSON ends with a line end, and other answers are as they are', async () => {
    const { invoke } = await serveWords({}, batch);

    expect((await invoke('{"texts":["one"]}', 'application/json')).text).toBe('{"counts":[{"words":1}]}\n');
    expect((await invoke('{"texts":["one"]}', 'application/json', 'text/plain')).text).toBe('1');
  });

  it('an empty record, as a blank line is, is answered by nothing', async () => {
    const { invoke } = await serveWords({}, batch);

    expect(await invoke('', 'text/plain')).toMatchObject({ status: 204, text: '' });
  });

  it('records are asked for one by one where no format of rows is read', async () => {
    const { handle } = await serveWords({}, batch);

    const answer = await handle({ method: 'GET', path: '/execution-parameters' });

    expect(JSON.parse(Buffer.from(answer.body).toString())).toMatchObject({ BatchStrategy: 'SINGLE_RECORD' });
  });
});

it('a model that is asked for rows must say its columns', async () => {
  const root = makeContainerRoot();
  roots.push(root);
  void writeModel(root.paths.model, { files: { 'model.json': '{"factor":1}' } }, { name: 'sum', version: '1.0.0' });

  await expect(createHandler(sumAlgorithm(), environmentOf(root), memoryLog())).rejects.toThrow(
    'must say featureCount',
  );
});
