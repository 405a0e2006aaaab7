/** What the regeneration of samples says of committed files that are not as they are made. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleDifferences } from '../differences.ts';

let folder: string;
let committed: string;
let made: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'algo-differences-'));
  committed = join(folder, 'committed');
  made = join(folder, 'made');
  write(made, 'train/train.csv', '1,2\n3,4\n');
  write(made, 'inference/real-time/01.png', Uint8Array.of(137, 80, 78, 71));
  write(made, 'inference/real-time-output/01.json', '{"predictions":[{"score":0.5}]}');
  write(made, 'inference/batch-by-type-output/libsvm/input.libsvm.out', '0.25,1\n');
  write(made, 'inference/batch-by-type-output/jsonlines/input.jsonl.out', '{"score":1}\n{"score":2}\n');
  write(made, 'inference/batch-by-type-output/recordio/input.pbr.out', Uint8Array.of(10, 35, 215, 206, 1, 0, 0, 0, 7));
  write(made, 'validation-profile.json', '{}\n');
  cpSync(made, committed, { recursive: true });
  write(committed, 'README.md', 'written by hand');
  write(committed, 'source/table.csv', 'written by hand');
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(sample: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(sample, path)), { recursive: true });
  writeFileSync(join(sample, path), content);
}

/** The differences after one committed file was changed. */
function after(path: string, content: string | Uint8Array, tolerance?: number): string[] {
  write(committed, path, content);
  return sampleDifferences(committed, made, tolerance).map((found) => `${found.path} ${found.text}`);
}

it('finds nothing in a sample that is as it is made', () => {
  expect(sampleDifferences(committed, made, undefined)).toEqual([]);
});

it.each([
  ['train/train.csv', '1,2\n3,5\n', 'line 2, column 2: expected 4; received 5'],
  ['train/train.csv', '1,2\n3,4', 'byte 8: expected 0a; received the end'],
  ['inference/real-time/01.png', Uint8Array.of(137, 80, 78, 70), 'byte 4: expected 47; received 46'],
  [
    'inference/real-time-output/01.json',
    '{"predictions":[{"score":0.6}]}',
    'line 1, predictions[0].score: expected 0.5; received 0.6',
  ],
  [
    'inference/real-time-output/01.json',
    '{"predictions":[{"score":0.50}]}',
    'byte 29: expected 7d5d7d; received 307d5d7d',
  ],
  ['inference/batch-by-type-output/libsvm/input.libsvm.out', '0.25,2\n', 'line 1, column 2: expected 1; received 2'],
  [
    'inference/batch-by-type-output/jsonlines/input.jsonl.out',
    '{"score":1}\n',
    'line 2: expected {"score":2}; received the end',
  ],
  [
    'inference/batch-by-type-output/recordio/input.pbr.out',
    Uint8Array.of(10, 35, 215, 206, 1, 0, 0, 0, 8),
    'byte 9: expected 07; received 08',
  ],
  ['inference/real-time/02.csv', '1\n', 'must not be there: nothing makes it'],
])('names the first difference of %s', (path, content, text) => {
  expect(after(path, content)).toEqual([`${path} ${text}`]);
});

it('names each file that is missing', () => {
  rmSync(join(committed, 'inference/real-time-output'), { recursive: true });

  const [missing, ...more] = sampleDifferences(committed, made, undefined);

  expect(missing).toEqual({
    path: 'inference/real-time-output/01.json',
    text: 'must be there; it is missing',
    isStale: false,
  });
  expect(more).toEqual([]);
});

it('lets numbers of outputs vary within the tolerance, but not those of inputs', () => {
  const output = 'inference/batch-by-type-output/libsvm/input.libsvm.out';

  expect(after(output, '0.2501,1\n', 0.001)).toEqual([]);
  expect(after(output, '0.26,1\n', 0.001)).toEqual([`${output} line 1, column 1: expected 0.25; received 0.26`]);
  write(committed, output, '0.25,1\n');
  expect(after('train/train.csv', '1,2.0001\n3,4\n', 0.001)).toEqual([
    'train/train.csv line 1, column 2: expected 2; received 2.0001',
  ]);
});
