/** Inputs and answers of an algorithm's own, from a request to its answer: JSON by a schema, bytes by a function. */
import { afterEach, describe, expect, it } from 'vitest';
import { ClientError } from '../../src/errors.js';
import { memoryLog } from '../../src/log.js';
import { writeModel } from '../../src/model/save.js';
import type { DecoderContext } from '../../src/payloads/definition.js';
import { makeContainerRoot } from '../../src/testing/container-root.js';
import { createHandler } from './in-memory.js';
import { removeRoots, roots, serveWords } from './own-payloads.js';
import { environmentOf, sumAlgorithm } from './sum-algorithm.js';

afterEach(removeRoots);

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
