/** The servers of a batch transform: several one after the other, their variables, and the parameters that they ask for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTransformJob, type TransformJobRequest } from '../src/index.js';
import { makeFolder, readJson, sumProgram, writeFiles } from './scene.js';
import { makeRequest, output } from './transform-scene.js';

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

describe('the server of a batch transform', () => {
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
