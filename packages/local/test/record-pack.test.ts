import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacker, type Payload } from '../src/transform/record-pack.js';
import { lineSplitter, type RecordSplitter, recordIoSplitter } from '../src/transform/record-split.js';

/** Bodies of `bytes` handed over in pieces that end at `cuts`. */
function pack(
  bytes: Buffer,
  cuts: readonly number[],
  options: { maxBytes: number; isSingle?: boolean; splitter?: RecordSplitter },
): Payload[] {
  const packer = createPacker({ splitter: lineSplitter, isSingle: false, file: 'a.csv', ...options });
  const places = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let start = 0;
  const payloads: Payload[] = [];
  for (const end of places) {
    payloads.push(...packer.push(bytes.subarray(start, end)));
    start = end;
  }
  return [...payloads, ...packer.finish()];
}

function frame(payload: Uint8Array, cflag = 0): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0xced7230a, 0);
  header.writeUInt32LE(((cflag << 29) | payload.length) >>> 0, 4);
  return Buffer.concat([header, payload, Buffer.alloc((4 - (payload.length % 4)) % 4)]);
}

const lines = fc.array(
  fc.string({ minLength: 1, maxLength: 12 }).filter((line) => /\S/.test(line) && !/[\r\n]/.test(line)),
);
const lineEnd = fc.constantFrom('\n', '\r\n');
const cuts = fc.array(fc.nat(2000), { maxLength: 12 });
const seeded = { seed: 20240601, numRuns: 500 };

describe('lines packed into requests', () => {
  it('keep their bytes, order and number for any limit and chunks, and fill a body up to the limit', () => {
    fc.assert(
      fc.property(
        lines,
        lineEnd,
        fc.boolean(),
        cuts,
        fc.integer({ min: 50, max: 200 }),
        (rows, end, isOpen, cuts, maxBytes) => {
          const text = rows.join(end) + (isOpen || rows.length === 0 ? '' : end);
          const bytes = Buffer.from(text);

          const payloads = pack(bytes, cuts, { maxBytes });

          expect(Buffer.concat(payloads.map((payload) => payload.bytes)).toString()).toBe(text);
          expect(payloads.reduce((sum, payload) => sum + payload.recordCount, 0)).toBe(rows.length);
          let first = 1;
          for (const [i, payload] of payloads.entries()) {
            expect(payload.first).toBe(first);
            expect(payload.bytes.length).toBeLessThanOrEqual(maxBytes);
            const following = payloads[i + 1]?.bytes;
            const nextRecord = following?.subarray(0, following.indexOf(10) + 1 || following.length);
            if (nextRecord) expect(payload.bytes.length + nextRecord.length).toBeGreaterThan(maxBytes);
            first += payload.recordCount;
          }
        },
      ),
      seeded,
    );
  });

  it('are sent one by one with SingleRecord', () => {
    fc.assert(
      fc.property(lines, lineEnd, cuts, (rows, end, cuts) => {
        const text = rows.map((row) => row + end).join('');

        const payloads = pack(Buffer.from(text), cuts, { maxBytes: 64, isSingle: true });

        expect(payloads.map((payload) => payload.bytes.toString())).toEqual(rows.map((row) => row + end));
        expect(payloads.map((payload) => payload.first)).toEqual(rows.map((_, i) => i + 1));
      }),
      seeded,
    );
  });

  it('that are blank are sent along, not counted, and never sent alone', () => {
    const bytes = Buffer.from('\na\n\n\r\nb\n \n\n');

    expect(pack(bytes, [], { maxBytes: 100 })).toEqual([
      { bytes, recordCount: 2, blankCount: 5, first: 1, isFirst: true },
    ]);
    expect(pack(bytes, [], { maxBytes: 100, isSingle: true }).map(({ bytes }) => bytes.toString())).toEqual([
      '\na\n\n\r\n',
      'b\n \n\n',
    ]);
    expect(pack(bytes, [], { maxBytes: 100, isSingle: true }).map(({ isFirst }) => isFirst)).toEqual([true, false]);
    expect(pack(Buffer.from('\n\n \n'), [], { maxBytes: 100 })).toEqual([]);
    expect(pack(Buffer.from('ab\n\n\n\ncd\n'), [], { maxBytes: 3 }).map(({ bytes }) => bytes.toString())).toEqual([
      'ab\n',
      'cd\n',
    ]);
  });

  it('above the limit are an error that names file and line, before the line is read to its end', () => {
    expect(() => pack(Buffer.from('ab\ncdefg\n'), [], { maxBytes: 5 })).toThrow(
      'a.csv line 2: a record must fit in the payload limit of 5 bytes; this one has 6 or more.',
    );
    expect(() => pack(Buffer.from('ab\ncdefg'), [], { maxBytes: 4 })).toThrow('a.csv line 2:');
    const packer = createPacker({ splitter: lineSplitter, maxBytes: 8, isSingle: true, file: 'a.csv' });
    expect(() => packer.push(Buffer.alloc(9, 'x'))).toThrow('a.csv line 1:');
  });
});

describe('RecordIO records packed into requests', () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 20 }));

  it('keep their bytes, order and number for any chunks', () => {
    fc.assert(
      fc.property(payloads, cuts, fc.integer({ min: 28, max: 100 }), (records, cuts, maxBytes) => {
        const bytes = Buffer.concat(records.map((record) => frame(record)));

        const packed = pack(bytes, cuts, { maxBytes, splitter: recordIoSplitter });

        expect(Buffer.concat(packed.map((payload) => payload.bytes)).equals(bytes)).toBe(true);
        expect(packed.reduce((sum, payload) => sum + payload.recordCount, 0)).toBe(records.length);
        for (const payload of packed) expect(payload.bytes.length).toBeLessThanOrEqual(maxBytes);
      }),
      seeded,
    );
  });

  it('lose their padding with SingleRecord, and are joined if written in parts', () => {
    const parts = Buffer.concat([
      frame(Buffer.from('abc'), 1),
      frame(Buffer.from('de'), 2),
      frame(Buffer.from('f'), 3),
    ]);
    const bytes = Buffer.concat([frame(Buffer.from('xyz')), parts]);

    const packed = pack(bytes, [3, 20], { maxBytes: 100, isSingle: true, splitter: recordIoSplitter });

    expect(packed.map((payload) => payload.bytes)).toEqual([frame(Buffer.from('xyz')).subarray(0, 11), parts]);
  });

  it('without the magic number, or truncated, are errors that name the record and its byte', () => {
    const good = frame(Buffer.from('abcd'));
    const read = (bytes: Buffer) => () => pack(bytes, [], { maxBytes: 100, splitter: recordIoSplitter });

    expect(read(Buffer.concat([good, Buffer.from('not a record')]))).toThrow(
      'a.csv record 2, byte 12: a RecordIO record must',
    );
    expect(read(Buffer.concat([good, good.subarray(0, 10)]))).toThrow(
      'a.csv record 2, byte 12: the file ends inside a record.',
    );
  });
});
