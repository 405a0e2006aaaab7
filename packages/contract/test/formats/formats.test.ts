/** The registry of formats: each is found by every name that clients use for it. */
import { describe, expect, it } from 'vitest';
import type { Format } from '../../src/formats/format.js';
import {
  ANSWER_FORMATS,
  CHANNEL_FORMATS,
  formatName,
  formatOf,
  parseContentType,
  REQUEST_FORMATS,
} from '../../src/formats/formats.js';

const ALL: readonly Format[] = [...new Set([...CHANNEL_FORMATS, ...REQUEST_FORMATS, ...ANSWER_FORMATS])];

describe('the registry of formats', () => {
  it.each([
    ['csv', 'text/csv', {}],
    ['CSV; label_size=2', 'text/csv', { label_size: '2' }],
    ['libsvm', 'text/libsvm', {}],
    ['parquet', 'application/x-parquet', {}],
    ['recordio-protobuf', 'application/x-recordio-protobuf', {}],
    ['x-recordio-protobuf', 'application/x-recordio-protobuf', {}],
  ])('resolves the short name %j to %s', (text, type, parameters) => {
    expect(parseContentType(text)).toEqual({ type, parameters });
  });

  it.each(['text', 'toString', 'xml'])('does not resolve %j', (text) => {
    expect(parseContentType(text)).toBeUndefined();
  });

  it.each([
    ['application/x-ndjson', 'application/jsonlines'],
    ['text/x-libsvm', 'text/libsvm'],
    ['application/vnd.apache.parquet', 'application/x-parquet'],
    ['image/png', 'image/png'],
  ])('uses the name %s for %s in messages', (type, name) => {
    expect(formatName(type)).toBe(name);
  });

  it('has no name for two formats', () => {
    const names = ALL.flatMap(({ type, aliases, shortNames }) => [type, ...aliases, ...shortNames]);

    expect(names).toHaveLength(new Set(names).size);
  });

  it('does not find a format under a name of another kind', () => {
    expect(formatOf('text/libsvm', REQUEST_FORMATS)?.type).toBe('text/libsvm');
    expect(formatOf('text/libsvm', ANSWER_FORMATS)).toBeUndefined();
  });
});
