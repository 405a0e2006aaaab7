/** Requests of libsvm and RecordIO-protobuf: to an algorithm that takes sparse rows, and to one that takes tables. */
import { afterEach, describe, expect, it } from 'vitest';
import { memoryLog } from '../../src/log.js';
import { writeModel } from '../../src/model/save.js';
import { makeContainerRoot } from '../../src/testing/container-root.js';
import { rowsOf } from '../formats/libsvm-tables.js';
import { part, record } from '../formats/recordio-records.js';
import { createHandler } from './in-memory.js';
import { environmentOf, sumAlgorithm } from './sum-algorithm.js';

const roots: { remove(): void }[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.remove();
});

type Overrides = Parameters<typeof sumAlgorithm>[0];

async function makeInvoke(overrides: Overrides = {}, input: { featureCount?: number; libsvmIndexBase?: 0 | 1 } = {}) {
  const root = makeContainerRoot();
  roots.push(root);
  const files = { 'model.json': '{"factor":1}' };
  writeModel(root.paths.model, { files, featureCount: 3, ...input }, { name: 'sum', version: '1.2.3' });
  const contentTypes = { input: ['text/csv', 'application/json', 'text/libsvm'], output: ['text/csv'] } as const;
  const algorithm = sumAlgorithm({ contentTypes, ...overrides });
  const handle = await createHandler(algorithm, environmentOf(root), memoryLog());
  return async (body: string, contentType = 'text/libsvm') => {
    const headers = { 'Content-Type': contentType };
    const answer = await handle({ method: 'POST', path: '/invocations', headers, body: Buffer.from(body) });
    return { status: answer.status, text: Buffer.from(answer.body).toString(), rows: answer.rows };
  };
}

/** Answers with each row as it came: `line|column=value …`. */
const echo: Overrides = {
  outputs: { score: { description: 'The row.' } },
  predict: (_, { rows, columns, features }) => ({
    score: Array.from({ length: rows }, (_, row) => features.subarray(row * columns, (row + 1) * columns).join(' ')),
  }),
};
const echoSparse: Overrides = {
  ...echo,
  predictSparse: (_, block) => ({
    score: rowsOf(block).map(({ entries }) => `${block.columns}|${entries.map((entry) => entry.join('=')).join(' ')}`),
  }),
};
const ACCEPT = { values: { missingValues: 'accept', infiniteValues: 'refuse' } } as const;

describe('a libsvm request', () => {
  it('reaches an algorithm that accepts sparse rows unchanged, with the model’s columns', async () => {
    const invoke = await makeInvoke(echoSparse, { featureCount: 9 });

    const answer = await invoke('0:1.5 8:2\n3:0\n');

    expect(answer).toEqual({ status: 200, text: '9|0=1.5 8=2\n9|3=0\n', rows: 2 });
  });

  it('becomes a table with 0 for absent columns if the algorithm refuses missing values', async () => {
    const invoke = await makeInvoke(echo);

    expect((await invoke('0:1.5 2:2\n1:0\n')).text).toBe('1.5 0 2\n0 0 0\n');
  });

  it('becomes a table with NaN for absent columns if the algorithm accepts missing values', async () => {
    const invoke = await makeInvoke({ ...echo, ...ACCEPT });

    expect((await invoke('0:1.5 2:2\n1:0\n')).text).toBe('1.5 NaN 2\nNaN 0 NaN\n');
    const json = '{"instances":[{"features":{"keys":[1],"values":[0],"shape":[3]}},[1,null,2]]}';
    expect((await invoke(json, 'application/json')).text).toBe('NaN 0 NaN\n1 NaN 2\n');
  });

  it.each([
    ['labels', '1 0:1\n0 1:2\n'],
    ['no labels', '0:1\n1:2\n'],
    ['labels on some rows', '0:1\n0 1:2\n'],
    ['query ids and comments', '3 qid:1 0:1 # a\n# b\nqid:1 1:2\n'],
  ])('may have %s', async (_, body) => {
    const invoke = await makeInvoke(echo);

    expect((await invoke(body)).text).toBe('1 0 0\n0 2 0\n');
  });

  it('may have a row without entries if it has a label', async () => {
    const invoke = await makeInvoke(echo);

    expect((await invoke('0\n1:2\n')).text).toBe('0 0 0\n0 2 0\n');
  });

  it('may have the content type text/x-libsvm', async () => {
    const invoke = await makeInvoke();

    expect((await invoke('0:1 1:2\n', 'text/x-libsvm')).text).toBe('3\n');
  });

  it('of several blocks becomes one', async () => {
    const invoke = await makeInvoke({ ...echoSparse, contentTypes: { input: ['text/libsvm'], output: ['text/csv'] } });
    const lines = Array.from({ length: 100_000 }, (_, row) => `${row % 3}:${row}`);

    const answer = await invoke(lines.join('\n'));

    expect(answer.text.split('\n').slice(0, -1)).toEqual(lines.map((_, row) => `3|${row % 3}=${row}`));
  });

  it('without rows has an empty response, or is refused if it has only comments', async () => {
    const invoke = await makeInvoke();

    expect(await invoke('')).toMatchObject({ status: 204 });
    expect(await invoke('# nothing\n')).toMatchObject({ status: 400 });
  });
});

describe('the first column index of a libsvm request', () => {
  it('is the one of the training data, unless the request says otherwise', async () => {
    const invoke = await makeInvoke(echo, { libsvmIndexBase: 1 });

    expect((await invoke('1:5 3:7\n')).text).toBe('5 0 7\n');
    expect((await invoke('0:5 2:7\n', 'text/libsvm; index_base=0')).text).toBe('5 0 7\n');
  });

  it('is 0 for a model that does not say', async () => {
    const invoke = await makeInvoke(echo);

    expect((await invoke('0:5 2:7\n')).text).toBe('5 0 7\n');
    expect((await invoke('1:5 3:7\n', 'text/libsvm;index_base=1')).text).toBe('5 0 7\n');
  });

  it('is not guessed: an index outside the columns is refused, naming line and index', async () => {
    const invoke = await makeInvoke(echo);

    const answer = await invoke('1:5 2:7\n1:5 3:7\n');

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error).toMatchObject({
      code: 'E_DATA_INDEX',
      message: 'request line 2: an index must be in [0, 2] for 3 columns; received 3.',
    });
  });

  it('must be 0 or 1', async () => {
    const invoke = await makeInvoke(echo);

    const answer = await invoke('0:1\n', 'text/libsvm;index_base=2');

    expect(answer.status).toBe(415);
    expect(JSON.parse(answer.text).error.message).toBe(
      'Header Content-Type: index_base of the content type must be 0 or 1; received "2".',
    );
  });
});

it('a libsvm request whose table would not fit is refused with the size it needs', async () => {
  const invoke = await makeInvoke(echo, { featureCount: 100_000 });

  const answer = await invoke('0\n'.repeat(2000));

  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text).error).toMatchObject({
    code: 'E_DATA_SIZE',
    message: expect.stringContaining('2000 rows of 100000 columns take 1600000000'),
  });
});

describe('a RecordIO-protobuf request', () => {
  const RECORDIO = 'application/x-recordio-protobuf';
  const contentTypes = { input: [RECORDIO], output: ['application/json', RECORDIO] } as const;
  const dense = part(record({ kind: 'float32', values: [1, 2, 3] }));
  const sparse = part(record({ kind: 'float32', values: [5], keys: [1], shape: [3] }));

  async function call(body: Uint8Array, overrides: Overrides = {}, accept = 'application/json') {
    const root = makeContainerRoot();
    roots.push(root);
    const files = { 'model.json': '{"factor":1}' };
    writeModel(root.paths.model, { files, featureCount: 3 }, { name: 'sum', version: '1.2.3' });
    const algorithm = sumAlgorithm({ contentTypes, ...overrides });
    const handle = await createHandler(algorithm, environmentOf(root), memoryLog());
    const headers = { 'Content-Type': RECORDIO, Accept: accept };
    return handle({ method: 'POST', path: '/invocations', headers, body: Buffer.from(body) });
  }
  const text = ({ body }: { readonly body: Uint8Array }) => Buffer.from(body).toString();

  it('has a row per record, dense or sparse', async () => {
    expect(text(await call(dense))).toBe('{"predictions":[{"score":6}]}');
    expect(text(await call(Buffer.concat([dense, sparse])))).toBe('{"predictions":[{"score":6},{"score":5}]}');
  });

  it('reaches an algorithm that accepts sparse rows unchanged', async () => {
    expect(text(await call(sparse, echoSparse))).toBe('{"predictions":[{"score":"3|1=5"}]}');
  });

  it('can get a response in its own format, a record with the score as its label', async () => {
    const answer = await call(dense, {}, RECORDIO);

    const score = Buffer.from(Float64Array.of(6).buffer).toString('hex');
    const key = Buffer.from('score').toString('hex');
    expect(answer).toMatchObject({ status: 200, rows: 1, headers: { 'Content-Type': RECORDIO } });
    expect(Buffer.from(answer.body).toString('hex')).toBe(`0a23d7ce1700000012150a05${key}120c1a0a0a08${score}00`);
  });

  it('without a record has an empty response; anything that is not RecordIO is refused', async () => {
    expect(await call(new Uint8Array(0))).toMatchObject({ status: 204 });
    const answer = await call(Buffer.from('\n'));
    expect(answer.status).toBe(400);
    expect(JSON.parse(text(answer)).error).toMatchObject({
      code: 'E_DATA_FORMAT',
      message: expect.stringContaining('request record 1 at byte 0: the record must have 8 bytes'),
    });
  });
});
