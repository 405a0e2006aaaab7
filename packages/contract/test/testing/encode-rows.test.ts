/** Rows that are written in any format, and read as they were. */
import { describe, expect, it } from 'vitest';
import { type EncodedType, encodeRows } from '../../src/testing/encode-rows.js';
import { readRows, useJob } from '../channels/job.js';

const job = useJob();

const ROWS = [
  [1, 0.5, Number.NaN, -3],
  [0, 1e-7, 2, 12345.75],
  [1, 0, 4, 0.1],
];
const TYPES: readonly EncodedType[] = [
  ...(['text/csv', 'application/jsonlines', 'application/json', 'text/libsvm'] as const),
  ...(['application/x-recordio-protobuf', 'application/x-npy'] as const),
];

async function readBack(
  type: EncodedType,
  content: Uint8Array,
  parameters = '',
  labelCount?: number,
): Promise<number[][]> {
  job.put({ 'train/a': content });
  const definitions = { train: { description: 'rows', required: true, contentTypes: [type] } } as const;
  const ContentType = `${type}${parameters}${labelCount === undefined ? '' : `;label_size=${labelCount}`}`;
  const policy = { missingValues: 'accept', infiniteValues: 'refuse' } as const;
  return readRows(job.open({ train: { ContentType } }, { definitions, policy }).train);
}

describe('rows', () => {
  it.each(TYPES)('in %s are read as they were written, bit for bit', async (type) => {
    expect(await readBack(type, encodeRows(type, ROWS, { precision: 'float64' }))).toEqual(ROWS);
  });

  it('in sparse records leave out what is missing, and have float32 unless an option says otherwise', async () => {
    const type = 'application/x-recordio-protobuf';
    const sparse = encodeRows(type, ROWS, { isSparse: true });

    expect(await readBack(type, sparse)).toEqual(ROWS.map((row) => row.map(Math.fround)));
    expect(await readBack(type, encodeRows(type, ROWS))).toEqual(ROWS.map((row) => row.map(Math.fround)));
    expect(encodeRows(type, ROWS, { isSparse: true, precision: 'float64' })).not.toEqual(sparse);
  });

  it('have names in CSV and JSON, and several labels', async () => {
    const names = ['y', 'a', 'b', 'c'];

    for (const type of ['text/csv', 'application/jsonlines', 'application/json'] as const) {
      const header = type === 'text/csv' ? ';header=present' : '';
      const content = encodeRows(type, ROWS, { names, labelCount: 2 });
      expect(content.toString()).toContain('a');
      expect(await readBack(type, content, header, 2)).toEqual(ROWS);
    }
  });

  it('of libsvm have one label', () => {
    expect(() => encodeRows('text/libsvm', ROWS, { labelCount: 2 })).toThrow('libsvm must have one label; received 2.');
  });
});
