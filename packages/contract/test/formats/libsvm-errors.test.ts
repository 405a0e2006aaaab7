/** What is said of libsvm that cannot be read: file, line and what was received. */
import { describe, expect, it } from 'vitest';
import { libsvmReader } from '../../src/formats/libsvm/reader.js';
import { ACCEPT_ALL, REFUSE_ALL } from './csv-tables.js';
import { readTable } from './libsvm-tables.js';

describe('an invalid libsvm row', () => {
  it.each([
    ['a label that is text', 'x 0:1', 'E_DATA_NUMBER', 'the label must be a finite number; received "x".'],
    [
      'a missing label',
      '0:1 1:2',
      'E_DATA_WEIGHT',
      'every row or none must have a weight, as the first one has or has not; received "0:1".',
    ],
    ['an infinite label', 'inf 0:1', 'E_DATA_NUMBER', 'the label must be a finite number; received "inf".'],
    [
      'a negative weight',
      '1:-1 0:1',
      'E_DATA_WEIGHT',
      'the weight after the label must be a finite number ≥ 0; received "1:-1".',
    ],
    ['an entry without a colon', '1 0:1 7', 'E_DATA_NUMBER', 'expected index:value; received "7".'],
    ['an entry without a value', '1 0:', 'E_DATA_NUMBER', 'index 0: expected a number; received "0:".'],
    ['a value that is text', '1 0:1 12:3,5', 'E_DATA_NUMBER', 'index 12: expected a number; received "12:3,5".'],
    ['a name for an index', '1 age:3', 'E_DATA_NUMBER', 'expected index:value; received "age:3".'],
    ['a negative index', '1 -1:3', 'E_DATA_NUMBER', 'expected index:value; received "-1:3".'],
    ['commas', '1,0.5,3', 'E_DATA_NUMBER', 'the label must be a finite number; received "1,0.5,3".'],
    ['an index twice', '1 3:1 2:1 3:2', 'E_DATA_INDEX', 'index 3 occurs twice; each index may occur once.'],
    [
      'a query id that is no number',
      '1 qid:a 0:1',
      'E_DATA_QUERY',
      'a query must be qid: and a whole number up to 2^53; received "qid:a".',
    ],
    [
      'a query id beyond 2^53',
      '1 qid:9007199254740993 0:1',
      'E_DATA_QUERY',
      'a query must be qid: and a whole number up to 2^53; received "qid:9007199254740993".',
    ],
    ['a query id behind an entry', '1 0:1 qid:3', 'E_DATA_NUMBER', 'expected index:value; received "qid:3".'],
    [
      'a missing value',
      '1 4:nan',
      'E_DATA_MISSING',
      'index 4: the value must not be missing; received "nan". Fill it in or drop the row.',
    ],
    [
      'an infinite value',
      '1 4:1e999',
      'E_DATA_INFINITE',
      'index 4: the value must be finite; received "1e999". Correct it or drop the row.',
    ],
  ])('with %s is refused, naming file, line and what was received', async (_, line, code, message) => {
    const first = line.startsWith('1 qid:') ? '1 qid:1 0:1' : '1 0:1';

    await expect(readTable(`${first}\n${line}\n${first}\n`, { policy: REFUSE_ALL })).rejects.toThrow(
      expect.objectContaining({ name: 'ClientError', code, message: `train/a.libsvm line 2${separated(message)}` }),
    );
  });

  it('with a weight or query id that the first row does not have, or without one that it has, is refused', async () => {
    await expect(readTable('1 0:1\n1:2 0:1\n')).rejects.toThrow(
      'train/a.libsvm line 2: every row or none must have a weight, as the first one has or has not; received "1:2".',
    );
    await expect(readTable('1:2 0:1\n1 0:1\n')).rejects.toMatchObject({ code: 'E_DATA_WEIGHT' });
    await expect(readTable({ 'a.libsvm': '1 qid:1 0:1\n', 'b.libsvm': '1 0:1\n' })).rejects.toThrow(
      'train/b.libsvm line 1: every row or none must have a qid',
    );
  });

  it('with an index outside the columns is refused with the range in its own index base', async () => {
    await expect(readTable('1 0:1\n', { indexBase: 1 })).rejects.toThrow(
      'line 1: an index must be in [1, 2147483647]; received 0. The content type says index_base=1.',
    );
    await expect(readTable('1 4:1\n', { indexBase: 1, featureCount: 3 })).rejects.toThrow(
      'line 1: an index must be in [1, 3] for 3 columns; received 4.',
    );
  });

  it('that is blank is refused when rows follow', async () => {
    await expect(readTable('1 0:1\n\n\n1 0:1\n')).rejects.toThrow(
      'train/a.libsvm line 2: expected a row; received a blank line.',
    );
  });

  it('does not affect the rows before it', async () => {
    const seen: number[] = [];
    const sources = [
      {
        name: 'a',
        label: 'train/a',
        open: () => {
          let isRead = false;
          const read = (target: Uint8Array) => {
            if (isRead) return 0;
            isRead = true;
            return Buffer.from('1 0:1\n2 0:1\n3 0:x\n').copy(target);
          };
          return { read, close: () => {} };
        },
      },
    ];
    const settings = { contentType: { type: 'text/libsvm', parameters: {} }, policy: ACCEPT_ALL, maxRows: 1 };

    const reading = (async () => {
      for await (const { labels } of libsvmReader.read(sources, settings)) seen.push(...labels);
    })();

    await expect(reading).rejects.toThrow('line 3');
    expect(seen).toEqual([1, 2]);
  });
});

function separated(message: string): string {
  return /^index \d+:/.test(message) ? ` ${message}` : `: ${message}`;
}
