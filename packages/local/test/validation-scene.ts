/** Validations of the sum algorithm with sample data that a test changes. */
import { join } from 'node:path';
import { type LocalEvent, type Validation, validateAlgorithm } from '../src/index.js';
import { sumDescription, sumProgram, writeFiles } from './scene.js';

export interface ProfileChanges {
  readonly trainingJob?: object | undefined;
  readonly [key: string]: unknown;
}

/** For tests of something else than what the model answers, which takes a server for each kind of answers. */
export const NO_OUTPUTS = { transformJob: undefined, realTime: [] };

/** Sample data of the sum algorithm with outputs that are right: the model's sum is 10. */
export function makeSampleData(folder: string, changes: ProfileChanges = {}): string {
  const profile = {
    trainingJob: { channels: { train: { path: 'train', contentType: 'text/csv' } } },
    transformJob: {
      input: 'inference/batch',
      contentType: 'text/csv',
      accept: 'text/csv',
      expectedOutput: 'inference/batch-output',
    },
    realTime: [
      {
        input: 'inference/real-time/01.csv',
        contentType: 'text/csv',
        accept: 'application/json',
        expectedOutput: 'inference/real-time-output/01.json',
      },
    ],
    metricBounds: { 'train:sum': { atMost: 10, atLeast: 10 } },
    ...changes,
  };
  return writeFiles(join(folder, 'sample-data'), {
    'validation-profile.json': JSON.stringify(profile),
    'train/a.csv': '1,2\n3,4\n',
    'inference/batch/a.csv': '1\n2\n',
    'inference/batch-output/a.csv.out': '11\n12.000000000001\n',
    'inference/real-time/01.csv': '5\n',
    'inference/real-time-output/01.json': '{ "predictions": [{ "score": 15 }] }\n',
  });
}

export async function validate(folder: string, isUpdate = false) {
  const events: LocalEvent[] = [];
  const validation = await validateAlgorithm({
    program: sumProgram,
    description: sumDescription,
    sampleData: join(folder, 'sample-data'),
    directory: join(folder, 'run'),
    isUpdate,
    onEvent: (event) => events.push(event),
  });
  return { validation, events };
}

export function resultsOf(validation: Validation): string[] {
  return validation.steps.map(({ step, result }) => `${step} ${result}`);
}
