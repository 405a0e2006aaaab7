/** Bad records of a batch transform with ALGO_BAD_RECORDS=placeholder: their neighbours are predicted all the same. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { ClientError } from '../../src/errors.js';
import { readNpyBuffer } from '../../src/formats/npy/read-npy-buffer.js';
import { RecordDecoder } from '../../src/formats/recordio/record.js';
import { readAround } from '../../src/serve/bad-records/read-around.js';
import { part, record } from '../formats/recordio-records.js';
import { environmentOf, makeModelRoot, ROW_TYPES } from './sum-algorithm.js';
import { makeHandler, text } from './sum-handler.js';

const PLACEHOLDERS = { SAGEMAKER_BATCH: 'true', ALGO_BAD_RECORDS: 'placeholder' };

async function open(variables: Record<string, string> = PLACEHOLDERS, overrides: Partial<Algorithm> = {}) {
  const { invoke, log } = await makeHandler({ contentTypes: ROW_TYPES, ...overrides }, variables, 2);
  const ask = async (body: string | Uint8Array, contentType: string, accept = 'text/csv') => {
    const answer = await invoke(body, { 'Content-Type': contentType, Accept: accept });
    return { status: answer.status, body: Buffer.from(answer.body), text: text(answer) };
  };
  return { ask, lines: log.lines };
}

const dense = (...values: number[]) => part(record({ kind: 'float64', values }));
const RECORDS = Buffer.concat([dense(1, 2), dense(3), part(Buffer.of(0xff)), dense(4, 5)]);

describe('a bad record in a batch', () => {
  it.each([
    ['CSV', 'text/csv', '1,2\n3,x\n4\n5,6\n', '3\nERROR\nERROR\n11\n'],
    ['CSV with blank lines', 'text/csv', '\nx,1\n\n1,2\n\n\n3\n\n', '\nERROR\n\n3\n\n\nERROR\n\n'],
    ['CSV with a header', 'text/csv; header=present', 'a,b\n1,2\nx,2\n3,4\n', '3\nERROR\n7\n'],
    ['CSV that may have a header', 'text/csv; header=auto', 'a,b\n1,2\nx,2\n3,4\n', '3\nERROR\n7\n'],
    ['CSV with blank lines around a header', 'text/csv; header=auto', '\na,b\n\nx,2\n\n3,4\n', '\n\nERROR\n\n7\n'],
    ['JSON Lines', 'application/jsonlines', '[1,2]\n{"features":[3]}\n{"feat\n[3,4]', '3\nERROR\nERROR\n7\n'],
    ['libsvm with comments', 'text/libsvm', '# one\n0:1\n0:1 7:1\n# two\n1:5\n0:x\n', '1\nERROR\n5\nERROR\n'],
    ['RecordIO', 'application/x-recordio-protobuf', RECORDS, '3\nERROR\nERROR\n9\n'],
    ['a list of JSON', 'application/json', '[[1,2],\n[3],[4,\n5],["x",1]]', '3\nERROR\n9\nERROR\n'],
    [
      'instances of JSON',
      'application/json',
      '{"instances":[{"features":[1,2]},{},null,{"a":[3,4]},[5,6]]}',
      '3\nERROR\nERROR\nERROR\n11\n',
    ],
    [
      'instances of JSON with members twice',
      'application/json',
      '{"instances":[[1,2],{"features":[1,2],"features":[3,4]},{"features":[5,6],"data":{"features":[5,6]}},[7,8]]}',
      '3\nERROR\nERROR\n15\n',
    ],
    ['one row of JSON', 'application/json', '[1,2,3]', 'ERROR\n'],
    ['one row of JSON with a shape', 'application/json', '{"values":[1,"x"],"shape":[1,2]}', 'ERROR\n'],
    ['a document that is no JSON', 'application/json', '{"instances":[[1,2]}', 'ERROR\n'],
    ['one record alone', 'text/csv', 'x,1', 'ERROR\n'],
  ])('of %s has a placeholder among the predictions of its neighbours', async (_, type, body, expected) => {
    const { ask } = await open();

    expect(await ask(body, type)).toMatchObject({ status: 200, text: expected });
  });

  it('has as many fields in CSV as the others', async () => {
    const predict: Algorithm['predict'] = (_, { rows }) => ({
      score: new Float64Array(rows),
      both: { values: new Float64Array(2 * rows), width: 2 },
    });
    const outputs = { score: { description: 'One.' }, both: { description: 'Two.' } };
    const { ask } = await open(PLACEHOLDERS, { predict, outputs });

    expect((await ask('1,2\n3\n', 'text/csv')).text).toBe('0,0,0\nERROR,,\n');
  });

  it('is an object with its error in JSON, in the words of an error', async () => {
    const { ask } = await open();
    const error = {
      code: 'E_DATA_NUMBER',
      message:
        'request row 3 column 2: expected a number; received "x". The algorithm takes numbers only: encode text as numbers, or drop the column.',
    };
    const body = '1,2\n\n3,x\n5,6\n';

    const lines = (await ask(body, 'text/csv', 'application/jsonlines')).text;
    expect(lines).toBe(`{"score":3}\n\n${JSON.stringify({ error })}\n{"score":11}\n`);
    expect(JSON.parse((await ask(body, 'text/csv', 'application/json')).text)).toEqual({
      predictions: [{ score: 3 }, null, { error }, { score: 11 }],
    });
  });

  it('is a record without labels in RecordIO, with its error as metadata, and NaN in .npy', async () => {
    const { ask } = await open();

    const { body } = await ask('x,1\n1,2\n', 'text/csv', 'application/x-recordio-protobuf');
    const length = body.readUInt32LE(4);
    const [tag, size] = body.subarray(8);
    const metadata = JSON.parse(body.subarray(10 + Number(size! > 127), 8 + length).toString());
    expect(tag).toBe(0x22);
    expect(metadata).toMatchObject({ error: { code: 'E_DATA_NUMBER' } });
    const next = body.subarray(8 + Math.ceil(length / 4) * 4);
    expect(() => new RecordDecoder().decode(next, 8, 8 + next.readUInt32LE(4), true)).toThrow('received "score"');

    const npy = await ask('x,1\n1,2\n3\n', 'text/csv', 'application/x-npy');
    const rows = readNpyBuffer(npy.body, {
      featureCount: 1,
      policy: { missingValues: 'accept', infiniteValues: 'accept' },
    });
    expect([...rows!.features]).toEqual([Number.NaN, 3, Number.NaN]);
    const none = await ask('x,1\n', 'text/csv', 'application/x-npy');
    expect(none.body.toString('latin1')).toContain("'shape': (1,)");
  });

  it('is logged with place and rule, without its value, the first ten of a request one by one', async () => {
    const { ask, lines } = await open();

    await ask(`1,2\nsecret,4\n${'3\n'.repeat(30)}`, 'text/csv');

    const log = lines.filter((line) => line.includes('/invocations'));
    expect(log[0]).toContain(
      'POST /invocations: request row 2 column 1: expected a number (E_DATA_NUMBER); answered by a placeholder',
    );
    expect(log.join('\n')).not.toContain('secret');
    expect(log).toHaveLength(11);
    expect(log[10]).toContain('21 more records were answered by placeholders');
  });

  it.each([
    ['outside of batch transform', { ALGO_BAD_RECORDS: 'placeholder' }],
    ['unless it is asked for', { SAGEMAKER_BATCH: 'true' }],
    ['when it is not wanted', { SAGEMAKER_BATCH: 'true', ALGO_BAD_RECORDS: 'refuse' }],
  ])('is the error of its request %s', async (_, variables) => {
    const { ask } = await open(variables);

    expect(await ask('1,2\n3,x\n', 'text/csv')).toMatchObject({
      status: 400,
      text: expect.stringContaining('request row 2 column 2'),
    });
  });

  it.each([
    ['text/csv; header=maybe', 'header of the content type must be absent, present or auto; received "maybe".'],
    ['text/libsvm; index_base=2', 'index_base of the content type must be 0 or 1; received "2".'],
  ])('is not a content type that cannot be followed: %s', async (type, rule) => {
    const { ask } = await open();

    const { status, text: body } = await ask('0 1:1', type);

    expect(status).toBe(415);
    expect(JSON.parse(body).error.message).toBe(`Header Content-Type: ${rule}`);
  });

  it.each([
    ['{"instances":[[1,2]],"inputs":[[3,4]]}', 'request: an object must have one of'],
    ['{"instances":[[1,2]],"features":[3,4]}', 'request: an object must have one of'],
    ['{"features":[3,4],"instances":[[1,2],[3,4]]}', 'request: an object must have one of'],
    ['{"instances":[[1,"x"]],"features":[3,4]}', 'request row 1 column 2: expected a number'],
    ['{"instances":[[1,2]],"instances":[[3,4]]}', 'request: an object must have "instances" once'],
    ['{"features":[1,2],"features":[3,4]}', 'request: an object must have "features" once'],
    ['{"values":[1,"x",3,4],"shape":[2,2]}', 'request row 1 column 2: expected a number'],
    ['{"inputs":{"a":["x",2],"b":[3,4]}}', 'request row 1'],
  ])('is not what is wrong with a body as a whole: %s', async (body, message) => {
    const { ask } = await open();

    const { status, text: answer } = await ask(body, 'application/json');
    expect(status).toBe(400);
    expect(JSON.parse(answer).error.message).toContain(message);
  });

  it('hides what follows it where nobody knows where that begins', async () => {
    const { ask } = await open();

    const damaged = await ask(Buffer.concat([dense(1, 2), Buffer.from('damaged!')]), 'application/x-recordio-protobuf');
    const headless = await ask('a,a\n1,2\n', 'text/csv; header=present');

    expect(damaged).toMatchObject({ status: 400, text: expect.stringContaining('request record 2 at byte') });
    expect(headless).toMatchObject({ status: 400, text: expect.stringContaining('"a\\" twice') });
  });

  it('needs a variable that is one of two', () => {
    const root = makeModelRoot();
    onTestFinished(root.remove);

    expect(() => environmentOf(root, { ALGO_BAD_RECORDS: 'skip' })).toThrow(
      'Variable ALGO_BAD_RECORDS must be refuse or placeholder; received "skip".',
    );
  });
});

describe('any batch', () => {
  it('has the same answers record by record and in one mini-batch', async () => {
    const { ask } = await open();
    const line = fc.constantFrom('1,2', '3,4', '', 'x', '5', '6,7,8', '"9",1', ' ');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 150 }), async (lines) => {
        const whole = (await ask(`${lines.join('\n')}\n`, 'text/csv')).text;
        const alone = new Map<string, string>();
        for (const text of new Set(lines)) alone.set(text, (await ask(`${text}\n`, 'text/csv')).text);
        expect(whole).toBe(lines.map((text) => alone.get(text)).join(''));
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  it.each([
    ['one in the middle', (i: number) => i === 10_000],
    ['every second', (i: number) => i % 2 === 1],
    ['every hundredth', (i: number) => i % 100 === 99],
    ['all', () => true],
  ])('with bad records, %s, reads no record more than a few times', (_, isBad) => {
    const count = 20_000;
    let read = 0;
    const records = {
      count,
      place: (i: number) => `request row ${i + 1}`,
      read(from: number, to: number) {
        for (let i = from; i < to; i++) {
          read += 1;
          if (isBad(i)) throw new ClientError('E_DATA_NUMBER', `request row ${i - from + 1}: expected a number.`);
        }
        return undefined;
      },
    };

    const { bad } = readAround(records, new ClientError('E_DATA_NUMBER', 'request row 3: expected a number.'));

    expect(bad.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, i) => i).filter(isBad));
    expect(bad[0]!.message).toBe(`request row ${bad[0]!.index + 1}: expected a number.`);
    expect(read).toBeLessThan(2.1 * count);
  });
});
