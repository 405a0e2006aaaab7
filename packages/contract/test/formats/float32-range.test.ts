import { describe, expect, it } from 'vitest';
import type { Block, SparseBlock, ValuePolicy } from '../../src/formats/block.js';
import type { BlockParser } from '../../src/formats/block-parser.js';
import { checkValues } from '../../src/formats/check-values.js';
import { CsvParser } from '../../src/formats/csv/parser.js';
import { readCsvBuffer } from '../../src/formats/csv/read-csv-buffer.js';
import { readJsonBuffer, readJsonLinesBuffer } from '../../src/formats/json/body.js';
import { LibsvmParser } from '../../src/formats/libsvm/parser.js';
import { readLibsvmBuffer } from '../../src/formats/libsvm/read-libsvm-buffer.js';
import { RecordParser } from '../../src/formats/recordio/parser.js';
import { part as frame, record } from './recordio-records.js';

const FLOAT32: ValuePolicy = { missingValues: 'accept', infiniteValues: 'refuse', range: 'float32' };
const DOUBLE: ValuePolicy = { missingValues: 'accept', infiniteValues: 'refuse' };
/** The tie between the largest float32 and what would follow it, which rounds up to infinity; and the double below. */
const FIRST_INFINITE = 2 ** 128 - 2 ** 103;
const LAST_FINITE = 3.4028235677973362e38;

const denseRecord = (values: readonly number[], label: readonly number[]) =>
  record({ kind: 'float64', values }, { kind: 'float64', values: label });
const sparseRecord = (keys: readonly number[], values: readonly number[], width: number, label: readonly number[]) =>
  record({ kind: 'float64', values, keys, shape: [width] }, { kind: 'float64', values: label });

/** Numbers that become infinite in float32, as clients write them: short, with many digits, with blanks and in quotes. */
const INFINITE = ['1e39', '-1e39', '1e308', String(FIRST_INFINITE), '3.40282356779733661637539395458142568448e38'];
const LONG = ['1'.padEnd(40, '0'), '1.000000000000000e+39', '-1000000000000.0000e+30', ' 1e39', '1e39 ', '"1e39"'];
/** Numbers that stay finite, zero and denormals included. */
const FINITE = ['3.4028235e38', '-3.4028235e38', String(LAST_FINITE), '1e38', '-0', '1e-46', '1e-310', '0'];

function blockOf<B extends Block | SparseBlock>(parser: BlockParser<B>, bytes: Uint8Array): B | undefined {
  parser.startFile('a', { label: 'train/a', unit: 'line' });
  parser.input.space().set(bytes);
  parser.input.added(bytes.length);
  parser.input.endFile();
  return parser.nextBlock();
}

const csv = (text: string, policy: ValuePolicy, hasWeights = false) =>
  blockOf(new CsvParser({ labelCount: 1, hasWeights, policy }), Buffer.from(text))!;
const csv32 = (text: string) =>
  blockOf(new CsvParser({ labelCount: 1, policy: FLOAT32, precision: 'float32' }), Buffer.from(text))!;
const libsvm = (text: string, policy: ValuePolicy) =>
  blockOf(new LibsvmParser({ hasLabel: true, indexBase: 0, policy }), Buffer.from(text))!;
const recordio = (payload: Uint8Array, policy: ValuePolicy) =>
  blockOf(new RecordParser({ hasLabel: true, policy }), frame(payload))!;

describe('a finite number beyond float32', () => {
  it.each([...INFINITE, ...LONG])('is refused in CSV, naming line and column: %s', (text) => {
    const place = `train/a line 2 column 3: the value must be within ±3.4028235e38`;

    expect(() => csv(`1,2,3\n1,2,${text}\n`, FLOAT32)).toThrow(place);
    expect(() => csv32(`1,2,3\n1,2,${text}\n`)).toThrow(place);
    expect(() => csv(`1,2,3\n1,${text},2\n`, FLOAT32)).toThrow('line 2 column 2');
    expect(() => readCsvBuffer(Buffer.from(`1\n${text}\n`), { policy: FLOAT32 })).toThrow('request row 2 column 1');
  });

  it('is refused as a label or a weight, and called that', () => {
    expect(() => csv('1e39,2\n', FLOAT32)).toThrow('column 1: the label must be within');
    expect(() => csv('1,1e39,2\n', FLOAT32, true)).toThrow('column 2: the sample weight must be within');
    expect(() => libsvm('1e39 0:1\n', FLOAT32)).toThrow('line 1: the label must be within');
    expect(() => libsvm('1:1e39 0:1\n', FLOAT32)).toThrow('the sample weight must be within');
    expect(() => recordio(denseRecord([1], [1e39]), FLOAT32)).toThrow('the label must be within');
  });

  it.each(INFINITE)('is refused in libsvm, naming line and index: %s', (text) => {
    expect(() => libsvm(`1 0:1\n1 0:1 7:${text}\n`, FLOAT32)).toThrow(
      `train/a line 2 index 7: the value must be within ±3.4028235e38, the range of float32, which the algorithm computes in; received "${text.slice(0, 39)}`,
    );
    expect(() => readLibsvmBuffer(Buffer.from(`7:${text}\n`), { policy: FLOAT32 })).toThrow('request line 1 index 7');
  });

  it('is refused in RecordIO-protobuf, dense and sparse', () => {
    expect(() => recordio(denseRecord([1, FIRST_INFINITE], [1]), FLOAT32)).toThrow(
      'column 2: the value must be within',
    );
    expect(() => recordio(sparseRecord([3], [-1e39], 9, [1]), FLOAT32)).toThrow('key 3: the value must be within');
  });

  it.each(INFINITE)('is refused in JSON, naming row and column: %s', (text) => {
    const body = Buffer.from(`{"instances":[{"features":[1,2]},{"features":[1,${text}]}]}`);

    expect(() => readJsonBuffer(body, { policy: FLOAT32 })).toThrow('request row 2 column 2: the value must be within');
    expect(() => readJsonLinesBuffer(Buffer.from(`[1]\n[${text}]\n`), { policy: FLOAT32 })).toThrow(
      'request row 2 column 1: the value must be within',
    );
  });

  it('is refused in Parquet as a feature, label and weight', () => {
    for (const [role, part] of [
      ['feature', 'value'],
      ['label', 'label'],
      ['weight', 'sample weight'],
    ] as const) {
      const values = { values: Float64Array.of(1, 1e39), offset: 0, stride: 1, rows: 2 };
      const column = { role, label: 'column "x"', name: 'x' } as Parameters<typeof checkValues>[1];

      expect(() => checkValues(values, column, FLOAT32, (row) => `a row ${row}`)).toThrow(
        `a row 1 column "x": the ${part} must be within`,
      );
      expect(() => checkValues(values, column, DOUBLE, (row) => `a row ${row}`)).not.toThrow();
    }
  });

  it.each([...INFINITE, '1e308'])('is accepted if the algorithm computes in double: %s', (text) => {
    expect(csv(`1,${text}\n`, DOUBLE).features[0]).toBe(Number(text));
    expect(libsvm(`1 0:${text}\n`, DOUBLE).values[0]).toBe(Number(text));
    expect(readJsonBuffer(Buffer.from(`{"instances":[[${text}]]}`), { policy: DOUBLE })).toHaveProperty(
      'features.0',
      Number(text),
    );
  });

  it.each(FINITE)('is distinguished from %s, which is accepted', (text) => {
    expect(csv(`${text},${text}\n`, FLOAT32).features[0]).toBe(Number(text));
    expect(csv32(`1,${text}\n`).features[0]).toBe(Math.fround(Number(text)));
    expect(libsvm(`1 0:${text}\n`, FLOAT32).values[0]).toBe(Number(text));
    expect(recordio(denseRecord([Number(text)], [1]), FLOAT32)).toMatchObject({
      features: Float64Array.of(Number(text)),
    });
    expect(readJsonBuffer(Buffer.from(`{"instances":[[${text}]]}`), { policy: FLOAT32 })).toHaveProperty(
      'features.0',
      Number(text),
    );
  });
});
