/** Filters and joins that cannot be done: for their request, or for what a file or an answer has. */
import { describe, expect, it } from 'vitest';
import { createDataProcessor } from '../src/transform/data-processing.js';
import type { DataProcessing, ProcessedData } from '../src/transform/data-processing-rules.js';
import { type Options, process } from './data-processing-scene.js';

describe('filters and joins', () => {
  const jsonLines = { type: 'application/jsonlines' };
  const joined = { joinSource: 'Input' } as const;
  it.each<[string, string, DataProcessing, string, Options, string]>([
    [
      'an index that a line has not',
      '1,2,3\n\n4\n',
      { inputFilter: '$[2]' },
      '',
      {},
      'a line 3: "$[2]" must have indexes',
    ],
    [
      'a quote that is not closed',
      '"1\n',
      { inputFilter: '$[0]' },
      '',
      {},
      'a line 1: a quoted field must end on its line',
    ],
    [
      'a record that is no JSON',
      '{"a":1}\n{\n',
      { inputFilter: '$.a' },
      '',
      jsonLines,
      'a line 2: the record must be JSON;',
    ],
    ['a name that a record has not', '{"b":1}\n', { inputFilter: '$.a' }, '', jsonLines, '"a" is not in {"b":1}'],
    ['an answer that is no JSON', '1\n2\n', joined, '1\nx', jsonLines, 'a line 2: the answer must be JSON;'],
    [
      'fewer answers',
      '1\n2\n',
      joined,
      '1\n',
      {},
      'a: the answer to the request from line 1 must have a line for each of its records, 2; received 1.',
    ],
    [
      'one document for several records',
      '1\n2\n',
      joined,
      '{"predictions":[1,2]}',
      jsonLines,
      'received 1. Choose BatchStrategy SingleRecord for a server that takes one document.',
    ],
    ['no answer', '1\n', joined, '', {}, 'a line for each of its records, 1; received 0.'],
    ['more answers', '1\n', joined, '1\n2\n', {}, 'a line for each of its records, 1; received 2.'],
    [
      'an index beyond record and answer',
      '1\n',
      { ...joined, outputFilter: '$[2]' },
      '5',
      {},
      "within the record's 2; received 2",
    ],
  ])('fail for %s, naming its place', (_case, text, processing, answer, options, message) => {
    expect(() => process(text, processing, () => answer, options)).toThrow(message);
  });
});

describe('DataProcessing is refused', () => {
  const join = { joinSource: 'Input' } as const;
  const line = { splitType: 'Line', assembleWith: 'Line' } as const;
  it.each<[ProcessedData, string]>([
    [
      { contentType: 'application/x-npy', ...line, dataProcessing: join },
      'text/csv, application/json or application/jsonlines; received application/x-npy.',
    ],
    [{ ...line, dataProcessing: join }, 'application/jsonlines; received none.'],
    [
      { contentType: 'text/csv', dataProcessing: join },
      'with ContentType text/csv must have SplitType Line; received None.',
    ],
    [
      { contentType: 'application/json', splitType: 'TFRecord', dataProcessing: join },
      'must have SplitType Line or None; received TFRecord.',
    ],
    [
      { contentType: 'text/csv', accept: 'application/json', ...line, dataProcessing: join },
      'the same ContentType and Accept; received text/csv and application/json.',
    ],
    [
      { contentType: 'text/csv', splitType: 'Line', dataProcessing: join },
      'the same SplitType and AssembleWith; received Line and None.',
    ],
    [
      { contentType: 'text/csv', ...line, dataProcessing: { inputFilter: '$.a' } },
      'must have indexes of columns, as $[0] or $[1:]; received "$.a".',
    ],
    [{ contentType: 'text/csv', ...line, dataProcessing: { outputFilter: '$[0][1]' } }, 'received "$[0][1]".'],
    [{ contentType: 'text/csv', ...line, dataProcessing: { outputFilter: '$..a' } }, 'OutputFilter must be a JSONPath'],
  ])('%j', (data, message) => {
    expect(() => createDataProcessor(data)).toThrow(message);
  });

  it('never where there is nothing to filter or join', () => {
    const none = { inputFilter: '$', outputFilter: '$', joinSource: 'None' } as const;

    expect(createDataProcessor({ contentType: 'image/png', splitType: 'None', dataProcessing: none })).toBeUndefined();
    expect(createDataProcessor({})).toBeUndefined();
  });
});
