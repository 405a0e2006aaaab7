/**
 * The stored outputs of neural networks, which their own program wrote, against the labels of the source table and against
 * each other: probabilities and labels agree.
 */
import { describe, expect, it } from 'vitest';
import { lines, npyRows, numbers, openCommitted, payloads } from './committed-sample.ts';

const { realTime, records, predictions, batchLabels, batchOf, read, bytes, ...sample } =
  openCommitted('neural-network');
interface Score {
  readonly score: number[];
}

const batch = sample.batch();
const largest = (row: readonly number[]) => Math.max(...row);
const labelOf = (row: readonly number[]) => row.indexOf(largest(row));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A row gets the same numbers alone and among others, but for the last bits on some backends. */
function expectClose(received: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(received).toHaveLength(expected.length);
  for (const [row, values] of expected.entries()) {
    for (const [index, value] of values.entries()) expect(received[row]![index]! / value).toBeCloseTo(1, 4);
  }
}

describe('stored outputs of neural networks', () => {
  it('of batch have the right digit for nearly all rows that were not used for training', () => {
    const digits = batchLabels('digits.csv');
    const right = batch.filter((row, index) => labelOf(row) === digits[index]).length;

    expect(batch).toHaveLength(360);
    expect(right / 360).toBeGreaterThanOrEqual(0.98);
  });

  it('are valid probabilities', () => {
    for (const row of batch) {
      expect(row).toHaveLength(10);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
      expect(sum(row)).toBeCloseTo(1, 5); // float32
    }
  });

  it('of images have the probabilities of the same pixels as rows', () => {
    expectClose(numbers(realTime('11.csv')), numbers(realTime('01.csv')));
    const scores = (name: string) => predictions<{ score: number[] }>(name).map(({ score }) => score);
    expectClose(scores('12.json'), scores('06.json'));
  });

  it('of images have the digit of the same pixels, in batch and in real time', () => {
    const batchImage = (path: string) => numbers(read(`inference/batch-by-type-output/${path}.out`));
    const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const ofClass = digits.map((digit) => predictions<{ predicted_label: number }>(`class-${digit}.json`));

    expect(digits.map((digit) => labelOf(batchImage(`png/${digit}.png`)[0]!))).toEqual(digits);
    expect(ofClass.flat().map((answer) => answer.predicted_label)).toEqual(digits);
    expectClose(
      ['1', '2', '3'].flatMap((name) => batchImage(`webp/${name}.webp`)),
      batch.slice(0, 3),
    );
    expectClose(
      ['1.png', '3.webp'].flatMap((name) => batchImage(`x-image/${name}`)),
      [batch[0]!, batch[2]!],
    );
    // JPEG changes pixels a little.
    expect(['1', '2', '3'].map((name) => labelOf(batchImage(`jpeg/${name}.jpg`)[0]!))).toEqual(
      batch.slice(0, 3).map(labelOf),
    );
    expect(labelOf(numbers(realTime('13.csv'))[0]!)).toBe(labelOf(batch[0]!));
    expectClose(
      predictions<Score>('14.json').map(({ score }) => score),
      batch.slice(0, 1),
    );
    expectClose(
      records<Score>('15.jsonl').map(({ score }) => score),
      batch.slice(0, 1),
    );
  });

  it('have the probabilities of the same rows in every format', () => {
    const first = batch.slice(0, 12);
    const json = batchOf('json/*.json').flatMap((text) => (JSON.parse(text) as { predictions: Score[] }).predictions);
    const parquet = batchOf('parquet/*.parquet').flatMap(
      (text) => (JSON.parse(text) as { predictions: Score[] }).predictions,
    );
    const jsonLines = batchOf('jsonlines/*.jsonl').flatMap((text) =>
      lines(text).map((line) => JSON.parse(line) as Score),
    );

    for (const scores of [json, parquet, jsonLines])
      expectClose(
        scores.map(({ score }) => score),
        first,
      );
    expectClose(batchOf('libsvm/*.libsvm').flatMap(numbers), first);
    // A payload ends with the varint of the digit.
    const digits = payloads(bytes('inference/real-time-output/18.pbr')).map((payload) => payload.at(-1));
    expect(digits).toEqual(first.slice(0, 4).map(labelOf));
    expect(npyRows(bytes('inference/real-time-output/19.npy')).flat()).toEqual(digits);
    const npy = ['input', 'more'].flatMap((part) =>
      npyRows(bytes(`inference/batch-by-type-output/npy/${part}.npy.out`)),
    );
    expect(npy.flat()).toEqual(first.map(labelOf));
    expectClose(numbers(realTime('16.csv')), first.slice(0, 4));
    expectClose(
      predictions<Score>('17.json').map(({ score }) => score),
      first.slice(0, 4),
    );
  });

  it('in real time have the probabilities of the same rows in batch', () => {
    expectClose([...numbers(realTime('01.csv')), ...numbers(realTime('02.csv'))], batch.slice(0, 4));
    expectClose(
      predictions<{ score: number[] }>('03.json').map(({ score }) => score),
      batch.slice(4, 9),
    );
    expectClose(
      predictions<{ score: number[] }>('06.json').map(({ score }) => score),
      batch.slice(13, 14),
    );
    expectClose(numbers(realTime('08.csv')), batch.slice(18, 20));
    expectClose(
      records<{ score: number[] }>('09.jsonl').map(({ score }) => score),
      batch.slice(20, 21),
    );
  });

  it('have labels and probabilities that fit the scores of batch', () => {
    const chosen = numbers(realTime('04.csv'));
    const listed = records<{ labels: number[]; probabilities: number[] }>('05.jsonl');
    const alone = predictions<{ predicted_label: number }>('07.json');
    const last = records<{ predicted_label: number; probability: number }>('10.jsonl');

    expectClose(
      chosen.map(([, probability]) => [probability!]),
      batch.slice(9, 11).map((row) => [largest(row)]),
    );
    expect(chosen.map(([label]) => label)).toEqual(batch.slice(9, 11).map(labelOf));
    expect(listed.map(({ labels }) => labels)).toEqual([0, 1].map(() => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expectClose(
      listed.map(({ probabilities }) => probabilities),
      batch.slice(11, 13),
    );
    expect(alone.map((row) => row.predicted_label)).toEqual(batch.slice(14, 18).map(labelOf));
    expect(last.map((row) => row.predicted_label)).toEqual(batch.slice(21, 26).map(labelOf));
    expectClose(
      last.map(({ probability }) => [probability]),
      batch.slice(21, 26).map((row) => [largest(row)]),
    );
  });
});
