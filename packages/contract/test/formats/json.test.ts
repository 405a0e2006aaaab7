import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, isSparse, type SparseBlock } from '../../src/formats/block.js';
import { densifyRequest } from '../../src/formats/densify.js';
import { readJsonBuffer, readJsonLinesBuffer } from '../../src/formats/json/body.js';
import { lineRanges } from '../../src/formats/text/lines.js';

const ACCEPT = { missingValues: 'accept', infiniteValues: 'accept' } as const;
const RUNS = { seed: 20260104, numRuns: 200 };

const cell = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constant(null));
const tables = fc
  .integer({ min: 1, max: 6 })
  .chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 20 }),
  );

/** JSON.stringify writes -0 as 0. */
const expectedCells = (rows: readonly (readonly (number | null)[])[]) =>
  rows.flat().map((value) => (value === null ? Number.NaN : value + 0));

/** Rows of a request as a table, however they were read. */
const dense = (block: Block | SparseBlock | undefined) =>
  block && isSparse(block) ? densifyRequest(block, ACCEPT) : (block as Block);

const bytes = (text: string) => new TextEncoder().encode(text);

/** One of the shapes of an instance; the sparse one leaves out the missing values. */
function write(row: readonly (number | null)[], shape: number): unknown {
  const keys = [...row.keys()].filter((key) => row[key] !== null);
  const sparse = { keys, values: keys.map((key) => row[key]), shape: [row.length] };
  return [row, { features: row }, { id: 7, data: { features: { values: row } } }, { data: { features: sparse } }][
    shape
  ];
}

describe('JSON rows', () => {
  it('of any shape give the same block, as a document and as lines', () => {
    fc.assert(
      fc.property(
        tables,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 20 }),
        (rows, shapes) => {
          const instances = rows.map((row, i) => write(row, shapes[i]!));
          const columns = rows[0]!.length;
          const rules = { featureCount: columns, policy: ACCEPT };

          const document = dense(readJsonBuffer(bytes(JSON.stringify({ instances })), rules));
          const lines = dense(
            readJsonLinesBuffer(bytes(instances.map((row) => JSON.stringify(row)).join('\n')), rules),
          );

          expect(document).toMatchObject({
            rows: rows.length,
            columns,
            labelCount: 0,
            source: 'request',
            firstLine: 1,
          });
          expect([...document!.features]).toEqual(expectedCells(rows));
          expect(lines).toEqual(document);
        },
      ),
      RUNS,
    );
  });

  it('without a known width have the width of the first row', () => {
    expect(readJsonBuffer(bytes('{"instances":[[1,2],[3,4]]}'), { policy: ACCEPT })).toMatchObject({ columns: 2 });
    expect(() => readJsonLinesBuffer(bytes('[1,2]\n[3]'), { policy: ACCEPT })).toThrow(
      'request row 2: expected 2 columns; received 1.',
    );
    expect(() => readJsonLinesBuffer(bytes('[]'), { policy: ACCEPT })).toThrow('expected columns; received none');
  });

  it('in a body that is a view into a larger buffer are read from the view', () => {
    const whole = bytes('xx[1,2]\n[3,4]yy');

    const block = dense(readJsonLinesBuffer(whole.subarray(2, whole.length - 2), { featureCount: 2, policy: ACCEPT }));

    expect([...block!.features]).toEqual([1, 2, 3, 4]);
  });
});

describe('JSON Lines', () => {
  it.each([
    ['', []],
    ['\n\r\n ', []],
    ['a', ['a']],
    ['a\r\nb\n\n', ['a', 'b']],
    ['a\n\nb', ['a', '', 'b']],
    ['\na', ['', 'a']],
  ])('%j has the result %j', (text, lines) => {
    const body = bytes(text);

    expect([...lineRanges(body)].map(([start, end]) => Buffer.from(body.subarray(start, end)).toString())).toEqual(
      lines,
    );
  });
});
