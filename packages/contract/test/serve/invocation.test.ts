import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { AlgorithmError, ClientError, PlatformError } from '../../src/errors.js';
import type { Block } from '../../src/formats/block.js';
import { memoryLog } from '../../src/log.js';
import type { Answer } from '../../src/serve/message.js';
import { createHandler } from './in-memory.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

const roots: { remove(): void }[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.remove();
});

type Overrides = Parameters<typeof sumAlgorithm>[0];

async function makeHandler(overrides: Overrides = {}, variables: Record<string, string> = {}, featureCount = 3) {
  const root = makeModelRoot(featureCount);
  roots.push(root);
  const log = memoryLog();
  const handle = await createHandler(sumAlgorithm(overrides), environmentOf(root, variables), log);
  const invoke = (body: string, headers: Record<string, string> = {}) =>
    handle({ method: 'POST', path: '/invocations', headers, body: Buffer.from(body) });
  return { handle, invoke, log };
}

const text = (answer: Answer) => Buffer.from(answer.body).toString();
const problem = (answer: Answer) => JSON.parse(text(answer)).error;

const CSV = { 'Content-Type': 'text/csv' };
const JSON_BODY = { 'Content-Type': 'application/json' };
const JSON_LINES = { 'Content-Type': 'application/jsonlines' };

describe('request formats', () => {
  it.each([
    ['CSV', CSV, '1,2,3\n4,5,6\n'],
    ['CSV without a last line end', CSV, '1,2,3\r\n4,5,6'],
    ['CSV when no content type is given', {}, '1,2,3\n4,5,6\n'],
    ['CSV with parameters', { 'Content-Type': 'Text/CSV; charset="UTF-8"; label_size=1' }, '1,2,3\n4,5,6\n'],
    ['JSON with features', JSON_BODY, '{"instances":[{"features":[1,2,3]},{"features":[4,5,6]}]}'],
    ['JSON with bare rows', JSON_BODY, '{"instances":[[1,2,3],[4,5,6]],"configuration":{"a":1}}'],
    [
      'JSON with data.features.values, dense and sparse',
      JSON_BODY,
      '{"instances":[{"data":{"features":{"values":[1,2,3]}}},{"data":{"features":{"keys":[2,0],"values":[10,5],"shape":[3]}}}]}',
    ],
    ['JSON after a byte order mark', JSON_BODY, '\uFEFF{"instances":[[1,2,3],[4,5,6]]}'],
    ['JSON Lines', JSON_LINES, '{"features":[1,2,3]}\n{"features":[4,5,6]}\n\n'],
    ['JSON Lines of bare rows with CRLF', { 'Content-Type': 'application/x-ndjson' }, '[1,2,3]\r\n[4,5,6]'],
    [
      'JSON Lines of sparse rows',
      { 'Content-Type': 'application/jsonl' },
      '[1,2,3]\n{"data":{"features":{"keys":[1],"values":[15],"shape":[1,3]}}}',
    ],
  ])('include %s', async (_, headers, body) => {
    const { invoke } = await makeHandler();

    const answer = await invoke(body, headers);

    expect(text(answer)).toBe('{"predictions":[{"score":6},{"score":15}]}');
    expect(answer).toMatchObject({ status: 200, rows: 2, headers: { 'Content-Type': 'application/json' } });
  });

  it.each([
    [
      'image/png',
      /Content-Type must be one of text\/csv, application\/json, application\/jsonlines; received "image\/png"/,
    ],
    ['text/csv; charset=latin1', /charset must be utf-8; received "latin1"/],
    ['libsvm', /received "libsvm"/],
    ['text/csv;label_size', /received "text\/csv;label_size"/],
  ])('do not include the content type %s, which is refused', async (contentType, message) => {
    const { invoke } = await makeHandler();

    const answer = await invoke('1,2,3', { 'Content-Type': contentType });

    expect(answer.status).toBe(415);
    expect(problem(answer)).toMatchObject({ code: 'E_CONTENT_TYPE', message: expect.stringMatching(message) });
  });

  it('do not include a known format that the algorithm does not declare', async () => {
    const { invoke } = await makeHandler({ contentTypes: { input: ['text/csv'], output: ['text/csv'] } });

    expect((await invoke('{"instances":[[1,2,3]]}', JSON_BODY)).status).toBe(415);
    expect((await invoke('1,2,3', { ...CSV, Accept: 'application/json' })).status).toBe(406);
  });

  it('do not include bodies in other codings than gzip, which are refused instead of read as text', async () => {
    const { invoke } = await makeHandler();

    const answer = await invoke('1,2,3', { ...CSV, 'Content-Encoding': 'br' });

    expect(answer.status).toBe(415);
    expect(problem(answer).message).toContain('Content-Encoding must be gzip or identity; received "br"');
  });

  it.each([
    [CSV, '', 204],
    [CSV, '\n\r\n', 204],
    [JSON_LINES, '', 204],
    [JSON_LINES, '\uFEFF\n', 204],
    [JSON_BODY, '', 400],
    [JSON_BODY, '  ', 400],
  ])('with %o the empty body %j is answered with status %i', async (headers, body, status) => {
    const { invoke } = await makeHandler();

    const answer = await invoke(body, headers);

    expect(answer.status).toBe(status);
    if (status === 204) expect(answer.body).toHaveLength(0);
    else expect(problem(answer).code).toBe('E_REQUEST_BODY');
  });

  it('an empty list of instances is answered with an empty list of predictions', async () => {
    const { invoke } = await makeHandler();

    expect(text(await invoke('{"instances":[]}', JSON_BODY))).toBe('{"predictions":[]}');
    expect((await invoke('{"instances":[]}', { ...JSON_BODY, Accept: 'text/csv' })).status).toBe(204);
  });
});

describe('parameters of a CSV request', () => {
  it.each(['text/csv; header=maybe', 'csv;header = yes', 'text/csv; label_size=x'])(
    '%s is refused as in a channel',
    async (contentType) => {
      const { invoke } = await makeHandler();

      const answer = await invoke('1,2,3\n4,5,6\n', { 'Content-Type': contentType });

      expect(answer.status).toBe(415);
      expect(problem(answer)).toMatchObject({
        code: 'E_CONTENT_TYPE',
        message: expect.stringContaining('Header Content-Type'),
      });
    },
  );

  it.each(['csv', 'text/csv; header=absent', 'text/csv;label_size=0', 'text/csv; label_size = 1; charset = utf-8'])(
    '%s is read',
    async (contentType) => {
      const { invoke } = await makeHandler();

      expect(await invoke('1;2;3\n4;5;6\n', { 'Content-Type': contentType })).toMatchObject({ status: 200, rows: 2 });
    },
  );
});

describe('rows that cannot be used', () => {
  it.each([
    [CSV, '1,2\n', 'E_DATA_COLUMNS', /row 1: expected 3 columns; received 2\./],
    [CSV, '1,2,3\n1,abc,3\n', 'E_DATA_NUMBER', /row 2 column 2: expected a number; received "abc"\./],
    [
      JSON_BODY,
      '{"instances":[[1,2,3],[1,2,3,4]]}',
      'E_DATA_COLUMNS',
      /^request row 2: expected 3 columns; received 4\.$/,
    ],
    [JSON_BODY, '{"instances":[[]]}', 'E_DATA_COLUMNS', /^request row 1: expected 3 columns; received 0\.$/],
    [
      JSON_LINES,
      '[1,2,3]\n[1,"abc",3]',
      'E_DATA_NUMBER',
      /^request row 2 column 2: expected a number; received "abc"\.$/,
    ],
    [JSON_LINES, '[1,"5",3]', 'E_DATA_NUMBER', /column 2: expected a number; received "5"\.$/],
    [JSON_LINES, '[1,[2],3]', 'E_DATA_NUMBER', /column 2: expected a number; received \[2\]\.$/],
    [JSON_LINES, '[1,2,null]', 'E_DATA_MISSING', /^request row 1 column 3: expected a value; received null\.$/],
    [
      JSON_LINES,
      '[1,2,-1e999]',
      'E_DATA_INFINITE',
      /column 3: the value must be within ±1\.797e308, the range of a double; received "-1e999"\.$/,
    ],
    [JSON_BODY, '{"instances":[[1e400,2,1e999]]}', 'E_DATA_INFINITE', /column 1: .*; received a larger number\.$/],
    [
      JSON_LINES,
      '[1,2,3]\n\n[1,2,3]',
      'E_DATA_BLANK_LINE',
      /^request row 2: expected an instance; received a blank line\./,
    ],
    [JSON_LINES, '[1,2,3', 'E_REQUEST_BODY', /^request row 1: expected valid JSON; received /],
    [JSON_LINES, '{"score":3}', 'E_REQUEST_BODY', /^request row 1: expected an instance such as {"features":\[1,2\]}/],
    [JSON_LINES, '5', 'E_DATA_COLUMNS', /^request row 1: expected 3 columns; received 1\.$/],
    [
      JSON_BODY,
      '{"rows":[[1,2,3]]}',
      'E_REQUEST_BODY',
      /a list "instances", such as {"instances":\[{"features":\[1,2\]}\]}; received {"rows":\[\[1,2,3\]\]}\.$/,
    ],
    [JSON_BODY, '{', 'E_REQUEST_BODY', /^request: expected valid JSON; received the end at byte 2/],
    [
      JSON_LINES,
      '{"data":{"features":{"keys":[3],"values":[1],"shape":[3]}}}',
      'E_REQUEST_BODY',
      /integers in \[0, 2\]; received 3\./,
    ],
    [
      JSON_LINES,
      '{"data":{"features":{"keys":[1,1],"values":[1,2],"shape":[3]}}}',
      'E_REQUEST_BODY',
      /different integers/,
    ],
    [
      JSON_LINES,
      '{"data":{"features":{"keys":[1],"values":[1,2],"shape":[3]}}}',
      'E_REQUEST_BODY',
      /as many "keys" as "values"; received 1 and 2/,
    ],
    [
      JSON_LINES,
      '{"data":{"features":{"keys":[1],"values":[1]}}}',
      'E_REQUEST_BODY',
      /"shape" to be a list .*; received nothing\./,
    ],
    [
      JSON_LINES,
      '{"data":{"features":{"keys":[1],"values":[1],"shape":[2,3]}}}',
      'E_REQUEST_BODY',
      /received \[2,3\]\./,
    ],
    [
      JSON_LINES,
      '{"data":{"features":{"keys":[1],"values":[1],"shape":[9]}}}',
      'E_DATA_COLUMNS',
      /expected 3 columns; received 9/,
    ],
  ])('are answered with 400: %o %j -> %s', async (headers, body, code, message) => {
    const { invoke, log } = await makeHandler();

    const answer = await invoke(body, headers);

    expect(answer.status).toBe(400);
    expect(problem(answer)).toEqual({ code, message: expect.stringMatching(message) });
    expect(log.lines).toEqual([]);
  });

  it('are passed on if the algorithm accepts missing and infinite values', async () => {
    const { invoke } = await makeHandler({
      values: { missingValues: 'accept', infiniteValues: 'accept' },
      predict: (_, { rows, features }) => ({
        score: Float64Array.from({ length: rows }, (_, row) => features[row * 3]!),
      }),
    });

    const answer = await invoke('[null,0,0]\n[1e999,0,0]', { ...JSON_LINES, Accept: 'text/csv' });

    expect(text(answer)).toBe('NaN\nInfinity\n');
  });
});

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

describe('custom attributes', () => {
  const NAME = 'x-amzn-sagemaker-custom-attributes';
  const sent = { ...CSV, 'X-Amzn-SageMaker-Custom-Attributes': 'trace=1' };

  it('are not returned by default', async () => {
    const { invoke } = await makeHandler();

    expect((await invoke('1,2,3', sent)).headers).not.toHaveProperty(NAME);
  });

  it('are those that predict sets', async () => {
    const { invoke } = await makeHandler({
      predict(_, input: Block, request) {
        request.setCustomAttributes(`${request.customAttributes ?? 'none'};seen`);
        return { score: new Float64Array(input.rows) };
      },
    });

    expect((await invoke('1,2,3', sent)).headers[NAME]).toBe('trace=1;seen');
  });

  it.each(['a\r\nSet-Cookie: b', 'é', 'x'.repeat(1025)])('cannot be set to %j by predict', async (value) => {
    const { invoke, log } = await makeHandler({
      predict(_, input: Block, request) {
        if (input.features[0] === 1) request.setCustomAttributes(value);
        return { score: new Float64Array(input.rows) };
      },
    });

    expect((await invoke('1,2,3', sent)).status).toBe(500);
    expect(log.lines.join()).toContain('setCustomAttributes: expected at most 1024 visible ASCII characters');
  });
});

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
    expect(log.lines.join('\n')).toMatch(/TypeError: secret path \/opt\/ml\/model\n {4}at .*invocation\.test\.ts/);
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

describe('routes', () => {
  it.each([
    ['GET', '/ping', 200],
    ['HEAD', '/ping', 200],
    ['GET', '/ping?now=1', 200],
    ['GET', '/execution-parameters', 200],
    ['GET', 'http://model.aws.local:8080/ping', 200],
    ['GET', 'HTTP://user:word@[::1]:8080/ping?now=1', 200],
    ['GET', 'http://host', 404],
    ['GET', 'http://host/', 404],
    ['GET', 'http://host?/ping', 404],
    ['GET', 'ftp://host/ping', 404],
    ['GET', '//ping', 404],
    ['GET', '/%70in%67', 200],
    ['GET', '/%2Fping', 404],
    ['GET', '/ping%', 404],
    ['OPTIONS', '*', 204],
    ['GET', '*', 404],
    ['OPTIONS', '/ping', 405],
    ['GET', '/', 404],
    ['GET', '/ping/', 404],
    ['GET', '/constructor', 404],
    ['POST', '/models', 404],
    ['POST', '/ping', 405],
    ['GET', '/invocations', 405],
    ['constructor', '/invocations', 405],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const { handle } = await makeHandler();

    expect((await handle({ method, path })).status).toBe(status);
  });

  it('/ping has an empty body when healthy', async () => {
    const { handle } = await makeHandler();

    const answer = await handle({ method: 'GET', path: '/ping' });

    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(0);
  });

  it('a wrong method is answered with the allowed methods', async () => {
    const { handle } = await makeHandler();

    const answer = await handle({ method: 'DELETE', path: '/ping' });

    expect(answer.headers.Allow).toBe('GET, HEAD');
    expect(problem(answer)).toEqual({ code: 'E_REQUEST_METHOD', message: '/ping allows GET, HEAD; received DELETE.' });
  });
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
