/** Requests of a batch transform that fail, and responses that do not have a record for each record. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTransformJob } from '../src/index.js';
import { makeFolder, writeFiles } from './scene.js';
import { makeRequest, output, requestsIn } from './transform-scene.js';

describe('a failing request of a batch transform', () => {
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
