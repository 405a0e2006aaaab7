/** What is said of RecordIO-protobuf that breaks the rules: file, record and byte. */
import { describe, expect, it } from 'vitest';
import { REFUSE_ALL } from './csv-tables.js';
import { entry, field, part, readRecords, record, tensor } from './recordio-records.js';

const dense = (values: readonly number[], label?: readonly number[]) =>
  record({ kind: 'float32', values }, label && { kind: 'float32', values: label });
const sparse = (entries: readonly (readonly [number, number])[], width: number, label = [1]) =>
  record(
    { kind: 'float64', keys: entries.map(([key]) => key), values: entries.map(([, value]) => value), shape: [width] },
    { kind: 'float32', values: label },
  );

describe('an invalid RecordIO record', () => {
  const good = part(dense([1, 2, 3], [1]));
  const at = good.length;

  it.each([
    [
      'that does not begin with the magic number',
      Buffer.from('1,2,3\n4,5,6\n'),
      'E_DATA_FORMAT',
      ': a record must begin with the number 0xced7230a; received 0x2c322c31. The data is damaged or not RecordIO.',
    ],
    [
      'that is cut off in its head',
      good.subarray(0, 5),
      'E_DATA_FORMAT',
      ': the record must have 8 bytes or more; the data ends after 5. The data is damaged or not RecordIO.',
    ],
    [
      'that is cut off',
      good.subarray(0, 20),
      'E_DATA_FORMAT',
      `: the record must have ${good.length} bytes or more; the data ends after 20. The data is damaged or not RecordIO.`,
    ],
    [
      'that is a middle part',
      part(Buffer.alloc(4), 2),
      'E_DATA_FORMAT',
      ': its flag must be 0 or 1 at the start of a record; received 2. The data is damaged or not RecordIO.',
    ],
    [
      'whose parts do not follow each other',
      Buffer.concat([part(Buffer.alloc(4), 1), good]),
      'E_DATA_FORMAT',
      ': the flag of a further part must be 2 or 3; received 0. The data is damaged or not RecordIO.',
    ],
    [
      'that is too long',
      Buffer.concat([Buffer.from([0x0a, 0x23, 0xd7, 0xce, 0xff, 0xff, 0xff, 0x1f]), Buffer.alloc(100)]),
      'E_DATA_SIZE',
      ': a record must be at most 268435456 bytes; received 536870911.',
    ],
    [
      'that is no protobuf',
      part(Buffer.from('hello')),
      'E_DATA_FORMAT',
      ': expected a protobuf record; a field in it has the unknown kind 4.',
    ],
    [
      'that holds RecordIO',
      part(good),
      'E_DATA_FORMAT',
      ': expected a protobuf record; a field in it has the unknown kind 7. It holds RecordIO itself: set RecordWrapperType to None.',
    ],
    ['without features', part(field(3, 'uid')), 'E_DATA_FORMAT', ': expected a protobuf record; it has no features.'],
    [
      'whose features have another key',
      part(entry(1, tensor({ kind: 'float32', values: [1] }), 'image')),
      'E_DATA_FORMAT',
      ': expected a protobuf record; the key of its features must be "values"; received "image".',
    ],
    [
      'whose features are bytes',
      part(entry(1, field(9, field(1, 'jpeg')))),
      'E_DATA_FORMAT',
      ': expected a protobuf record; its features must be numbers; received bytes.',
    ],
    [
      'whose keys have no shape',
      part(record({ kind: 'float32', values: [1], keys: [0] })),
      'E_DATA_FORMAT',
      ': expected a protobuf record; its features have keys, so they must have a shape.',
    ],
    [
      'whose keys are too few',
      part(record({ kind: 'float32', values: [1, 2], keys: [0], shape: [3] })),
      'E_DATA_FORMAT',
      ': expected a protobuf record; its features must have as many keys as values; received 1 and 2.',
    ],
    [
      'whose shape is not that of its values',
      part(record({ kind: 'float32', values: [1, 2], shape: [3] })),
      'E_DATA_FORMAT',
      ': expected a protobuf record; its features must have 3 values for their shape; received 2.',
    ],
    [
      'with a feature too few',
      part(dense([1, 2], [1])),
      'E_DATA_COLUMNS',
      ': expected 3 features as in train/a.pbr record 1; received 2.',
    ],
    [
      'without a label',
      part(dense([1, 2, 3])),
      'E_DATA_COLUMNS',
      ': expected 1 label value as in the first record; received 0.',
    ],
    [
      'with a missing label',
      part(dense([1, 2, 3], [Number.NaN])),
      'E_DATA_MISSING',
      ': the label must be a finite number; received NaN.',
    ],
    [
      'with a missing value',
      part(dense([1, Number.NaN, 3], [1])),
      'E_DATA_MISSING',
      ' column 2: the value must not be missing; received NaN. Fill it in or drop the row.',
    ],
    [
      'with an infinite value',
      part(sparse([[2, -Infinity]], 3)),
      'E_DATA_INFINITE',
      ' key 2: the value must be finite; received -Infinity. Correct it or drop the row.',
    ],
    [
      'with a key outside its shape',
      part(sparse([[3, 1]], 3)),
      'E_DATA_INDEX',
      ': a key must be in [0, 2]; received 3.',
    ],
    [
      'with a key twice',
      part(
        sparse(
          [
            [1, 1],
            [0, 1],
            [1, 2],
          ],
          3,
        ),
      ),
      'E_DATA_INDEX',
      ': a key may occur once; received 1 twice.',
    ],
  ])('is refused, naming file, record and byte: %s', async (_, bytes, code, message) => {
    await expect(readRecords(Buffer.concat([good, bytes]), { policy: REFUSE_ALL })).rejects.toThrow(
      expect.objectContaining({ name: 'ClientError', code, message: `train/a.pbr record 2 at byte ${at}${message}` }),
    );
  });
});
