import { expect, it } from 'vitest';
import { readListing } from '../../console/src/api/s3.js';
import {
  formatAge,
  formatBytes,
  formatDuration,
  formatNumber,
  formatSeconds,
  shortName,
} from '../../console/src/text/format.js';

it.each([
  [-1, '< 1 s'],
  [0.4, '< 1 s'],
  [1, '1 s'],
  [59.6, '1 min'],
  [184, '3 min 4 s'],
  [7500, '2 h 5 min'],
  [3600, '1 h'],
  [273_600, '3 d 4 h'],
])('%d seconds are written as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it.each([
  [0, '0 ms'],
  [0.000251, '0.251 ms'],
  [0.01234, '12.3 ms'],
  [1.5, '1.5 s'],
])('a time of %d seconds is written as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

it.each([
  [5, 'just now'],
  [59, '59 s ago'],
  [3599, '59 min ago'],
  [86_399, '23 h ago'],
  [604_799, '6 d ago'],
])('what is %d seconds old was made %s', (age, text) => {
  expect(formatAge(1_000_000, 1_000_000 + age)).toBe(text);
});

it.each([
  [0.1 + 0.2, '0.3'],
  [1234567, '1234570'],
  [1.5e-7, '1.500e-7'],
  [0, '0'],
  [Number.NaN, 'NaN'],
])('the number %d is written as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it.each([
  [999, '999 B'],
  [26_800, '26.8 kB'],
  [1_500_000_000_000_000, '1500 TB'],
])('%d bytes are written as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it('names are shortened to what differs between them', () => {
  expect(shortName('1.dkr.ecr.us-east-1.amazonaws.com/team/model:1.0')).toBe('model:1.0');
  expect(shortName('arn:aws:sagemaker:us-east-1:1:model-package/group/3')).toBe('group/3');
});

it('a listing of S3 is read, with keys of any characters', () => {
  const xml =
    '<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a%3Cb%3E+c%26%C3%A9</Key><Size>12</Size></Contents></ListBucketResult>';

  expect(readListing(xml)).toEqual({ objects: [{ key: 'a<b> c&é', bytes: 12 }], isCut: true });
});
