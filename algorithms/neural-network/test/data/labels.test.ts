/** Labels that the network cannot take are refused with their place, as each kind of data counts it. */
import { expect, it } from 'vitest';
import { requireLabels } from '../../src/data/labels.js';

const channel = (type: string) => ({ name: 'train', mode: 'File' as const, contentType: { type, parameters: {} } });
const block = { rows: 2, labels: Float64Array.of(1, 7), labelCount: 1, source: 'a', firstLine: 5 };

it.each([
  ['text/csv', 'train/a line 6: the label must be a class, 0 or 1; received 7.'],
  ['application/x-parquet', 'train/a row 6: the label must be a class, 0 or 1; received 7.'],
  ['application/x-npy', 'train/a record 6: the label must be a class, 0 or 1; received 7.'],
  ['image/png', 'a: the label must be a class, 0 or 1; received 7.'],
])('a label of %s that is no class', (type, message) => {
  expect(() => requireLabels(channel(type), block, 2)).toThrow(message);
});

it('labels of another number', () => {
  const twoLabels = { ...block, rows: 1, labelCount: 2 };

  expect(() => requireLabels(channel('text/csv'), twoLabels, undefined, 1)).toThrow(
    'train/a line 5: rows must have 1 label column, as the training rows; received 2. Check label_size of the content type, or in RecordIO',
  );
});
