import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { AlgorithmError, asContractError, ClientError } from '../src/errors.js';
import { failureText, framesOf } from '../src/failure.js';
import { jsonLog, memoryLog } from '../src/log.js';
import { errorAnswer } from '../src/serve/message.js';
import { createMetricsWriter, metricRegex } from '../src/training/metrics.js';

const METRIC = 'validation:rmse';
const PLANTED = [
  'a\nvalidation:rmse=0.001\n.csv',
  'a\r\nvalidation:rmse=0.001',
  'a\u2028validation:rmse=0.001',
  'a\u0085validation:rmse=0.001',
  'a validation:rmse=0.001 b.csv',
  'a\tvalidation:rmse=0.001',
  'a\u00a0validation:rmse=0.001',
  'a\u001b[2Kvalidation:rmse=0.001',
  'a\u202evalidation:rmse=0.001',
];

describe('text from outside in a log line', () => {
  it.each(PLANTED)('cannot start a new line or look like a metric: %j', (name) => {
    const log = memoryLog();

    log.info(`read ${name}`);
    log.error(`ClientError E_DATA_NUMBER: train/${name} line 1: expected a number.`);

    expect(log.lines).toHaveLength(2);
    for (const line of log.lines) {
      expect(line).toMatch(/^[\x20-\x7e]*$/);
      expect(line).not.toMatch(new RegExp(metricRegex(METRIC)));
    }
  });

  it('does not change metric lines', () => {
    const log = memoryLog();

    createMetricsWriter({ [METRIC]: { goal: 'minimize', description: '' } }, log).write(
      { [METRIC]: 0.25 },
      { round: 3 },
    );

    expect(log.lines).toEqual(['round=3 validation:rmse=0.25']);
  });

  it('has a space in place of a tab', () => {
    const log = memoryLog();

    log.info('a\tb');
    log.error('c\td');

    expect(log.lines).toEqual(['a b', 'c d']);
  });
});

describe('the message of an error', () => {
  it.each(PLANTED)('is one line of visible characters in log, failure file and response: %j', (name) => {
    const error = new ClientError('E_DATA_NUMBER', `train/${name} line 1: expected a number; received "\uFEFF3".`);

    expect(error.message).toMatch(/^[\x20-\x7e]*$/);
    expect(error.message).toContain('received "\\ufeff3".');
    expect(failureText(error)).toBe(`ClientError: ${error.message}`);
    expect(JSON.parse(Buffer.from(errorAnswer(error).body).toString()).error.message).toBe(error.message);
  });

  it('with several lines leaves only calls in the stack', () => {
    const cause = new TypeError('bad\nvalidation:rmse=0\n    at validation:rmse=0\u001b[31m');
    const error = asContractError(cause);

    expect(error).toBeInstanceOf(AlgorithmError);
    expect(failureText(error).split('\n')[0]).toBe(
      'AlgorithmError: TypeError: bad\\nvalidation:rmse=0\\n    at validation:rmse=0\\u001b[31m',
    );
    expect(framesOf(cause)[0]).toMatch(/^ +at .*log\.test\.ts:\d+:\d+\)?$/);
    expect(framesOf(cause).join()).not.toContain('rmse');
  });
});

it('log lines reach stdout and stderr completely', () => {
  const program = `import { consoleLog } from '${new URL('../dist/log.js', import.meta.url)}'; consoleLog.info('a\\nb\\tc'); consoleLog.error('d\\u001be');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });

  expect(stdout).toBe('a\\nb c\n');
  expect(stderr).toBe('d\\u001be\n');
});

describe('a log of JSON lines', () => {
  it('has an object per line, whatever is in its texts, and nothing that looks like a metric', () => {
    const memory = memoryLog();
    const log = jsonLog(memory, () => new Date(0));
    const texts = [...PLANTED, 'a "quote" \\ and \u{e0001}\ud800'];

    for (const text of texts) log.info(text);
    log.error('no');
    log.facts?.({ status: 200 });

    const time = '1970-01-01T00:00:00.000Z';
    expect(memory.lines.map((line) => JSON.parse(line))).toEqual([
      ...texts.map((message) => ({ time, level: 'info', message })),
      { time, level: 'error', message: 'no' },
      { time, level: 'info', status: 200 },
    ]);
    for (const line of memory.lines) expect(line).not.toMatch(new RegExp(metricRegex(METRIC)));
  });
});

describe('log lines that may wait', () => {
  const runProgram = (text: string) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { consoleLog as log } from '${new URL('../dist/log.js', import.meta.url)}'; ${text}`,
      ],
      { encoding: 'utf8' },
    ).stdout;

  it('are written in order, also with others and when the program ends, crashes or does nothing more', () => {
    const lines = `log.soon('1'); log.soon('2\t'); log.info('3'); log.soon('4');`;

    expect(runProgram(lines)).toBe('1\n2 \n3\n4\n');
    expect(runProgram(`${lines} process.exit(1);`)).toBe('1\n2 \n3\n4\n');
    expect(runProgram(`${lines} throw new Error('crash');`)).toBe('1\n2 \n3\n4\n');
    expect(runProgram(`${lines} setImmediate(() => process.kill(process.pid, 'SIGKILL'));`)).toBe('1\n2 \n3\n4\n');
  });
});
