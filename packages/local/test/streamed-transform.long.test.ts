/** Batch transforms of a program of the SDK: bad records with a join, and a file of any size. Needs its build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  describeProgram,
  locateProgram,
  runTrainingJob,
  runTransformJob,
  type TransformJobRequest,
} from '../src/index.js';
import { makeFolder, writeFiles } from './scene.js';
import { makeRequest, output } from './transform-scene.js';

const program = locateProgram(join(import.meta.dirname, '../../../algorithms/linear-regression'));

/** A model that adds its two features. */
async function trainSum(folder: string): Promise<string> {
  const rows = Array.from({ length: 60 }, (_, i) => [i % 7, i]);
  writeFiles(folder, { 'data/a.csv': rows.map(([a, b]) => `${a! + b!},${a},${b}\n`).join('') });
  const result = await runTrainingJob({
    program,
    description: await describeProgram(program),
    channels: { train: { path: join(folder, 'data'), contentType: 'text/csv' } },
    workDirectory: join(folder, 'training'),
    outputDirectory: join(folder, 'trained'),
  });
  return result.modelArchive!;
}

async function transform(folder: string, changes: Partial<TransformJobRequest>) {
  const model = await trainSum(folder);
  return runTransformJob(await makeRequest(folder, { program, model, ...changes }));
}

const PLACEHOLDERS = { ALGO_BAD_RECORDS: 'placeholder' };
const rounded = (line: string) =>
  line.replaceAll(/\d+\.\d+(?:e-\d+)?/g, (number) => String(Math.round(Number(number))));

describe('a batch transform with bad records', () => {
  it('joins CSV with predictions and placeholders, line by line', async () => {
    const folder = makeFolder();
    const lines = Array.from({ length: 5000 }, (_, i) => (i % 1000 === 500 ? `id-${i},x,2` : `id-${i},${i},2`));
    writeFiles(folder, { 'input/a.csv': `${lines.join('\n')}\n` });

    const result = await transform(folder, {
      environment: PLACEHOLDERS,
      dataProcessing: { inputFilter: '$[1:]', joinSource: 'Input' },
    });

    expect(result).toMatchObject({ status: 'Completed', records: 5000 });
    const joined = output(folder, 'a.csv').trimEnd().split('\n').map(rounded);
    expect(joined).toEqual(lines.map((line, i) => `${line},${i % 1000 === 500 ? 'ERROR' : i + 2}`));
  });

  it('joins JSON Lines with them, as objects', async () => {
    const folder = makeFolder();
    writeFiles(folder, {
      'input/a.jsonl': '{"id":1,"features":[1,2]}\n{"id":2,"features":[1]}\n{"id":3,"features":[5,2]}\n',
    });

    const type = 'application/jsonlines';
    const types = { contentType: type, accept: type } as const;
    const result = await transform(folder, {
      ...types,
      environment: PLACEHOLDERS,
      dataProcessing: { joinSource: 'Input' },
    });

    expect(result.status).toBe('Completed');
    const joined = output(folder, 'a.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(rounded(line)));
    expect(joined).toMatchObject([
      { id: 1, SageMakerOutput: { score: 3 } },
      { id: 2, SageMakerOutput: { error: { code: 'E_DATA_COLUMNS' } } },
      { id: 3, SageMakerOutput: { score: 7 } },
    ]);
  });

  it('fails without the variable', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'input/a.csv': '1,2\nx,2\n' });

    expect(await transform(folder, {})).toMatchObject({ status: 'Failed', failureClass: 'ClientError' });
  });
});

it('a file of 60 MB is one chunked request with MaxPayloadInMB 0, and neither it nor its answer is in memory', async () => {
  const folder = makeFolder();
  const block = Buffer.from('1.25,2.5\n'.repeat(100_000));
  writeFiles(folder, { 'input/.keep': '' });
  const path = join(folder, 'input/a.csv');
  for (let i = 0; i < 66; i++) writeFileSync(path, block, { flag: 'a' });
  let mostBytes = 0;
  const timer = setInterval(() => {
    mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers);
  }, 10);
  onTestFinished(() => clearInterval(timer));

  const result = await transform(folder, { splitType: 'None', assembleWith: 'None', maxPayloadInMB: 0 });

  expect(result).toMatchObject({ status: 'Completed', requests: 1 });
  const lines = output(folder, 'a.csv').trimEnd().split('\n');
  expect(lines).toHaveLength(6_600_000);
  expect(new Set(lines).size).toBe(1);
  expect(Number(lines[0])).toBeCloseTo(3.75, 9);
  expect(mostBytes).toBeLessThan(120_000_000);
});
