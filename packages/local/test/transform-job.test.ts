import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runTransformJob, type TransformJobRequest } from '../src/index.js';
import { makeFolder, makeSumModel, readJson, sumProgram, writeFiles } from './scene.js';

async function makeRequest(folder: string, changes: Partial<TransformJobRequest> = {}): Promise<TransformJobRequest> {
  return {
    program: sumProgram,
    model: await makeSumModel(folder),
    input: join(folder, 'input'),
    contentType: 'text/csv',
    accept: 'text/csv',
    splitType: 'Line',
    assembleWith: 'Line',
    workDirectory: join(folder, 'work'),
    outputDirectory: join(folder, 'output'),
    logFile: join(folder, 'log.txt'),
    retryDelayMs: 1,
    ...changes,
  };
}

function output(folder: string, name: string): string {
  return readFileSync(join(folder, 'output', `${name}.out`), 'utf8');
}

function requestsIn(folder: string): string[] {
  return readFileSync(join(folder, 'log.txt'), 'utf8').match(/^request .*/gm) ?? [];
}

/** A bit more than `bytes` of lines `i,0`, and the sums the server answers. */
function manyRows(bytes: number): { text: string; sums: string } {
  const rows: number[] = [];
  for (let length = 0; length < bytes; length += 24) rows.push(rows.length);
  return {
    text: rows.map((row) => `${row},${'0'.repeat(22 - String(row).length)}\n`).join(''),
    sums: rows.map((row) => `${row + 100}\n`).join(''),
  };
}

describe('a batch transform with a pipeline', () => {
  it('sends what a server answers to the next one, with its content type', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1,2\n3,4\n' });
    const request = await makeRequest(folder);
    const next = (name: string, environment = {}) => ({
      ...{ program: sumProgram, model: request.model, environment },
      ...{ workDirectory: join(folder, name), logFile: join(folder, `${name}.txt`) },
    });

    const result = await runTransformJob({ ...request, nextServers: [next('second'), next('third')] });

    expect(result).toMatchObject({ status: 'Completed', records: 2, requests: 1 });
    expect(output(folder, 'a.csv')).toBe('303\n307\n'); // each adds 100
    expect(readFileSync(join(folder, 'third.txt'), 'utf8')).toContain('lines=2');
  });

  it('fails with the answer of the server that fails, and with the log of one that does not start', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });
    const request = await makeRequest(folder, { invocationsMaxRetries: 0 });
    const run = (environment: Record<string, string>) => {
      const paths = { workDirectory: join(folder, 'second'), logFile: join(folder, 'second.txt') };
      const second = { program: sumProgram, model: request.model, environment, ...paths };
      return runTransformJob({ ...request, nextServers: [second] });
    };

    const refused = await run({ REFUSE: '101' });
    const stopped = await run({ BEHAVE: 'exit' });

    expect(refused).toMatchObject({ status: 'Failed', failureReason: expect.stringContaining('no 101') });
    expect(stopped).toMatchObject({ status: 'Failed', failureReason: expect.stringContaining('exited with code 4') });
  });
});

describe('a batch transform', () => {
  it('writes one .out per input file under the same key, with a line per record', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1,2\n3,4', 'input/deep/b.csv': '5\r\n\r\n', 'input/empty.csv': '' });

    const result = await runTransformJob(await makeRequest(folder));

    expect(result).toMatchObject({ status: 'Completed', records: 3, requests: 2 });
    expect(result.files.map(({ input, records }) => [input, records])).toEqual([
      ['a.csv', 2],
      ['deep/b.csv', 1],
    ]);
    expect(output(folder, 'a.csv')).toBe('103\n107\n');
    expect(output(folder, 'deep/b.csv')).toBe('105\n');
    expect(readdirSync(join(folder, 'output'), { recursive: true }).sort()).toEqual([
      'a.csv.out',
      'deep',
      'deep/b.csv.out',
    ]);
    expect(requestsIn(folder)[0]).toContain('host=model.aws.local:8080');
  });

  it('packs records up to MaxPayloadInMB, and keeps their order whichever request is answered first', async () => {
    const folder = makeFolder();
    const { text, sums } = manyRows(7_500_000);
    writeFiles(folder, { 'input/a.csv': text });
    const environment = { BEHAVE: 'slow' };

    const result = await runTransformJob(
      await makeRequest(folder, { environment, maxPayloadInMB: 1, maxConcurrentTransforms: 4 }),
    );

    expect(result).toMatchObject({ status: 'Completed', requests: 8, records: 312_500 });
    expect(output(folder, 'a.csv') === sums).toBe(true);
    const sizes = requestsIn(folder).map((line) => Number(/bytes=(\d+)/.exec(line)?.[1]));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
    expect(sizes.filter((size) => size > 1024 * 1024 - 24)).toHaveLength(7);
  });

  it.each<[string, 'Line' | 'None', string, string]>([
    ['one where the answer has none', 'Line', '', '101\n102\n'],
    ['none where the answer has one', 'Line', 'newline', '101\n102\n'],
    ['none without AssembleWith', 'None', '', '101102'],
    ['none without AssembleWith where the answer has one', 'None', 'newline', '101\n102\n'],
  ])('adds line feeds after responses: %s', async (_case, assembleWith, behave, expected) => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n2\n' });
    const environment = { BEHAVE: behave };

    const result = await runTransformJob(
      await makeRequest(folder, { environment, assembleWith, batchStrategy: 'SingleRecord' }),
    );

    expect(result).toMatchObject({ status: 'Completed', records: 2, requests: 2 });
    expect(output(folder, 'a.csv')).toBe(expected);
  });

  it('sends one record per request with SingleRecord', async () => {
    const folder = makeFolder();
    const rows = Array.from({ length: 40 }, (_, i) => i);
    writeFiles(folder, { 'input/a.csv': rows.map((row) => `${row}\n`).join('') });

    const result = await runTransformJob(
      await makeRequest(folder, {
        environment: { BEHAVE: 'slow' },
        batchStrategy: 'SingleRecord',
        maxConcurrentTransforms: 8,
      }),
    );

    expect(result).toMatchObject({ status: 'Completed', requests: 40, records: 40 });
    expect(output(folder, 'a.csv')).toBe(rows.map((row) => `${row + 100}\n`).join(''));
  });

  it('unpacks gzip files if the job says so, also after padding', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv.gz': Buffer.concat([gzipSync('1\n2\n'), Buffer.alloc(512), gzipSync('3\n')]) });

    const result = await runTransformJob(await makeRequest(folder, { compressionType: 'Gzip' }));

    expect(result.status).toBe('Completed');
    expect(output(folder, 'a.csv.gz')).toBe('101\n102\n103\n');
  });

  it('sends a whole file without SplitType, in chunks if MaxPayloadInMB is 0', async () => {
    const folder = makeFolder();
    const { text, sums } = manyRows(1_200_000);
    writeFiles(folder, { 'input/a.csv': text });
    const whole = { splitType: 'None', assembleWith: 'None' } as const;

    const limited = await runTransformJob(await makeRequest(folder, { ...whole, maxPayloadInMB: 1 }));
    const chunked = await runTransformJob(await makeRequest(folder, { ...whole, maxPayloadInMB: 0 }));

    expect(limited.failureReason).toMatch(/a\.csv: with SplitType None a whole file must fit in MaxPayloadInMB 1/);
    expect(chunked).toMatchObject({ status: 'Completed', requests: 1 });
    expect(output(folder, 'a.csv')).toBe(sums.trimEnd());
  });

  it('that splits files of images into lines fails with the SplitType to choose', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.png': '\x89PNG\r\n\x1a\n' });

    const refusing = { environment: { REFUSE: 'PNG' } };

    const split = await runTransformJob(await makeRequest(folder, { ...refusing, contentType: 'image/png' }));
    const rows = await runTransformJob(await makeRequest(folder, refusing));

    expect(split.failureReason).toMatch(
      /a\.png, 2 records from line 1: .* SplitType Line cuts files into records, which image\/png has not: choose SplitType None \(--split-type None\)\.$/s,
    );
    expect(rows.failureReason).not.toContain('SplitType');
  });

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

  it('filters whole records with a payload limit of 0', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '9,1\n9,2\n' });
    const dataProcessing = { inputFilter: '$[1]', joinSource: 'Input' } as const;

    const { status } = await runTransformJob(await makeRequest(folder, { dataProcessing, maxPayloadInMB: 0 }));

    expect(status).toBe('Completed');
    expect(output(folder, 'a.csv')).toBe('9,1,101\n9,2,102\n');
  });

  it('sends records of a TFRecord file with their frames', async () => {
    const folder = makeFolder();
    const hello = Buffer.from('0500000000000000eab2043e68656c6c6fbb1f1c19', 'hex');
    const files = {
      'input/a.tfrecord': Buffer.concat([hello, hello, hello]),
      'input/b.tfrecord': hello.subarray(0, -1),
    };
    writeFiles(folder, files);
    const split = { splitType: 'TFRecord', assembleWith: 'None', contentType: 'application/x-tfexample' } as const;

    const result = await runTransformJob(
      await makeRequest(folder, { ...split, batchStrategy: 'SingleRecord', environment: { BEHAVE: 'count-bytes' } }),
    );

    expect(output(folder, 'a.tfrecord')).toBe('21\n21\n21\n');
    expect(result.files[1]).toEqual({
      input: 'b.tfrecord',
      error: 'b.tfrecord record 1, byte 0: the file ends inside a record.',
    });
  });

  it('always sets SAGEMAKER_BATCH for the server, and the other variables only if the job sets them', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });
    const variables = () => {
      const seen = readJson<Record<string, string>>(join(folder, 'work/opt/ml/tmp/environment.json'));
      return Object.fromEntries(Object.entries(seen).filter(([name]) => /^SAGEMAKER_(BATCH|MAX)/.test(name)));
    };

    await runTransformJob(await makeRequest(folder));
    const bare = variables();
    await runTransformJob(
      await makeRequest(folder, { maxPayloadInMB: 3, batchStrategy: 'SingleRecord', maxConcurrentTransforms: 2 }),
    );

    expect(bare).toEqual({ SAGEMAKER_BATCH: 'true' });
    expect(variables()).toEqual({
      SAGEMAKER_BATCH: 'true',
      SAGEMAKER_BATCH_STRATEGY: 'SINGLE_RECORD',
      SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: '2',
      SAGEMAKER_MAX_PAYLOAD_IN_MB: '3',
    });
  });

  it.each<[string, Partial<TransformJobRequest>, unknown]>([
    [
      'the job',
      { maxPayloadInMB: 2 },
      { maxConcurrentTransforms: 3, batchStrategy: 'SingleRecord', maxPayloadInMB: 2 },
    ],
    ['the container', {}, { maxConcurrentTransforms: 3, batchStrategy: 'SingleRecord', maxPayloadInMB: 5 }],
    [
      'the job, which the container gives way to',
      { maxConcurrentTransforms: 50 },
      { maxConcurrentTransforms: 50, batchStrategy: 'SingleRecord', maxPayloadInMB: 2 },
    ],
    [
      'the default',
      { environment: {} },
      { maxConcurrentTransforms: 1, batchStrategy: 'MultiRecord', maxPayloadInMB: 6 },
    ],
  ])('takes each parameter from the job, then the container, then the default: %s', async (_case, changes, settled) => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });
    const offered = { MaxConcurrentTransforms: 3, BatchStrategy: 'SINGLE_RECORD', MaxPayloadInMB: 5 };

    const result = await runTransformJob(
      await makeRequest(folder, { environment: { PARAMETERS: JSON.stringify(offered) }, ...changes }),
    );

    expect(result.parameters).toEqual(settled);
  });
});

describe('a failing request of a batch transform', () => {
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

  it('keeps the output that an earlier job wrote for the file', async () => {
    const folder = writeFiles(makeFolder(), { 'input/a.csv': '66\n', 'output/a.csv.out': 'earlier\n' });

    const result = await runTransformJob(await makeRequest(folder, { environment: { REFUSE: '66' } }));

    expect(result.status).toBe('Failed');
    expect(readdirSync(join(folder, 'output'))).toEqual(['a.csv.out']);
    expect(output(folder, 'a.csv')).toBe('earlier\n');
  });

  it.each([500, 503, 429])('is retried after status %i', async (status) => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });

    const result = await runTransformJob(
      await makeRequest(folder, { environment: { FAILURES: '3', FAILURE_STATUS: String(status) } }),
    );

    expect(result.status).toBe('Completed');
    expect(output(folder, 'a.csv')).toBe('101\n');
    expect(requestsIn(folder)).toHaveLength(4);
  });

  it('fails the file if InvocationsMaxRetries is exceeded', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n2\n' });

    const result = await runTransformJob(
      await makeRequest(folder, { environment: { FAILURES: '3' }, invocationsMaxRetries: 2 }),
    );

    expect(result).toMatchObject({ status: 'Failed', failureClass: 'AlgorithmError', files: [{ input: 'a.csv' }] });
    expect(result.failureReason).toBe(
      'Every input file failed; the first cause: a.csv, 2 records from line 1: the server answered 500: {"error":{"message":"a bad day"}} after 3 tries',
    );
    expect(readdirSync(join(folder, 'output'))).toEqual([]);
  });

  it('is not retried after 4xx: the file gets no output, others continue, and the job is Failed', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n', 'input/b.csv': '2\n66\n', 'input/c.csv': '3\n' });

    const result = await runTransformJob(await makeRequest(folder, { environment: { REFUSE: '66' } }));

    expect(result).toMatchObject({ status: 'Failed', failureClass: 'ClientError' });
    expect(result.failureReason).toBe(
      '1 of 3 input files failed; the first cause: b.csv, 2 records from line 1: the server answered 400: {"error":{"message":"no 66"}}',
    );
    expect(readdirSync(join(folder, 'output')).sort()).toEqual(['a.csv.out', 'c.csv.out']);
    expect(requestsIn(folder)).toHaveLength(3);
  });

  it('is not retried after an answer that is longer than its share of 1 GiB', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '8\n' });
    const request = await makeRequest(folder, {
      ...{ maxConcurrentTransforms: 100, maxPayloadInMB: 1, environment: { ANSWER_BYTES: '10737419' } },
    });

    const result = await runTransformJob(request);

    expect(result.status).toBe('Failed');
    expect(result.failureReason).toContain('The answer must have up to 10737418 bytes; it has more.');
    expect(requestsIn(folder)).toHaveLength(1);
  });

  it('is aborted after InvocationsTimeoutInSeconds', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });

    const result = await runTransformJob(
      await makeRequest(folder, {
        environment: { BEHAVE: 'silent' },
        invocationsTimeoutInSeconds: 1,
        invocationsMaxRetries: 0,
      }),
    );

    expect(result.failureReason).toMatch(/the server did not answer within 1 s$/);
  });

  it('reports a server that exited, with its last lines, and the first line of the request', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n13\n3\n', 'input/b.csv': '4\n' });

    const result = await runTransformJob(
      await makeRequest(folder, { environment: { DIE_ON: '13' }, batchStrategy: 'SingleRecord' }),
    );

    expect(result.status).toBe('Failed');
    expect(result.failureReason).toMatch(
      /^Every input file failed; the first cause: serve exited with code 9\. Its last lines:\n[\s\S]*out of luck$/,
    );
    expect(existsSync(join(folder, 'output/a.csv.out'))).toBe(false);
  });
});

describe('a response with a wrong number of records', () => {
  it.each([
    ['one too few', 'drop', 1],
    ['a blank line too many', 'blank-line', 3],
  ])('fails the file: %s', async (_case, behave, received) => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n2\n' });

    const result = await runTransformJob(await makeRequest(folder, { environment: { BEHAVE: behave } }));

    expect(result.failureReason).toMatch(
      /a\.csv, 2 records from line 1: .* as many records as the request, 2; received/,
    );
    expect(result.failureReason).toMatch(new RegExp(`received ${received}\\.$`));
  });

  it.each(['auto', 'present'])(
    'may be one too few in the first request, for a header line: header=%s',
    async (header) => {
      const folder = makeFolder();
      writeFiles(folder, { 'input/a.csv': '1\n2\n3\n' });

      const result = await runTransformJob(
        await makeRequest(folder, { environment: { BEHAVE: 'drop' }, contentType: `text/csv;header=${header}` }),
      );

      expect(result).toMatchObject({ status: 'Completed', requests: 1 });
      expect(output(folder, 'a.csv').trimEnd().split('\n')).toHaveLength(2);
    },
  );

  it('fails the file where each request loses its first line as a header line, with the advice', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n2\n' });
    const contentType = 'text/csv; header="present"';

    const result = await runTransformJob(
      await makeRequest(folder, { environment: { BEHAVE: 'drop' }, contentType, batchStrategy: 'SingleRecord' }),
    );

    expect(result.failureReason).toMatch(
      /1 record from line 2: .* as the request, 1; received 0\. .* use header=auto, or SplitType None/,
    );
  });

  it.each(['SingleRecord', 'MultiRecord'] as const)(
    'may be the blank lines of a file, answered each or none with %s',
    async (batchStrategy) => {
      const folder = makeFolder();
      writeFiles(folder, { 'input/a.csv': '1\n\n2\n\n\n' });
      const run = async (behave: string) => {
        const environment = { BEHAVE: behave };
        const result = await runTransformJob(await makeRequest(folder, { environment, batchStrategy }));
        expect(result).toMatchObject({ status: 'Completed', records: 2 });
        return output(folder, 'a.csv');
      };

      expect(await run('answer-blanks')).toBe('101\n\n102\n\n\n');
      expect(await run('newline')).toBe('101\n102\n');
    },
  );

  it('is counted by the predictions of a JSON response', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n2\n' });
    const json = { accept: 'application/json' };

    const good = await runTransformJob(await makeRequest(folder, json));
    const few = await runTransformJob(await makeRequest(folder, { ...json, environment: { BEHAVE: 'drop' } }));

    expect(good.status).toBe('Completed');
    expect(few.failureReason).toMatch(/as the request, 2; received 1\./);
  });
});

describe('a batch transform that cannot run', () => {
  it('fails immediately with the last lines of a server that does not start', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });

    const result = await runTransformJob(await makeRequest(folder, { environment: { BEHAVE: 'exit' } }));

    expect(result.status).toBe('Failed');
    expect(result.failureReason).toMatch(/exited with code 4 before \/ping answered 200\. Its last lines:\nthe model/);
  });

  it('stops when it is asked to', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });
    const stop = new AbortController();
    const request = await makeRequest(folder, { environment: { BEHAVE: 'silent' }, stop: stop.signal });

    const result = await runTransformJob({
      ...request,
      onEvent: (event) => event.type === 'log' && event.line.startsWith('request') && stop.abort(),
    });

    expect(result.status).toBe('Stopped');
    expect(readdirSync(join(folder, 'output'))).toEqual([]);
  });

  it.each<[string, Partial<TransformJobRequest>, RegExp]>([
    [
      'an output that cannot be made',
      { outputDirectory: '/proc/x' },
      /Output folder \/proc\/x must be a writable folder/,
    ],
    ['no input', { input: '/nowhere' }, /Transform input: there is no file or folder \/nowhere/],
    ['payload', { maxPayloadInMB: 101 }, /MaxPayloadInMB must be an integer in \[0, 100\]; received 101/],
    ['retries', { invocationsMaxRetries: 4 }, /InvocationsMaxRetries must be an integer in \[0, 3\]; received 4/],
    ['both together', { maxPayloadInMB: 30, maxConcurrentTransforms: 4 }, /at most 100 MB; received 4 × 30/],
    [
      'filters of a format without records',
      { contentType: 'image/png', dataProcessing: { inputFilter: '$[0]' } },
      /DataProcessing must have ContentType text\/csv, .* received image\/png\./,
    ],
    ['a strategy without records', { batchStrategy: 'SingleRecord', splitType: 'None' }, /needs a SplitType/],
  ])('is an ArgumentError: %s', async (_case, changes, message) => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1\n' });

    const run = runTransformJob(await makeRequest(folder, changes));

    await expect(run).rejects.toMatchObject({ name: 'ArgumentError', message: expect.stringMatching(message) });
  });
});
