import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runTransformJob, type TransformJobRequest } from '../src/index.js';
import { makeFolder, writeFiles } from './scene.js';
import { makeRequest, output, requestsIn } from './transform-scene.js';

/** A bit more than `bytes` of lines `i,0`, and the sums the server answers. */
function manyRows(bytes: number): { text: string; sums: string } {
  const rows: number[] = [];
  for (let length = 0; length < bytes; length += 24) rows.push(rows.length);
  return {
    text: rows.map((row) => `${row},${'0'.repeat(22 - String(row).length)}\n`).join(''),
    sums: rows.map((row) => `${row + 100}\n`).join(''),
  };
}

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

    await runTransformJob(await makeRequest(folder, { ...whole, assembleWith: 'Line', maxPayloadInMB: 0 }));
    expect(output(folder, 'a.csv')).toBe(sums);
  });

  it('that splits files of images into lines fails with the SplitType to choose', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.png': '\x89PNG\r\n\x1a\n' });

    const refusing = { environment: { REFUSE: 'PNG' } };

    const split = await runTransformJob(await makeRequest(folder, { ...refusing, contentType: 'image/png' }));
    const rows = await runTransformJob(await makeRequest(folder, refusing));

    expect(split.failureReason).toMatch(
      /a\.png, 2 records from line 1: .* SplitType Line cuts files into records, which image\/png does not have: choose SplitType None \(--split-type None\)\.$/s,
    );
    expect(rows.failureReason).not.toContain('SplitType');
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
