/** RecordIO-protobuf of a channel and of a request: framing, tensors, and damaged bytes. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContractError } from '../../src/errors.js';
import { readRecordioBuffer } from '../../src/formats/recordio/read-recordio-buffer.js';
import { runs } from '../runs.js';
import { REFUSE_ALL } from './csv-tables.js';
import { field, type Kind, part, readRecords, readRows, record, split, varint } from './recordio-records.js';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/recordio/${name}.pbr`, import.meta.url));
const dense = (values: readonly number[], label?: readonly number[]) =>
  record({ kind: 'float32', values }, label && { kind: 'float32', values: label });
const sparse = (entries: readonly (readonly [number, number])[], width: number, label = [1]) =>
  record(
    { kind: 'float64', keys: entries.map(([key]) => key), values: entries.map(([, value]) => value), shape: [width] },
    { kind: 'float32', values: label },
  );

describe('RecordIO files written by the protobuf library', () => {
  it('of float32 tensors are read', async () => {
    const { rows } = await readRecords(fixture('float32'));

    expect(rows).toEqual([
      { record: 1, labels: [1], features: [0.1, -2.5, 3e38].map(Math.fround) },
      { record: 2, labels: [0], features: [0, 7, Math.fround(1e-45)] },
    ]);
  });

  it('of float64 tensors with two labels are read', async () => {
    expect((await readRecords(fixture('float64'))).rows).toEqual([
      { record: 1, labels: [0.1, 2], features: [0.1, -1e300] },
    ]);
  });

  it('of int32 tensors are read, negative numbers too', async () => {
    expect((await readRecords(fixture('int32'))).rows).toEqual([
      { record: 1, labels: [-7], features: [0, -1, 2147483647, -2147483648, 300] },
    ]);
  });

  it('of sparse tensors are read, in the order of their keys', async () => {
    const { rows, blocks } = await readRecords(fixture('sparse'));

    expect(blocks).toEqual([[3, 1000, 1]]);
    expect(rows.map(({ entries }) => entries)).toEqual([
      [
        [0, 1.5],
        [300, -2],
      ],
      [],
      [
        [3, 5],
        [200, 6],
        [999, 4],
      ],
    ]);
  });

  it('without labels are read', async () => {
    expect((await readRecords(fixture('unlabelled'))).rows).toMatchObject([
      { labels: [], features: [1, 2, 3] },
      { labels: [], features: [4, 5, 6] },
    ]);
  });
});

describe('blocks of RecordIO', () => {
  it('hold at most maxRows rows, know their first record, and never span files', async () => {
    const bytes = Buffer.concat([1, 2, 3].map((value) => part(dense([value], [value]))));

    const { blocks, rows } = await readRecords({ 'a.pbr': bytes, 'b.pbr': bytes }, { maxRows: 2 });

    expect(blocks).toEqual([
      [2, 1, 1],
      [1, 1, 3],
      [2, 1, 1],
      [1, 1, 3],
    ]);
    expect(rows.map(({ labels }) => labels[0])).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('are split at a change between dense and sparse rows', async () => {
    const payloads = [dense([1, 2], [0]), dense([3, 4], [0]), sparse([[1, 5]], 2), sparse([], 2), dense([6, 7], [0])];

    const { blocks, rows } = await readRecords(Buffer.concat(payloads.map((payload) => part(payload))));

    expect(blocks.map(([rows, , first]) => [rows, first])).toEqual([
      [2, 1],
      [2, 3],
      [1, 5],
    ]);
    expect(rows.map(({ features, entries }) => features ?? entries)).toEqual([[1, 2], [3, 4], [[1, 5]], [], [6, 7]]);
  });

  it('have about 1 MiB or 131,072 entries, and more only for a single row', async () => {
    const narrow = await readRecords(Buffer.concat(Array<Buffer>(40_000).fill(part(dense([1, 2, 3], [1])))));
    const row = sparse(
      Array.from({ length: 50_000 }, (_, i) => [i, i] as const),
      200_000,
    );
    const large = sparse(
      Array.from({ length: 200_000 }, (_, i) => [i, i] as const),
      200_000,
    );
    const wide = await readRecords(Buffer.concat([row, row, row, large, row].map((payload) => part(payload))));

    expect(narrow.blocks.map(([rows]) => rows)).toEqual([32_768, 7232]);
    expect(wide.blocks.map(([rows]) => rows)).toEqual([2, 1, 1, 1]);
    expect(wide.rows[3]!.entries!.every(([column, value], i) => column === i && value === i)).toBe(true);
  });

  it('round features once to float32 if that is requested, but not labels', async () => {
    const payload = record({ kind: 'float64', values: [0.1] }, { kind: 'float64', values: [0.1] });

    expect((await readRecords(part(payload), { precision: 'float32' })).rows).toEqual([
      { record: 1, labels: [0.1], features: [Math.fround(0.1)] },
    ]);
  });
});

describe('RecordIO records', () => {
  const kind = fc.constantFrom<Kind>('float32', 'float64', 'int32');
  const rows = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 2 })).chain(([width, labels]) =>
    fc.array(
      fc.record({
        kind,
        numbers: fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: width, maxLength: width }),
        present: fc.array(fc.boolean(), { minLength: width, maxLength: width }),
        isSparse: fc.boolean(),
        isUnpacked: fc.boolean(),
        label: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: labels, maxLength: labels }),
        hasExtras: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  );

  it('are read as written, wherever the bytes are split', async () => {
    const property = fc.asyncProperty(
      rows,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (rows, pieceBytes, maxRows) => {
        const payloads = rows.map(({ kind, numbers, present, isSparse, isUnpacked, label, hasExtras }) => {
          const keys = [...numbers.keys()].filter((key) => present[key]);
          const values = isSparse ? keys.map((key) => numbers[key]!) : numbers;
          const text = { kind, values, isUnpacked, ...(isSparse && { keys, shape: [1, numbers.length] }) };
          const extras = hasExtras ? [field(3, 'uid'), varint(15 * 8), varint(300), field(4, '{}')] : [];
          return Buffer.concat([...extras, record(text, label.length > 0 ? { kind, values: label } : undefined)]);
        });
        const expected = rows.map(({ numbers, present, isSparse, label }, row) => ({
          record: row + 1,
          labels: label,
          ...(isSparse
            ? { entries: numbers.map((value, key) => [key, value]).filter((_, key) => present[key]) }
            : { features: numbers }),
        }));

        const read = await readRecords(Buffer.concat(payloads.map((payload) => part(payload))), {
          pieceBytes,
          maxRows,
        });

        expect(read.rows).toEqual(expected);
      },
    );

    await fc.assert(property, { seed: 41, numRuns: runs(100, 5000) });
  });

  it('that were split at magic numbers are joined', async () => {
    // As a float32 or an int32 the magic number is a value like any other.
    const magic = -0x3128dcf6;
    const property = fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom(magic, 0, 1), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 50 }),
      async (rows, shift, pieceBytes) => {
        const asFloats = rows.map((row) => [...new Float32Array(Int32Array.from(row).buffer)]);
        // Text in front moves the values to every alignment.
        const payloads = asFloats.map((values) => Buffer.concat([field(3, 'x'.repeat(shift)), dense(values, [1])]));

        const read = await readRecords(Buffer.concat(payloads.map(split)), { pieceBytes });

        expect(read.rows.map(({ features }) => features)).toEqual(asFloats);
      },
    );

    await fc.assert(property, { seed: 42, numRuns: runs(100, 3000) });
  });

  it('with damaged or missing bytes are never read wrongly or endlessly: the error names file, record and byte', async () => {
    const good = Buffer.concat([dense([1, 2, 3], [1]), sparse([[1, 5]], 3), dense([4, 5, 6], [0])].map((p) => part(p)));
    const damage = fc.record({ at: fc.nat({ max: good.length - 1 }), to: fc.nat({ max: 255 }), cut: fc.boolean() });
    const property = fc.asyncProperty(damage, async ({ at, to, cut }) => {
      const bytes = cut ? good.subarray(0, at) : Buffer.from(good);
      if (!cut) bytes[at] = to;
      try {
        const { rows } = await readRecords(bytes, { policy: REFUSE_ALL });
        expect(rows.length).toBeLessThanOrEqual(3);
      } catch (error) {
        expect(error).toBeInstanceOf(ContractError);
        expect(String(error)).toMatch(/train\/a\.pbr record [123] at byte \d+/);
      }
    });

    await fc.assert(property, { seed: 43, numRuns: runs(250, 50000) });
  });
});

describe('a RecordIO request', () => {
  const policy = REFUSE_ALL;

  it('is one block without labels', () => {
    const thousand = Buffer.concat(Array.from({ length: 1000 }, (_, i) => part(dense([i, -i], [i]))));
    const body = Buffer.concat(Array(100).fill(thousand));

    const block = readRecordioBuffer(body, { policy, featureCount: 2 })!;

    expect(block).toMatchObject({ rows: 100_000, columns: 2, labelCount: 0, source: 'request', firstLine: 1 });
    expect(readRows(block).every(({ features }, i) => features?.[0] === i % 1000 && features[1] === -(i % 1000))).toBe(
      true,
    );
  });

  it('with dense and sparse records becomes sparse, with every dense column as an entry', () => {
    const body = Buffer.concat([dense([1, 0]), sparse([[1, 5]], 2), dense([0, 2])].map((payload) => part(payload)));

    expect(readRows(readRecordioBuffer(body, { policy, featureCount: 2 })!).map(({ entries }) => entries)).toEqual([
      [
        [0, 1],
        [1, 0],
      ],
      [[1, 5]],
      [
        [0, 0],
        [1, 2],
      ],
    ]);
  });

  it('without records is no block', () => {
    expect(readRecordioBuffer(new Uint8Array(0), { policy })).toBeUndefined();
  });

  it('with a record that has a different number of features from the model is refused', () => {
    expect(() => readRecordioBuffer(part(dense([1, 2])), { policy, featureCount: 3 })).toThrow(
      'request record 1 at byte 0: expected 3 features; received 2.',
    );
    expect(() => readRecordioBuffer(part(sparse([[0, 1]], 4)), { policy, featureCount: 3 })).toThrow(
      'request record 1 at byte 0: expected 3 features; received 4.',
    );
  });
});
