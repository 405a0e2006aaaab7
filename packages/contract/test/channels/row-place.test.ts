import { expect, it } from 'vitest';
import { placeOfRow } from '../../src/channels/row-place.js';

it.each([
  ['train/a.csv line 9', 'File', 'text/csv', 'a.csv'],
  ['train_0 line 9', 'Pipe', 'text/libsvm', 'train_0'],
  ['train/b.parquet row 9', 'File', 'application/x-parquet', 'b.parquet'],
  // The algorithm reads it itself: the source is the whole label.
  ['train/cats/a.png', 'File', 'image/png', 'train/cats/a.png'],
] as const)('the place of a row is %s', (place, mode, type, source) => {
  const channel = { name: 'train', mode, contentType: { type, parameters: {} } };

  expect(placeOfRow(channel, { source, firstLine: 7 }, 2)).toBe(place);
});
