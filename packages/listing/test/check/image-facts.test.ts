import { expect, it } from 'vitest';
import { readImageFacts } from '../../src/check/image-facts.js';

/** A JPEG up to its frame header: SOI, an APP0 segment of 16 bytes, SOF0. */
const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0001108 00f0 01e0 03011100021100031100'.replaceAll(' ', ''),
  'hex',
);
const GIF = Buffer.from('474946383961f000780080', 'hex');

it.each([
  ['a JPEG, behind other segments', JPEG, { width: 480, height: 240 }],
  ['a GIF', GIF, { width: 240, height: 120 }],
  ['a text', Buffer.from('not an image at all, but long enough'), undefined],
  ['a JPEG that ends early', JPEG.subarray(0, 24), undefined],
  ['nothing', Buffer.alloc(0), undefined],
])('the size of %s', (_, bytes, expected) => {
  expect(readImageFacts(bytes)).toEqual(expected);
});
