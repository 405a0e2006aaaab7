/** Short bodies for the same model are read by one parser, in memory that is lent to one request at a time. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readCsvBuffer } from '../../src/formats/csv/read-csv-buffer.js';
import { giveBack } from '../../src/formats/lending.js';

afterEach(() => void vi.restoreAllMocks());

const options = { policy: { missingValues: 'accept', infiniteValues: 'refuse' }, featureCount: 3 } as const;
const read = (body: string) => readCsvBuffer(Buffer.from(body), options);

describe('rows of short bodies', () => {
  it('stay as they are while others are read', () => {
    const blocks = ['1,2,3\n', '4,5,6\n7,8,9', '0,,1'].map(read);

    expect(blocks.map(({ rows }) => rows)).toEqual([1, 2, 1]);
    expect(blocks.map(({ features }) => [...features])).toEqual([
      [1, 2, 3],
      [4, 5, 6, 7, 8, 9],
      [0, Number.NaN, 1],
    ]);
    blocks.forEach(giveBack);
  });

  it('are read after a wrong body, another delimiter, and more rows than before', () => {
    expect(() => read('1,x,3\n')).toThrow('row 1');
    expect(() => read('1,2\n')).toThrow('3 columns');
    expect(() => read('\n\n')).toThrow('at least one row');

    for (const body of ['1;2;3\n', '1,2,3\n'.repeat(500), '1,2,3']) {
      const block = read(body);
      expect([block.rows, ...block.features.subarray(-3)]).toEqual([body.length > 10 ? 500 : 1, 1, 2, 3]);
      giveBack(block);
    }
  });

  it('need no kernel of their own for each of many models, also where some are in use meanwhile', () => {
    const models = Array.from({ length: 12 }, () => ({ ...options }));
    const askAll = () => {
      const lent = models.map((model, i) => readCsvBuffer(Buffer.from(`${i},2,3\n`), model));
      expect(lent.map(({ features }) => features[0])).toEqual(models.map((_, i) => i));
      lent.forEach(giveBack);
    };
    const askEach = () => {
      for (const model of models) giveBack(readCsvBuffer(Buffer.from('1,2,3\n'), model));
    };
    askAll();
    const create = vi.spyOn(Reflect.get(globalThis, 'WebAssembly'), 'Instance');

    askEach();
    askEach();

    expect(create).not.toHaveBeenCalled();
  });

  it('are held to the number of columns of each model', () => {
    for (const featureCount of [1, 2, 3, 4, 5, 6]) {
      const ofModel = { ...options, featureCount };
      const body = Buffer.from(`${'7,'.repeat(featureCount - 1)}7\n`);

      giveBack(readCsvBuffer(body, ofModel));

      expect(readCsvBuffer(body, ofModel).features).toHaveLength(featureCount);
      expect(() => readCsvBuffer(Buffer.from(`7,${body}`), ofModel)).toThrow(`expected ${featureCount} column`);
    }
  });
});
