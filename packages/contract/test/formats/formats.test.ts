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
  ])('reads the short name %j as %s', (text, type, parameters) => {
    expect(parseContentType(text)).toEqual({ type, parameters });
  });

  it.each(['text', 'toString', 'xml'])('refuses %j, which is no short name of a format', (text) => {
    expect(parseContentType(text)).toBeUndefined();
  });

  it.each([
    ['application/x-ndjson', 'application/jsonlines'],
    ['text/x-libsvm', 'text/libsvm'],
    ['application/vnd.apache.parquet', 'application/x-parquet'],
    ['image/png', 'image/png'],
  ])('calls %s by the name %s', (type, name) => {
    expect(formatName(type)).toBe(name);
  });

  it('gives every name to one format only', () => {
    const names = ALL.flatMap(({ type, aliases, shortNames }) => [type, ...aliases, ...shortNames]);

    expect(names).toHaveLength(new Set(names).size);
  });

  it('finds no format by a name that belongs to one of another kind', () => {
    expect(formatOf('text/libsvm', REQUEST_FORMATS)?.type).toBe('text/libsvm');
    expect(formatOf('text/libsvm', ANSWER_FORMATS)).toBeUndefined();
    expect(formatOf('application/json', CHANNEL_FORMATS)).toBeUndefined();
  });
});
