/** Filters and joins of whole batch transforms; each kind of them is in data-processing.test.ts. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTransformJob } from '../src/index.js';
import { makeFolder, writeFiles } from './scene.js';
import { makeRequest, output } from './transform-scene.js';

describe('a batch transform with filters', () => {
  it('sends the selected columns and writes the selected ones of input and answer, in order', async () => {
    const folder = makeFolder();
    const rows = Array.from({ length: 60_000 }, (_, i) => i);
    writeFiles(folder, { 'input/a.csv': rows.map((row) => `id-${row},"a, b",${row},1\r\n`).join('') });
    const dataProcessing = { inputFilter: '$[2:]', joinSource: 'Input', outputFilter: '$[0,-1]' } as const;

    const result = await runTransformJob(
      await makeRequest(folder, {
        environment: { BEHAVE: 'slow' },
        dataProcessing,
        maxPayloadInMB: 1,
        maxConcurrentTransforms: 4,
      }),
    );

    expect(result).toMatchObject({ status: 'Completed', records: 60_000, requests: 2 });
    expect(output(folder, 'a.csv') === rows.map((row) => `id-${row},${row + 101}\n`).join('')).toBe(true);
  });

  it('joins JSON Lines with the answers, one record per request too', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.jsonl': '{"id":"x","v":[1,2]}\n{"id":"y","v":[3]}\n' });
    const jsonLines = { contentType: 'application/jsonlines', accept: 'application/jsonlines' };
    const dataProcessing = {
      inputFilter: '$.v',
      joinSource: 'Input',
      outputFilter: "$['id','SageMakerOutput']",
    } as const;
    const run = async (batchStrategy: 'MultiRecord' | 'SingleRecord') => {
      const { status, requests } = await runTransformJob(
        await makeRequest(folder, { ...jsonLines, dataProcessing, batchStrategy }),
      );
      return [status, requests, output(folder, 'a.jsonl')];
    };

    const written = '{"SageMakerOutput":{"sum":103},"id":"x"}\n{"SageMakerOutput":{"sum":103},"id":"y"}\n';
    expect(await run('MultiRecord')).toEqual(['Completed', 1, written]);
    expect(await run('SingleRecord')).toEqual(['Completed', 2, written]);
  });

  it.each(['SingleRecord', 'MultiRecord'] as const)(
    'joins a file whose content type says that it has a header line: %s',
    async (batchStrategy) => {
      const folder = makeFolder();
      writeFiles(folder, { 'input/a.csv': 'id,x\n7,1\n8,2\n' });
      const dataProcessing = { inputFilter: '$[1]', joinSource: 'Input' } as const;

      const { status, records } = await runTransformJob(
        await makeRequest(folder, {
          ...{ environment: { BEHAVE: 'header' }, contentType: 'text/csv;header=auto' },
          ...{ dataProcessing, batchStrategy },
        }),
      );

      expect([status, records]).toEqual(['Completed', 3]);
      expect(output(folder, 'a.csv')).toBe('7,1,101\n8,2,102\n');
    },
  );

  it('filters whole records with a payload limit of 0', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '9,1\n9,2\n' });
    const dataProcessing = { inputFilter: '$[1]', joinSource: 'Input' } as const;

    const { status } = await runTransformJob(await makeRequest(folder, { dataProcessing, maxPayloadInMB: 0 }));

    expect(status).toBe('Completed');
    expect(output(folder, 'a.csv')).toBe('9,1,101\n9,2,102\n');
  });

  it('fails a document above the largest payload if it is to be filtered, which needs all of it', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.json': `{"a":"${'x'.repeat(100 * 1024 * 1024)}"}` });
    const json = { contentType: 'application/json', splitType: 'None', assembleWith: 'None' } as const;

    const result = await runTransformJob(
      await makeRequest(folder, { ...json, dataProcessing: { inputFilter: '$.a' }, maxPayloadInMB: 0 }),
    );

    expect(result.failureReason).toMatch(
      /a\.json: with SplitType None a whole file must fit in 100 MB for DataProcessing; it is larger\. Choose SplitType Line\.$/,
    );
  });

  it('fails the file for a record that a filter does not fit, with its line', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1,2\n3\n', 'input/b.csv': '1,2\n' });

    const result = await runTransformJob(await makeRequest(folder, { dataProcessing: { inputFilter: '$[1]' } }));

    expect(result.failureClass).toBe('ClientError');
    expect(result.failureReason).toBe(
      `1 of 2 input files failed; the first cause: a.csv line 2: "$[1]" must have indexes within the record's 1; received 1.`,
    );
    expect(readdirSync(join(folder, 'output'))).toEqual(['b.csv.out']);
  });
});
