/** Values of options that need no program. */
import { describe, expect, it } from 'vitest';
import { parseChannel } from '../src/option-values.js';

describe('a channel', () => {
  it.each([
    ...['csv', 'json', 'jsonlines', 'libsvm', 'parquet', 'recordio-protobuf', 'npy', 'x-npy'],
    ...['application/x-npy', 'text/csv;label_size=2', 'text/csv; header=present', 'CSV'],
  ])('has the content type %s after the colon', (contentType) => {
    expect(parseChannel(`data/train:${contentType}`, '/from')).toEqual({ path: '/from/data/train', contentType });
  });

  it.each(['data/train', 'data/train:old', 'a:npy2'])('has none in the path %s', (text) => {
    expect(parseChannel(text, '/from')).toEqual({ path: `/from/${text}` });
  });
});
