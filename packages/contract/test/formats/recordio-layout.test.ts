/** Records that are laid out as the one before are read by their positions: the result is that of reading each by itself. */
import { describe, expect, it } from 'vitest';
import { RecordDecoder } from '../../src/formats/recordio/record.js';
import { entry, field, record, tensor } from './recordio-records.js';

type Outcome = { readonly features: unknown; readonly label: unknown } | { readonly error: string };

function decode(decoder: RecordDecoder, bytes: Buffer): Outcome {
  try {
    decoder.decode(bytes, 0, bytes.length, true);
  } catch (error) {
    return { error: String(error) };
  }
  const shown = ({ values, keys, count, isSparse, width }: RecordDecoder['features']) => ({
    ...{ values: [...values.subarray(0, count)], isSparse, width },
    keys: isSparse ? [...keys.subarray(0, count)] : [],
  });
  return { features: shown(decoder.features), label: shown(decoder.label) };
}

const float32 = (values: readonly number[], more = {}) => ({ kind: 'float32' as const, values, ...more });
const plain = (...values: number[]) => record(float32(values), float32([values[0]! * 2]));
const SEEDS: Readonly<Record<string, Buffer>> = {
  'features and a label': plain(1, 2, 3, 4, 5),
  'a shape': record(float32([1, 2, 3], { shape: [3] }), float32([4])),
  'a text behind them': Buffer.concat([plain(1, 2), field(3, 'uid')]),
  'features twice': Buffer.concat([entry(1, tensor(float32([7, 8]))), plain(1, 2)]),
  'a label first': Buffer.concat([entry(2, tensor(float32([7]))), entry(1, tensor(float32([1, 2])))]),
  'a label twice': Buffer.concat([plain(1, 2), entry(2, tensor(float32([7])))]),
  'no label': record(float32([1, 2])),
  keys: record(float32([1, 2], { keys: [0, 5], shape: [9] }), float32([1])),
  doubles: record({ kind: 'float64', values: [1, 2] }, { kind: 'float64', values: [3] }),
  'values in two pieces': record(float32([1, 2], { isUnpacked: true }), float32([1])),
};

describe('a record behind one that is laid out alike', () => {
  it('has its own numbers', () => {
    const decoder = new RecordDecoder();
    const rows = [plain(1, 2, 3), plain(4, 5, 6), plain(7, 8), plain(9, 10), plain(0.5, 1e9, -1)];

    const read = rows.map((bytes) => decode(decoder, bytes));

    expect(read).toEqual(rows.map((bytes) => decode(new RecordDecoder(), bytes)));
    expect(read[4]).toMatchObject({ features: { values: [0.5, 1e9, -1], width: 3 }, label: { values: [1] } });
  });

  it.each(Object.keys(SEEDS))('gives what it gives alone, whichever byte is another: %s', (name) => {
    const seed = SEEDS[name]!;
    for (let at = 0; at < seed.length; at++) {
      for (const bit of [1, 2, 8, 64, 128]) {
        const changed = Buffer.from(seed);
        changed[at]! ^= bit;
        const decoder = new RecordDecoder();
        decode(decoder, seed);
        expect(decode(decoder, changed), `byte ${at}`).toEqual(decode(new RecordDecoder(), changed));
        expect(decode(decoder, seed), `behind byte ${at}`).toEqual(decode(new RecordDecoder(), seed));
      }
    }
  });
});
