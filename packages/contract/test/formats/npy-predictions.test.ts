/** Answers as `.npy`: one array of the columns that were asked for. */
import { describe, expect, it } from 'vitest';
import { readNpyBuffer } from '../../src/formats/npy/read-npy-buffer.js';
import type { Predictions } from '../../src/prediction.js';
import { encodePredictions } from './encode-predictions.js';

const ACCEPT = { missingValues: 'accept', infiniteValues: 'accept' } as const;
const write = (predictions: Predictions, rows: number) =>
  encodePredictions(predictions, rows, predictions, 'application/x-npy', true);

/** Header text and rows of an answer. */
function read(answer: Buffer, width: number) {
  const length = answer.readUInt16LE(8);
  const block = readNpyBuffer(answer, { featureCount: width, policy: ACCEPT });
  return {
    header: answer.toString('latin1', 10, 10 + length),
    dataStart: 10 + length,
    values: [...(block?.features ?? [])],
  };
}

describe('predictions as .npy', () => {
  it('with one number per row are an array of one axis, of the type of the column', () => {
    const answer = read(write({ score: Float32Array.of(0.5, Number.NaN) }, 2), 1);

    expect(answer.header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }");
    expect(answer.header.endsWith('\n')).toBe(true);
    expect(answer.dataStart % 64).toBe(0);
    expect(answer.values).toEqual([0.5, Number.NaN]);
    expect(read(write({ label: Int32Array.of(-1, 7) }, 2), 1).header).toContain("'<i4'");
  });

  it('with several columns are one table, rows first, in the order of the columns', () => {
    const columns = {
      label: Int32Array.of(1, 0),
      probabilities: { values: Float64Array.of(0.1, 0.9, 0.8, 0.2), width: 2 },
    };
    const answer = read(write(columns, 2), 3);

    expect(answer.header).toContain("'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), ");
    expect(answer.values).toEqual([1, 0.1, 0.9, 0, 0.8, 0.2]);
  });

  it('without rows are an empty array', () => {
    expect(read(write({ score: new Float64Array(0) }, 0), 1).header).toContain("'shape': (0,)");
  });

  it('that are text are refused, with what to do', () => {
    expect(() => write({ label: ['a', 'b'] }, 2)).toThrow(
      'Header Accept: application/x-npy holds numbers only, and "label" is text. Ask for other outputs (output=…), or another type.',
    );
  });
});
