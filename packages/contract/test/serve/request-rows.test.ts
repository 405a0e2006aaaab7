/** Rows that a request must not have, and what its caller reads of them. */
import { describe, expect, it } from 'vitest';
import { CSV, JSON_BODY, JSON_LINES, makeHandler, problem, text } from './sum-handler.js';

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
