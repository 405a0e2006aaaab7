/**
 * Answers in RecordIO-protobuf, read back the slow, obvious way. Each byte of them is checked by Node's `assert`: an `expect`
 * costs more than reading it.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Predictions } from '../../src/prediction.js';
import { anyText } from '../any-text.js';
import { encodePredictions } from './encode-predictions.js';

const encode = (predictions: Predictions, rows: number) => {
  const outputs = Object.fromEntries(Object.keys(predictions).map((name) => [name, { description: name }]));
  return encodePredictions(predictions, rows, outputs, 'application/x-recordio-protobuf', true);
};

/** The fields of a message: number, and a varint or bytes. */
function fieldsOf(bytes: Buffer): (readonly [number, bigint | Buffer])[] {
  const fields: (readonly [number, bigint | Buffer])[] = [];
  let position = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[position++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 128) return value;
    }
  };
  while (position < bytes.length) {
    const tag = Number(varint());
    if (tag % 8 === 0) fields.push([tag >> 3, varint()]);
    else {
      assert.equal(tag % 8, 2);
      const length = Number(varint());
      fields.push([tag >> 3, bytes.subarray(position, position + length)]);
      position += length;
    }
  }
  assert.equal(position, bytes.length);
  return fields;
}

const only = (bytes: Buffer, number: number): Buffer => {
  const [field, ...others] = fieldsOf(bytes);
  assert.equal(others.length, 0);
  assert.equal(field?.[0], number);
  return field[1] as Buffer;
};

function readValue(value: Buffer): unknown {
  const [[kind, content]] = fieldsOf(value) as [[number, Buffer]];
  const packed = only(content, 1);
  const step = { 2: 4, 3: 8 }[kind];
  if (step) {
    return Array.from({ length: packed.length / step }, (_, i) =>
      step === 4 ? packed.readFloatLE(i * 4) : packed.readDoubleLE(i * 8),
    );
  }
  if (kind === 9) return packed.toString('utf8');
  assert.equal(kind, 7);
  const ints: number[] = [];
  for (let at = 0; at < packed.length; ) {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = packed[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 128) break;
    }
    ints.push(Number(BigInt.asIntN(64, value)));
  }
  return ints;
}

/** The label map of each record. */
function decode(body: Buffer): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  for (let at = 0; at < body.length; ) {
    assert.equal(body.readUInt32LE(at), 0xced7230a);
    const length = body.readUInt32LE(at + 4);
    const entries = fieldsOf(body.subarray(at + 8, at + 8 + length)).map(([number, entry]) => {
      assert.equal(number, 2);
      const [[, key], [, value]] = fieldsOf(entry as Buffer) as [[number, Buffer], [number, Buffer]];
      return [key.toString('utf8'), readValue(value)] as const;
    });
    rows.push(Object.fromEntries(entries));
    const end = at + 8 + length;
    at = end + ((4 - (length % 4)) % 4);
    assert(body.subarray(end, at).every((byte) => byte === 0));
  }
  return rows;
}

it('RecordIO predictions have a record per row with a label by output name', () => {
  const body = encode({ score: Float32Array.of(0.5), predicted_label: Int32Array.of(-1) }, 1);

  // These bytes were read by Google's protobuf library (fixtures/make-recordio.py read).
  expect(body.toString('hex')).toBe(
    '0a23d7ce3600000012110a0573636f7265120812060a040000003f12210a0f7072656469637465645f6c6162656c120e3a0c0a0affffffffffffffffff010000',
  );
  expect(decode(body)).toEqual([{ score: [0.5], predicted_label: [-1] }]);
});

it('RecordIO predictions keep the type of each column exactly', () => {
  const row = fc.record({
    double: fc.double(),
    float: fc.float(),
    int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    text: anyText(200),
    list: fc.array(fc.double(), { minLength: 3, maxLength: 3 }),
  });
  const property = fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
    const body = encode(
      {
        score: Float64Array.from(rows, ({ double }) => double),
        single: Float32Array.from(rows, ({ float }) => float),
        predicted_label: Int32Array.from(rows, ({ int }) => int),
        label: rows.map(({ text }) => text),
        probabilities: { values: Float64Array.from(rows.flatMap(({ list }) => list)), width: 3 },
      },
      rows.length,
    );

    expect(decode(body)).toEqual(
      rows.map(({ double, float, int, text, list }) => ({
        score: [double],
        single: [float],
        predicted_label: [int],
        label: Buffer.from(text).toString('utf8'),
        probabilities: list,
      })),
    );
  });

  fc.assert(property, { seed: 51, numRuns: 300 });
});

it('RecordIO predictions may be larger than the first buffer', () => {
  const values = Float64Array.from({ length: 50_000 }, (_, i) => i / 7);

  const rows = decode(encode({ score: values }, values.length));

  expect(rows.map(({ score }) => score)).toEqual([...values].map((value) => [value]));
});

it('RecordIO predictions for no rows are empty', () => {
  expect(encode({ score: new Float64Array(0) }, 0)).toHaveLength(0);
});
