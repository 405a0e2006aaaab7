import { describe, expect, it } from 'vitest';
import { type Block, isSparse, type SparseBlock, type ValuePolicy } from '../../src/formats/block.js';
import { densifyRequest } from '../../src/formats/densify.js';
import { readJsonBuffer, readJsonLinesBuffer } from '../../src/formats/json/body.js';

const ACCEPT: ValuePolicy = { missingValues: 'accept', infiniteValues: 'accept' };

function table(block: Block | SparseBlock | undefined): number[][] {
  if (!block) return [];
  const { rows, columns, features } = isSparse(block) ? densifyRequest(block, ACCEPT) : block;
  return Array.from({ length: rows }, (_, row) => [...features.subarray(row * columns, (row + 1) * columns)]);
}

const read = (text: string, featureCount = 2, featureNames?: readonly string[]) =>
  table(readJsonBuffer(Buffer.from(text), { featureCount, policy: ACCEPT, ...(featureNames && { featureNames }) }));
const readLines = (text: string, featureCount = 2, featureNames?: readonly string[]) =>
  table(
    readJsonLinesBuffer(Buffer.from(text), { featureCount, policy: ACCEPT, ...(featureNames && { featureNames }) }),
  );

const TWO_ROWS = [
  [1, 2],
  [3, 4],
];

describe('a JSON request', () => {
  it.each([
    '{"instances":[{"features":[1,2]},{"features":[3,4]}]}',
    '{"instances":[{"data":{"features":{"values":[1,2]}}},{"data":{"features":{"values":[3,4],"shape":[2]}}}]}',
    '{"instances":[{"features":{"values":[1,2],"shape":[1,2]}},{"features":{"values":[3,4],"shape":[]}}]}',
    '{"instances":[{"data":{"features":{"keys":[],"values":[1,2],"shape":[2]}}},{"features":[3,4]}]}',
    '{"instances":[{"values":[1,2],"shape":[2]},{"shape":[2],"keys":[1,0],"values":[4,3]}]}',
    '{"instances":[[1,2],[3,4]],"configuration":{"a":[[]]}}',
    '{"signature_name":"serving_default","instances":[[1,2],[3,4]]}',
    '{"inputs":[[1,2],[3,4]]}',
    '{"values":[1,2,3,4],"shape":[2,2]}',
    '{"values":[[1,2],[3,4]],"shape":[2,2]}',
    '[[1,2],[3,4]]',
    '[{"features":[1,2]},{"data":{"features":[3,4]}}]',
    ' [ [ 1 , 2 ] , [ 3.0e0 , 40e-1 ] ] \r\n',
    '\uFEFF[[1,2],[3,4]]',
  ])('in the form %s is read', (text) => {
    expect(read(text)).toEqual(TWO_ROWS);
  });

  it.each([
    '[1,2]',
    '{"features":[1,2]}',
    '{"values":[1,2]}',
    '{"data":{"features":{"values":[1,2]}}}',
    '{"inputs":[1,2]}',
  ])('of one row, %s, is read, and so is a JSON line of it', (text) => {
    expect(read(text)).toEqual([[1, 2]]);
    if (!text.includes('inputs')) expect(readLines(text)).toEqual([[1, 2]]);
  });

  it('for a model of one column treats each number of a list as a row', () => {
    expect(read('[1,2]', 1)).toEqual([[1], [2]]);
    expect(read('{"instances":[1,2]}', 1)).toEqual([[1], [2]]);
    expect(read('{"inputs":[1,2]}', 1)).toEqual([[1], [2]]);
    expect(readLines('1\n2\n', 1)).toEqual([[1], [2]]);
  });

  it('flattens lists within a row, which must have the same sizes in every row', () => {
    expect(read('{"instances":[[[1,2],[3,4]],[[5,6],[7,8]]]}', 4)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(read('{"instances":[{"features":[[[1],[2]],[[3],[4]]]}]}', 4)).toEqual([[1, 2, 3, 4]]);
    expect(() => read('{"instances":[[[1,2],[3,4]],[1,2,3,4]]}', 4)).toThrow(
      'request row 2: every row must be made of lists of the same sizes, [2,2] as in row 1; received [4].',
    );
    expect(() => read('{"instances":[[[1,2],[3]]]}', 4)).toThrow('received lists of 2 and of 1.');
    expect(() => read('{"instances":[[[1],[[2]]]]}', 4)).toThrow('received lists of different depths.');
    expect(() => read('{"instances":[[[1],2]]}', 4)).toThrow('a list must contain only numbers or only lists');
  });

  it('with named numbers is reordered to match the model', () => {
    const names = ['age', 'height'];

    expect(read('{"instances":[{"height":2,"age":1},{"age":[3],"height":4}]}', 2, names)).toEqual(TWO_ROWS);
    expect(read('{"inputs":{"height":[2,4],"age":[[1],[3]]}}', 2, names)).toEqual(TWO_ROWS);
    expect(readLines('{"height":2,"age":1}\n{"age":3,"height":4}\n', 2, names)).toEqual(TWO_ROWS);
  });

  it.each([
    [
      '{"instances":[{"age":1}]}',
      'request row 1: expected each of the model\'s 2 columns once, by name; received none named "height".',
    ],
    ['{"instances":[{"age":1,"height":2,"size":3}]}', 'received "size".'],
    ['{"instances":[{"age":1,"height":2,"age":3}]}', 'received "age" twice.'],
    ['{"instances":[{"age":"1","height":2}]}', 'request row 1 column "age": expected a number; received "1".'],
    ['{"instances":[{"age":[1,2],"height":2}]}', 'request row 1 column "age": expected a number; received [1,2].'],
    [
      '{"inputs":{"age":[1,2],"height":[1]}}',
      'request column "height": expected 2 numbers as column "age" has; received 1.',
    ],
    ['{"inputs":{"age":[1,2]}}', 'received none named "height".'],
    ['{"inputs":{"age":[1],"size":[1]}}', 'received "size".'],
  ])('of named numbers is refused, naming the problem: %s', (text, message) => {
    expect(() => read(text, 2, ['age', 'height'])).toThrow(message);
  });

  it('with named columns is refused by a model without column names', () => {
    expect(() => read('{"inputs":{"age":[1],"height":[2]}}')).toThrow('the model was trained without names of columns');
    expect(() => read('{"instances":[{"age":1,"height":2}]}')).toThrow('request row 1: expected an instance such as');
  });

  it.each([
    [
      '{"instances":[{"features":[1,2],"features":[3,4]}]}',
      'request row 1: an object must have "features" once; received it twice.',
    ],
    [
      '{"instances":[[1,2],{"data":{"features":[1,2],"features":[3,4]}}]}',
      'request row 2: an object must have "features" once; received it twice.',
    ],
    [
      '{"instances":[{"features":[1,2],"data":{"features":[3,4]}}]}',
      'request row 1: an object must have one of "features" and "data"; received both.',
    ],
    [
      '{"instances":[{"values":[1,2],"features":[1,2]}]}',
      'request row 1: an object must have one of "values" and "features"; received both.',
    ],
    ['{"instances":[[1,2]],"instances":[[3,4]]}', 'request: an object must have "instances" once; received it twice.'],
    ['{"values":[1,2],"values":[3,4]}', 'an object must have "values" once; received it twice.'],
    [
      '{"instances":[[1,2]],"inputs":[[3,4]]}',
      'request: an object must have one of "instances" and "inputs"; received both.',
    ],
    [
      '{"instances":[[1,2],[3,4]],"features":[1,2]}',
      'request: an object must have one of "instances" and "features"; received both.',
    ],
    [
      '{"values":[1,2],"features":[1,2]}',
      'request: an object must have one of "values" and "features"; received both.',
    ],
    [
      '{"values":[1,2],"instances":[[1,2]]}',
      'request: an object must have one of "values" and "instances"; received both.',
    ],
    ['{"values":[1,2],"shape":[3]}', 'expected as many "values" as their "shape" [3] has; received 2.'],
    ['{"instances":[{"features":[1,"\u200b2"]}]}', 'column 2: expected a number; received "\\u200b2".'],
    ['{"instances":[{"features":[1,{"a":[1]}]}]}', 'column 2: expected a number; received {"a":[1]}.'],
    ['{"instances":[[1,2],"x"]}', 'request row 2: expected an instance such as'],
    ['{"instances":{"features":[1,2]}}', 'expected an object with a list "instances"'],
    ['"x"', 'expected an object with a list "instances"'],
    ['{"shape":[1e99]}', 'expected "shape" to be a list of'],
    ['{"values":[1],"keys":["a"],"shape":[2]}', 'expected "keys" to be a list of different integers.'],
    ['', 'received nothing.'],
  ])('such as %s is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it.each([
    ['[1,NaN]', '"N" at byte 4'],
    ['[1,Infinity]', '"I" at byte 4'],
    ['[1,-Infinity]', '"-" at byte 4'],
    ['[01,2]', '"0" at byte 2'],
    ['[1.,2]', '"1" at byte 2'],
    ['[.5,2]', '"." at byte 2'],
    ['[+1,2]', '"+" at byte 2'],
    ['[1,2,]', '"]" at byte 6'],
    ['[1,2', 'the end at byte 5'],
    ['[1,2]]', '"]" at byte 6'],
    ['{"instances":[[1,2]],}', '"}" at byte 22'],
    ["{'instances':[[1,2]]}", '"\'" at byte 2'],
    ['{"a\nb":1}', '"\\n" at byte 4'],
    ['{"a\\x":1}', '"x" at byte 5'],
    ['{"a\\u12g4":1}', '"u" at byte 5'],
    ['[1,2]\u00a0', '"\\u00a0" at byte 6'],
    ['[1,2] // rows', '"/" at byte 7'],
    ['\uFEFF\uFEFF[1,2]', '"\\ufeff" at byte 4'],
  ])('that is not valid JSON, %s, is refused, naming the byte', (text, where) => {
    expect(() => read(text)).toThrow(`request: expected valid JSON; received ${where}.`);
  });

  it.each([
    ['[1,NaN]', '"N" at byte 4. JSON has no NaN: a missing value is null.'],
    ['[1,Infinity]', '"I" at byte 4. JSON has no Infinity: values must be finite.'],
    ['[1,-Infinity]', '"-" at byte 4. JSON has no Infinity: values must be finite.'],
    ['[1,None]', '"N" at byte 4. JSON writes null, true and false.'],
    ['[1,True]', '"T" at byte 4. JSON writes null, true and false.'],
    ["{'instances':[[1,2]]}", '"\'" at byte 2. JSON has double quotes ("): write it with json.dumps, not str.'],
  ])('that is Python’s, %s, is refused with what JSON has', (text, rest) => {
    expect(() => read(text)).toThrow(`request: expected valid JSON; received ${rest}`);
  });

  it('may have keys with escapes, lone surrogates and invalid UTF-8', () => {
    expect(read('{"\\u0069nstances":[[1,2]],"\\ud800":"\\udc00\\ud800"}')).toEqual([[1, 2]]);
    const raw = Buffer.concat([
      Buffer.from('{"'),
      Buffer.from([0xff, 0xc0, 0x80]),
      Buffer.from('":1,"instances":[[1,2]]}'),
    ]);
    expect(table(readJsonBuffer(raw, { featureCount: 2, policy: ACCEPT }))).toEqual([[1, 2]]);
  });

  it('nested 64 levels is read, and any deeper one is refused with the limit', () => {
    const nested = (depth: number) => `{"instances":[[1,2]],"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;

    expect(read(nested(63))).toEqual([[1, 2]]);
    for (const text of [
      nested(64),
      nested(4400),
      '['.repeat(1_000_000),
      '{"a":'.repeat(4400),
      nested(4400).slice(0, 5000),
    ])
      expect(() => read(text)).toThrow('may be nested at most 64 deep; received more at byte ');
    expect(() => readLines(`[1,2]\n${'['.repeat(4400)}`)).toThrow('request row 2: JSON lists and objects may');
  });

  it('of many empty rows or objects is refused at the first one', () => {
    const many = Buffer.alloc(4_000_000, '[],');

    expect(() => readJsonBuffer(Buffer.concat([Buffer.from('['), many]), { featureCount: 2, policy: ACCEPT })).toThrow(
      'request row 1: expected 2 columns; received 0.',
    );
  });

  it('with very wide sparse rows uses memory only for the numbers in them', () => {
    const columns = 2 ** 31 - 2;
    const text = `{"instances":[${Array(1000).fill(`{"keys":[7],"values":[1],"shape":[${columns}]}`).join(',')}]}`;

    const block = readJsonBuffer(Buffer.from(text), { featureCount: columns, policy: ACCEPT });

    expect(block).toMatchObject({ rows: 1000, columns });
    expect(isSparse(block!) && block.values.length).toBe(1000);
  });
});
