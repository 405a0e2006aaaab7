/** What a script prints becomes a table in which an empty cell is a failure. */
import { expect, it } from 'vitest';
import { allSteps, formatList, formatTable, isComplete, readReport } from './report.js';

const HEAD = '{"versions": {"one": "1.0"}, "steps": ["train", "stream"]}';
const GOOD = `${HEAD}\n\n{"step": "train", "ok": true}\nprinted by the client\n{"step": "stream", "ok": true}\n`;

it('shows steps as lines and clients as columns, with versions', () => {
  const reports = [readReport('One', GOOD), readReport('Another', GOOD)];

  expect(formatTable(reports)).toBe(
    [
      '         One   Another',
      'train    ok    ok',
      'stream   ok    ok',
      '',
      'One       one 1.0',
      'Another   one 1.0',
    ].join('\n'),
  );
  expect(reports.every((report) => isComplete(report, allSteps(reports)))).toBe(true);
});

it('takes what a client says it does not have, with the reason below the table', () => {
  const report = readReport(
    'One',
    `${HEAD}\n{"step":"train","ok":true}\n{"step":"stream","ok":true,"absent":"no streams"}`,
  );

  expect(formatTable([report])).toContain('stream   none [1]\n');
  expect(formatTable([report])).toContain('[1] One: not in this client: no streams');
  expect(isComplete(report)).toBe(true);
});

it.each([
  ['ended before a step', `${HEAD}\n{"step":"train","ok":true}`, 'stream   EMPTY [1]'],
  [
    'failed in one',
    `${HEAD}\n{"step":"train","ok":true}\n{"step":"stream","ok":false,"detail":"why"}`,
    'One, stream: why',
  ],
])('is incomplete for a script that %s', (_, output, shown) => {
  const report = readReport('One', output);

  expect(formatTable([report])).toContain(shown);
  expect(formatList([report])).toContain('1 of 2 steps ok');
  expect(isComplete(report)).toBe(false);
});

it('is incomplete for a client without a step that another one has', () => {
  const less = '{"versions":{},"steps":["train"]}\n{"step":"train","ok":true}';
  const reports = [readReport('One', GOOD), readReport('Less', less)];

  expect(formatTable(reports)).toContain('stream   ok    EMPTY [1]');
  expect(isComplete(reports[1]!, allSteps(reports))).toBe(false);
});

it('is incomplete for a script that printed nothing', () => {
  expect(isComplete(readReport('One', ''))).toBe(false);
});
