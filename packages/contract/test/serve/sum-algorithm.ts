/** An algorithm whose predictions are easy to know: the sum of a row's features times the model's factor. */
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { type Environment, readEnvironment } from '../../src/environment.js';
import { writeModel } from '../../src/model/save.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';

const IDENTITY = { name: 'sum', version: '1.2.3' };

/** What text and RecordIO can be in requests and answers, and `.npy`. */
export const ROW_TYPES = {
  input: ['text/csv', 'application/json', 'application/jsonlines', 'text/libsvm', 'application/x-recordio-protobuf'],
  output: [
    'text/csv',
    'application/json',
    'application/jsonlines',
    'application/x-recordio-protobuf',
    'application/x-npy',
  ],
} as const;

export function sumAlgorithm(overrides: Partial<Algorithm> = {}): Algorithm {
  return {
    ...defineAlgorithm({
      ...IDENTITY,
      description: 'Sums features.',
      contentTypes: {
        input: ['text/csv', 'application/json', 'application/jsonlines'],
        output: ['application/json', 'application/jsonlines', 'text/csv'],
      },
      outputs: { score: { description: 'Sum.' } },
      channels: { train: { description: 'Never read.', contentTypes: ['text/csv'] } },
      train: () => {},
      load: ({ artifact }) => artifact.readJson('model.json', z.object({ factor: z.number() })).factor,
      predict(factor: number, { rows, columns, features }) {
        const score = new Float64Array(rows);
        for (let i = 0; i < rows * columns; i++) score[Math.floor(i / columns)]! += factor * features[i]!;
        return { score };
      },
    }),
    ...overrides,
  };
}

/** A tree with a model of `featureCount` columns, without names unless they are given. */
export function makeModelRoot(featureCount = 3, featureNames?: readonly string[]): ContainerRoot {
  const root = makeContainerRoot();
  const names = featureNames && { featureNames };
  writeModel(root.paths.model, { files: { 'model.json': '{"factor":1}' }, featureCount, ...names }, IDENTITY);
  return root;
}

export function environmentOf(root: ContainerRoot, variables: Record<string, string> = {}): Environment {
  return readEnvironment({
    ...root.variables,
    SAGEMAKER_MODEL_SERVER_WORKERS: '1',
    SAGEMAKER_BIND_TO_PORT: '0',
    ...variables,
  });
}
