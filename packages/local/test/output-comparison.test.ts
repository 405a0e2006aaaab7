import { describe, expect, it } from 'vitest';
import { compareOutputs, describeDifference } from '../src/index.js';

function differ(expected: string, received: string, contentType: string, tolerance = 1e-9): string | undefined {
  const { difference } = compareOutputs(Buffer.from(expected), Buffer.from(received), contentType, tolerance);
  return difference && describeDifference(difference);
}

function scores(...all: readonly number[]): string {
  return JSON.stringify({ predictions: all.map((score) => ({ score })) });
}

describe('the first difference of CSV', () => {
  it.each([
    ['1,2\n3,4\n', '1,2\n3,4', 'none'],
    ['1.0,a', '1.0000000001,a', 'none'],
    ['1e-30', '1.0000000001e-30', 'none'],
    ['1,2\n3,4', '1,2\n3,4.1', 'line 2, column 2: expected 4; received 4.1'],
    ['1e-30', '2e-30', 'line 1, column 1: expected 1e-30; received 2e-30'],
    ['0', '1e-300', 'line 1, column 1: expected 0; received 1e-300'],
    ['nan', 'NaN', 'line 1, column 1: expected nan; received NaN'],
    ['cat', 'dog', 'line 1, column 1: expected cat; received dog'],
    ['"a,1",2', '"a,1",3', 'line 1, column 2: expected 2; received 3'],
    ['"a,""b""",2', '"a,""c""",2', 'line 1, column 1: expected "a,""b"""; received "a,""c"""'],
    ['1,', '1,2', 'line 1, column 2: expected ; received 2'],
    ['1,2', '1,2,3', 'line 1: expected 2 columns (1,2); received 3 (1,2,3)'],
    ['1', '1,2', 'line 1: expected 1 column (1); received 2 (1,2)'],
    ['1\n2', '1', 'line 2: expected 2; received the end'],
    ['1\n', '1\n\n', 'line 2: expected the end; received '],
  ])('between %j and %j is: %s', (expected, received, difference) => {
    expect(differ(expected, received, 'text/csv; charset=utf-8') ?? 'none').toBe(difference);
  });

  it('comes with the count of the compared numbers', () => {
    expect(compareOutputs(Buffer.from('1,a,2\n3,b,4\n'), Buffer.from('1,a,2\n3,b,4\n'), 'text/csv', 0).numbers).toBe(4);
  });
});

describe('the first difference of JSON', () => {
  it.each([
    ['{"a":[1,2]}', '{ "a": [1, 2.000000000001] }', 'none'],
    ['{"a":1,"b":2}', '{"b":2,"a":1}', 'none'],
    [scores(1, 2), scores(1, 3), 'line 1, predictions[1].score: expected 2; received 3'],
    ['{"a":1}', '{}', 'line 1, a: expected 1; received nothing'],
    ['{"a":1}', '{"a":1,"b":null}', 'line 1, b: expected nothing; received null'],
    ['[1]', '[1,2]', 'line 1, the whole: expected 1 items; received 2 items'],
    ['{"a":"1"}', '{"a":1}', 'line 1, a: expected "1"; received 1'],
    ['{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":5}\n', 'line 2, a: expected 2; received 5'],
  ])('between %j and %j is: %s', (expected, received, difference) => {
    expect(differ(expected, received, 'application/json') ?? 'none').toBe(difference);
  });

  it('Lines is that of a line, compared one by one', () => {
    expect(differ('{"score":1}\n{"score":2}\n', '{"score":1}\n{"score":4}', 'application/jsonlines')).toBe(
      'line 2, score: expected 2; received 4',
    );
    expect(differ('{"score":1}\nx', '{"score":1}\ny', 'application/jsonlines')).toBe('line 2: expected x; received y');
  });
});

it('other types are compared byte by byte', () => {
  expect(differ('1.0', '1.00', 'application/octet-stream')).toBe('byte 4: expected the end; received 30');
  expect(differ('abc', 'abc', 'image/png')).toBeUndefined();
});
