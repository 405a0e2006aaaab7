import { describe, expect, it } from 'vitest';
import { parseWrk, wrkScript } from '../src/wrk.js';

const report = (counts: object) => {
  const right = { requests: 90, microseconds: 3_000_000, wrong: 0, failed: 0, first: '' };
  return `Running 3s test\n  90 requests in 3.00s\nalgo ${JSON.stringify({ ...right, ...counts })}\n`;
};

describe('parseWrk', () => {
  it('reads the counts of the script', () => {
    expect(parseWrk(report({}))).toEqual({ requests: 90, seconds: 3 });
  });

  it.each([
    [{ wrong: 2, first: '500 no' }, '2 of 90 answers are wrong; the first: 500 no'],
    [{ failed: 3 }, '3 requests had no answer, 90 had one.'],
    [{ requests: 0 }, 'No request was answered.'],
  ])('rejects a run with %o', (counts, message) => {
    expect(() => parseWrk(report(counts))).toThrow(message);
  });

  it('rejects output without the counts', () => {
    expect(() => parseWrk('unable to connect')).toThrow('it printed: unable to connect');
  });
});

it('the script of wrk has each question, byte by byte where it is not plain', () => {
  const script = wrkScript([
    { method: 'POST', path: '/a', headers: { 'Content-Type': 'text/csv' }, body: '1,"é"\n', answer: '2\n' },
    { path: '/b', answer: 'ok' },
  ]);

  expect(script).toContain(
    String.raw`{ method = "POST", path = "/a", headers = { ["Content-Type"] = "text/csv" }, body = "1,\034\195\169\034\010", answer = "2\010" },`,
  );
  expect(script).toContain('{ method = "GET", path = "/b", headers = {  }, body = "", answer = "ok" },');
});
