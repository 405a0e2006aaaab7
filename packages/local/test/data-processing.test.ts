import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataProcessor } from '../src/transform/data-processing.js';
import { process, sumOfLine, sums } from './data-processing-scene.js';

describe('examples of the AWS guide', () => {
  const csv = '101,1,2,3,4\n102,5,6,7,8\n';

  it('input joined with inferences, as CSV', () => {
    const { bodies, written } = process('1,2,3\n', { joinSource: 'Input' }, () => '1\n');

    expect(bodies).toEqual(['1,2,3\n']);
    expect(written).toBe('1,2,3,1\n');
  });

  it('input joined with inferences, as JSON', () => {
    const join = { joinSource: 'Input' } as const;
    const lines = process('{"key":1}\n', join, () => '{"label":1}\n', { type: 'application/jsonlines' });
    const document = process('{"key":1}', join, () => '{"label":1}', { type: 'application/json', split: 'None' });

    expect(lines.written).toBe('{"SageMakerOutput":{"label":1},"key":1}\n');
    expect(document.written).toBe('{"SageMakerOutput":{"label":1},"key":1}');
  });

  it('an ID column that the model does not get, joined with all of the input', () => {
    const { bodies, written } = process(csv, { inputFilter: '$[1:]', joinSource: 'Input' }, sums);

    expect(bodies).toEqual(['1,2,3,4\n5,6,7,8\n']);
    expect(written).toBe('101,1,2,3,4,10\n102,5,6,7,8,26\n');
  });

  it('an ID column that the model does not get, joined alone', () => {
    const processing = { inputFilter: '$[1:]', joinSource: 'Input', outputFilter: '$[0,-1]' } as const;

    expect(process(csv, processing, sums).written).toBe('101,10\n102,26\n');
  });

  it('an ID attribute that the model does not get, joined alone', () => {
    const processing = {
      inputFilter: '$.features',
      joinSource: 'Input',
      outputFilter: "$['id','SageMakerOutput']",
    } as const;
    const text = '{"id":9007199254740993,"features":[1,2]}\n{"features":[3],"id":"b"}\n';
    const model = (body: string) => body.replaceAll(/\[(.*)\]/g, (_, list: string) => `{"sum":${sumOfLine(list)}}`);

    const { bodies, written } = process(text, processing, model, { type: 'application/jsonlines' });

    expect(bodies).toEqual(['[1,2]\n[3]\n']);
    expect(written).toBe(
      '{"SageMakerOutput":{"sum":3},"id":9007199254740993}\n{"SageMakerOutput":{"sum":3},"id":"b"}\n',
    );
  });

  it('input that is no object is put next to the inference', () => {
    const { written } = process('[1,2]\n3\n', { joinSource: 'Input' }, () => '{"s":3}\n"x"\n', {
      type: 'application/jsonlines',
    });

    expect(written).toBe(
      '{"SageMakerInput":[1,2],"SageMakerOutput":{"s":3}}\n{"SageMakerInput":3,"SageMakerOutput":"x"}\n',
    );
  });
});

describe('filters and joins', () => {
  it('write for any file, payload limit and strategy what joining line by line writes', () => {
    const field = fc.oneof(fc.integer().map(String), fc.constant('"a ""b"", c"'), fc.constant('é'));
    const rows = fc.array(fc.array(field, { minLength: 3, maxLength: 5 }), { minLength: 1, maxLength: 20 });
    const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n');
    const limit = fc.integer({ min: 80, max: 400 });
    // An answer of two columns, one of them the columns that the model got.
    const model = (body: string) =>
      body
        .trimEnd()
        .split('\n')
        .map((line) => `p,${line.length}`)
        .join('\r\n');
    fc.assert(
      fc.property(rows, lineEnd, limit, fc.boolean(), (rows, end, maxBytes, isSingle) => {
        const text = rows.map((row) => row.join(',') + end).join('');
        const processing = { inputFilter: '$[-1,1:3]', joinSource: 'Input', outputFilter: '$[0,-2:]' } as const;

        const { bodies, written } = process(text, processing, model, { maxBytes, isSingle });

        const sent = rows.map((row) => [row.at(-1), ...row.slice(1, 3)].join(','));
        expect(bodies.join('')).toBe(sent.map((line) => `${line}\n`).join(''));
        expect(written).toBe(rows.map((row, i) => `${row[0]},p,${sent[i]!.length}\n`).join(''));
      }),
      { seed: 20240601, numRuns: 500 },
    );
  });

  it('keep bytes of other encodings than UTF-8 in CSV', () => {
    const processor = createDataProcessor({
      ...{ contentType: 'text/csv; charset=latin1', accept: 'text/csv', splitType: 'Line', assembleWith: 'Line' },
      dataProcessing: { inputFilter: '$[1]', joinSource: 'Input' },
    })!;
    const payload = {
      bytes: Buffer.from([0xe9, 0x2c, 0xff, 0x0a]),
      recordCount: 1,
      blankCount: 0,
      first: 1,
      isFirst: true,
    };

    expect([...processor.bodyOf(payload, 'a')]).toEqual([0xff, 0x0a]);
    expect([...processor.outputOf(payload, Buffer.from('1'), 'a')]).toEqual([0xe9, 0x2c, 0xff, 0x2c, 0x31, 0x0a]);
  });

  it('take the answer to one JSON record as one document, however many lines it has', () => {
    const { written } = process('{"a":1}\n', { joinSource: 'Input' }, () => '{\n "b": 2\n}\n', {
      type: 'application/json',
      isSingle: true,
    });

    expect(written).toBe('{"SageMakerOutput":{"b":2},"a":1}\n');
  });

  it('take an empty line as an answer', () => {
    expect(process('1\n2\n', { joinSource: 'Input' }, () => '\n5').written).toBe('1,\n2,5\n');
    expect(process('1\n', { joinSource: 'Input' }, () => '\n').written).toBe('1,\n');
  });

  it('send no blank lines, also without a filter of the input', () => {
    const text = '1,2\r\n\r\n3,4\n \n';

    const { bodies, written } = process(text, { joinSource: 'Input' }, (body) => body);

    expect(bodies).toEqual(['1,2\n3,4\n']);
    expect(written).toBe('1,2,1,2\n3,4,3,4\n');
  });

  it('filter an answer without the input', () => {
    expect(process('1,2\n', { outputFilter: '$[1]' }, () => 'no,0.2\n').written).toBe('0.2\n');
  });

  describe('of a file with a header line, which has no answer', () => {
    const text = 'id,a,b\n7,1,2\n8,3,4\n';
    const rowSums = (body: string) => sums(body.replace(/^a,b\n/, ''));
    const withHeader = { type: 'text/csv; header=auto' };

    it.each(['text/csv;header=present', 'text/csv; header="auto"'])('write what has one: %s', (type) => {
      const processing = { inputFilter: '$[1:]' } as const;
      const joined = process(text, { ...processing, joinSource: 'Input' }, rowSums, { type });
      const selected = process(text, { ...processing, outputFilter: '$[0]' }, rowSums, { type });

      expect(joined.bodies).toEqual(['a,b\n1,2\n3,4\n']);
      expect(joined.written).toBe('7,1,2,3\n8,3,4,7\n');
      expect(selected.written).toBe('3\n7\n');
    });

    it('write nothing for it where it is sent alone', () => {
      const model = (body: string) => (body.startsWith('id') ? '' : sums(body));

      const { bodies, written } = process(text, { joinSource: 'Input' }, model, { ...withHeader, isSingle: true });

      expect(bodies).toHaveLength(3);
      expect(written).toBe('7,1,2,10\n8,3,4,15\n');
    });

    it('join it where the server answers it', () => {
      const model = (body: string) =>
        body.replaceAll(/.+/g, (line) => (line.startsWith('id') ? 'sum' : sumOfLine(line)));

      expect(process(text, { joinSource: 'Input' }, model, withHeader).written).toBe(
        'id,a,b,sum\n7,1,2,10\n8,3,4,15\n',
      );
    });

    it('fail where the content type does not say that it has one, or a later request has fewer answers', () => {
      const drop = (body: string) => {
        const rest = body.replace(/^.*\n/, '');
        return rest && sums(rest);
      };
      const join = { joinSource: 'Input' } as const;

      expect(() => process(text, join, drop)).toThrow('its records, 3; received 2.');
      expect(() => process(text, join, drop, { type: 'text/csv;header=present', maxBytes: 14 })).toThrow(
        /from line 3 must .*, 1; received 0\. With header=present .*: use header=auto/,
      );
    });
  });
});
