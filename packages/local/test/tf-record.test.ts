import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPacker } from '../src/transform/record-pack.js';
import { createTfRecordSplitter } from '../src/transform/tf-record.js';

/** CRC-32C bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function masked(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes);
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(Number(((BigInt(crc >>> 15) | (BigInt(crc) << 17n)) + 0xa282ead8n) & 0xffffffffn));
  return buffer;
}

function frame(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, masked(length), data, masked(data)]);
}

async function packerOf(maxBytes: number, isSingle = false) {
  return createPacker({ splitter: await createTfRecordSplitter(), maxBytes, isSingle, file: 'a.tfrecord' });
}

it('a frame is the one that the Python package tfrecord 1.14.6 writes', async () => {
  const written = Buffer.from('0500000000000000eab2043e68656c6c6fbb1f1c19', 'hex');

  const packer = await packerOf(100);

  expect(frame(Buffer.from('hello'))).toEqual(written);
  expect([...packer.push(written), ...packer.finish()].map(({ bytes }) => bytes)).toEqual([written]);
});

it('records keep their bytes, order and number for any chunks and limit', async () => {
  const records = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      records,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 56, max: 200 }),
      fc.boolean(),
      async (records, step, maxBytes, isSingle) => {
        const bytes = Buffer.concat(records.map(frame));
        const packer = await packerOf(maxBytes, isSingle);
        const payloads = [];
        for (let at = 0; at < bytes.length; at += step) payloads.push(...packer.push(bytes.subarray(at, at + step)));
        payloads.push(...packer.finish());

        expect(Buffer.concat(payloads.map((payload) => payload.bytes)).equals(bytes)).toBe(true);
        expect(payloads.reduce((sum, payload) => sum + payload.recordCount, 0)).toBe(records.length);
        if (isSingle) expect(payloads.map((payload) => payload.bytes)).toEqual(records.map(frame));
        for (const payload of payloads) expect(payload.bytes.length).toBeLessThanOrEqual(maxBytes);
      },
    ),
    { seed: 20240601, numRuns: 200 },
  );
});

it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
  [
    'a length that was changed',
    (bytes) => change(bytes, 21, 1),
    /^a\.tfrecord record 2, byte 21: the checksum of a TFRecord's length must be/,
  ],
  [
    'data that was changed',
    (bytes) => change(bytes, 35, 1),
    /^a\.tfrecord record 2, byte 21: the checksum of a TFRecord's data must be [0-9a-f]{8}; received [0-9a-f]{8}\./,
  ],
  [
    'an end that is missing',
    (bytes) => bytes.subarray(0, -1),
    /^a\.tfrecord record 2, byte 21: the file ends inside a record\.$/,
  ],
  [
    'another format',
    () => Buffer.from('this is a line of text\n'),
    /^a\.tfrecord record 1, byte 0: the checksum of a TFRecord's length/,
  ],
  [
    'a record above the limit',
    (bytes) => Buffer.concat([bytes, frame(Buffer.alloc(90))]),
    /^a\.tfrecord record 3, byte 43: a record must fit in the payload limit of 100 bytes/,
  ],
])('%s fails with the file, the record and its byte', async (_case, damage, message) => {
  const packer = await packerOf(100);
  const bytes = damage(Buffer.concat([frame(Buffer.from('hello')), frame(Buffer.from('world!'))]));

  expect(() => [...packer.push(bytes.subarray(0, 30)), ...packer.push(bytes.subarray(30)), ...packer.finish()]).toThrow(
    message,
  );
});

function change(bytes: Buffer, at: number, by: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at]! + by) % 256;
  return copy;
}
