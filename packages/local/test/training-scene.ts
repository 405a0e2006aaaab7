/** What tests of training jobs share: a request for the fixture's training, and what its program saw. */
import { join } from 'node:path';
import type { TrainingJobRequest } from '../src/index.js';
import { readJson, sumDescription, sumProgram, writeFiles } from './scene.js';

interface Seen {
  environment: Record<string, string>;
  hyperparameters: unknown;
  channels: unknown;
  resources: unknown;
}

export function makeRequest(folder: string, changes: Partial<TrainingJobRequest> = {}): TrainingJobRequest {
  writeFiles(folder, { 'data/a.csv': '1,2\n3,4\n', 'data/sub/b.csv': '10\n', 'data/.hidden': '' });
  return {
    program: sumProgram,
    description: sumDescription,
    channels: { train: { path: join(folder, 'data'), contentType: 'text/csv' } },
    workDirectory: join(folder, 'work'),
    outputDirectory: join(folder, 'out'),
    jobName: 'sum-1',
    ...changes,
  };
}

export function seenBy(folder: string): Seen {
  return readJson<Seen>(join(folder, 'work/opt/ml/output/data/seen.json'));
}
