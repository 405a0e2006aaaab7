/** One program trains, another serves its model. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateProgram, requireSameProduct, validateAlgorithm } from '../src/index.js';
import { makeFolder, sumDescription, sumProgram, writeFiles } from './scene.js';

/** The sum algorithm with some code in front of it. */
function sumAfter(folder: string, name: string, code: string) {
  writeFiles(folder, { [`${name}.mjs`]: `${code}\nawait import(${JSON.stringify(sumProgram.file)});` });
  return locateProgram(join(folder, `${name}.mjs`));
}

const only = (command: string) => `if (process.argv[2] !== '${command}') process.exit(7);`;
/** Reads a model whose sum is one more. */
const OTHER_MODEL = `const parse = JSON.parse;
JSON.parse = (text) => {
  const value = parse(text);
  return typeof value?.sum === 'number' ? { sum: value.sum + 1 } : value;
};`;

const PROFILE = {
  trainingJob: { channels: { train: { path: 'train', contentType: 'text/csv' } } },
  transformJob: { input: 'a.csv', contentType: 'text/csv', accept: 'text/csv', expectedOutput: 'batch.out' },
  realTime: [{ input: 'a.csv', contentType: 'text/csv', accept: 'text/csv', expectedOutput: 'a.out' }],
};

/** @param stored what is stored as the answer to 5; that of the model is 15 */
function makeRequest(stored: number) {
  const folder = makeFolder();
  const sampleData = writeFiles(join(folder, 'sample-data'), {
    'validation-profile.json': JSON.stringify(PROFILE),
    'train/a.csv': '1,2\n3,4\n',
    'a.csv': '5\n',
    'a.out': `${stored}\n`,
    'batch.out': `${stored}\n`,
  });
  return { folder, request: { sampleData, description: sumDescription, directory: join(folder, 'run') } };
}

describe('a validation of two programs', () => {
  it('trains with one, and compares what the other answers with the answers of the first', async () => {
    const { folder, request } = makeRequest(99); // of a model that was trained elsewhere
    const program = sumAfter(folder, 'serving', only('serve'));

    const validation = await validateAlgorithm({ ...request, program, trainingProgram: sumProgram });

    expect(validation).toMatchObject({ result: 'passed', metrics: { 'train:sum': 10 } });
    const texts = validation.steps.map(({ text }) => text);
    expect(texts).toContain('2 outputs of its own model, which the inference image must give too');
    expect(texts.at(-2)).toContain("1 training image's output equal, 1 number within 1e-9");
  });

  it('fails where the other answers something else', async () => {
    const { folder, request } = makeRequest(15);
    const program = sumAfter(folder, 'serving', OTHER_MODEL);

    const validation = await validateAlgorithm({ ...request, program, trainingProgram: sumProgram });

    expect(validation.cause).toMatch(/^batch transform: batch\.out .*expected 15.* received 16/);
  });

  it.each([
    [15, undefined],
    [99, /^batch transform: batch\.out .*expected 99.* received 15/],
  ])('of which the first only trains compares with what is stored: %i', async (stored, cause) => {
    const { folder, request } = makeRequest(stored);
    const trainingProgram = sumAfter(folder, 'training', only('train'));

    const validation = await validateAlgorithm({ ...request, program: sumProgram, trainingProgram });

    const { text } = validation.steps.find(({ step }) => step === 'training image serves')!;
    expect(text).toContain('it does not serve, so outputs must be the stored ones: ');
    if (cause) expect(validation.cause).toMatch(cause);
    else expect(validation.result).toBe('passed');
  });
});

describe('two programs', () => {
  it('may differ in training only where it is not served', () => {
    const { TrainingSpecification: _, ...serving } = sumDescription;

    expect(() => requireSameProduct(sumDescription, serving)).not.toThrow();
  });

  it.each([
    [
      'of another version',
      { Version: '2.0.0' },
      'The inference image must be of sum 1.2.3, as the training image; it is sum 2.0.0.',
    ],
    [
      'with other content types',
      { InferenceSpecification: { SupportedContentTypes: ['text/plain'], SupportedResponseMIMETypes: ['text/csv'] } },
      'The images of sum 1.2.3 must have the same InferenceSpecification; that of the inference image differs.',
    ],
  ])('are refused %s', (_, change, message) => {
    expect(() => requireSameProduct(sumDescription, { ...sumDescription, ...change })).toThrow(message);
  });

  it('are refused where the first does not train', () => {
    const { TrainingSpecification: _, ...serving } = sumDescription;

    expect(() => requireSameProduct(serving, serving)).toThrow(
      'The training image must train; sum 1.2.3 has no TrainingSpecification.',
    );
  });
});
