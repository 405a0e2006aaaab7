/** Rows that a decoder of the algorithm makes of a request. */
import { afterEach, describe, expect, it } from 'vitest';
import { denseRows } from '../../src/payloads/rows.js';
import { removeRoots, serveSums } from './own-payloads.js';

afterEach(removeRoots);

describe('rows that a decoder makes', () => {
  const doubles = (bytes: Uint8Array) =>
    denseRows(new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)), 3);
  const inputs = { 'application/x-doubles': { description: 'Rows of three.', decode: doubles } };
  const bytesOf = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);

  it('are predicted as those of any format are', async () => {
    const { invoke } = await serveSums({ inputs });

    const answer = await invoke(bytesOf(1, 2, 3, 4, 5, 6), 'application/x-doubles', 'text/csv');

    expect(answer).toMatchObject({ status: 200, text: '6\n15\n' });
  });

  it.each([
    [
      'a missing value',
      bytesOf(1, 2, 3, 4, Number.NaN, 6),
      'E_DATA_MISSING',
      'request row 2 column 2: the value must not be missing; received NaN.',
    ],
    [
      'an infinite value',
      bytesOf(1, Number.POSITIVE_INFINITY, 3),
      'E_DATA_INFINITE',
      'request row 1 column 2: the value must be finite; received Infinity.',
    ],
  ])('are refused for %s where the algorithm refuses it', async (_, body, code, message) => {
    const { invoke } = await serveSums({ inputs });

    expect(await invoke(body, 'application/x-doubles')).toMatchObject({ status: 400, problem: { code, message } });
  });

  it('are refused when they have other columns than the model', async () => {
    const decode = () => denseRows(new Float64Array(4), 2);
    const { invoke } = await serveSums({ inputs: { 'application/x-two': { description: 'Two.', decode } } });

    expect(await invoke('x', 'application/x-two')).toMatchObject({
      status: 400,
      problem: { code: 'E_DATA_COLUMNS', message: 'request: expected 3 columns as the model has; received 2.' },
    });
  });

  it('are an error of the algorithm when they are no whole rows', async () => {
    const { invoke, log } = await serveSums({ inputs });

    expect((await invoke(bytesOf(1, 2), 'application/x-doubles')).status).toBe(500);
    expect(log.lines[0]).toContain('denseRows: expected at least one whole row of 3 columns; received 2 numbers.');
  });

  const dense = denseRows(new Float64Array(3), 3);
  const { features, ...head } = dense;
  const sparse = {
    ...head,
    rowStarts: Uint32Array.of(0, 1),
    columnIndices: Uint32Array.of(2),
    values: Float64Array.of(1),
  };
  it.each<[string, object, string]>([
    ['fewer numbers than rows', { ...dense, rows: 5 }, 'received 5 × 3 and Float64Array(3)'],
    ['more numbers than rows', { ...dense, features: new Float64Array(30) }, 'received 1 × 3 and Float64Array(30)'],
    ['no rows', { ...dense, rows: 0, features: new Float64Array(0) }, 'received 0 × 3 and Float64Array(0)'],
    ['half a row', { ...dense, rows: 0.5 }, 'received 0.5 × 3'],
    ['counts in text', { ...dense, columns: '3' }, 'features must be a Float64Array or Float32Array'],
    ['bytes', { ...dense, features: new Uint8Array(3) }, 'received 1 × 3 and Uint8Array(3)'],
    ['sparse rows without values', { ...sparse, values: undefined }, 'sparse rows must have'],
    ['sparse rows of other counts', { ...sparse, values: new Float64Array(2) }, 'as many column indices as values'],
    ['sparse rows without labels', { ...sparse, labels: undefined }, 'sparse rows must have labels'],
    ['sparse rows that overlap', { ...sparse, rowStarts: Uint32Array.of(1, 1) }, 'ascend from 0 to the 1 values'],
    ['a column beyond', { ...sparse, columnIndices: Uint32Array.of(3) }, 'column indices must be below 3; received 3'],
  ])('are an error of the algorithm when they have %s', async (_, rows, message) => {
    const decode = () => rows;
    const { invoke, log } = await serveSums({ inputs: { 'application/x-rows': { description: 'Rows.', decode } } });

    expect((await invoke('x', 'application/x-rows')).status).toBe(500);
    expect(log.lines[0]).toContain('AlgorithmError: decode: ');
    expect(log.lines[0]).toContain(message);
  });

  it('may be sparse', async () => {
    const inputs = { 'application/x-rows': { description: 'Rows.', decode: () => sparse } };
    const { invoke } = await serveSums({ inputs });

    expect(await invoke('x', 'application/x-rows', 'text/csv')).toMatchObject({ status: 200, text: '1\n' });
  });
});
