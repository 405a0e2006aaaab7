/** What a request may be: its content type, its coding, its parameters, and whether it may be empty. */
import { describe, expect, it } from 'vitest';
import { CSV, JSON_BODY, JSON_LINES, makeHandler, problem, text } from './sum-handler.js';

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
    [
      'application/x-www-form-urlencoded',
      /received "application\/x-www-form-urlencoded"\. A client such as curl sends it/,
    ],
    ['text/csv;label_size', /text\/csv: its parameters must be written NAME=VALUE.*; received "label_size"/],
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
    expect(problem(answer).message).toContain('Content-Encoding must be gzip, zstd or identity; received "br"');
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
