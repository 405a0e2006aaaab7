/** What tests of batch transforms share: a request for the fixture's server, what it wrote, and what it was asked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransformJobRequest } from '../src/index.js';
import { makeSumModel, sumProgram } from './scene.js';

export async function makeRequest(
  folder: string,
  changes: Partial<TransformJobRequest> = {},
): Promise<TransformJobRequest> {
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

export function output(folder: string, name: string): string {
  return readFileSync(join(folder, 'output', `${name}.out`), 'utf8');
}

export function requestsIn(folder: string): string[] {
  return readFileSync(join(folder, 'log.txt'), 'utf8').match(/^request .*/gm) ?? [];
}
