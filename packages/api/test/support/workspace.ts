/** A workspace of a test's own. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALGORITHMS, makeFolder } from './scene.js';

/** The folder of its algorithms: `sum`, with a sample request, and one that has not been built. */
export function makeWorkspace(): string {
  const workspace = makeFolder();
  const algorithms = join(workspace, 'algorithms');
  cpSync(join(ALGORITHMS, 'sum'), join(algorithms, 'sum'), { recursive: true });
  mkdirSync(join(algorithms, 'unbuilt'));
  writeFileSync(join(algorithms, 'unbuilt', 'package.json'), '{}');
  const samples = join(workspace, 'sample-data', 'sum');
  mkdirSync(samples, { recursive: true });
  const request = { input: 'one.csv', contentType: 'text/csv', accept: 'text/csv', expectedOutput: 'one.csv' };
  writeFileSync(join(samples, 'validation-profile.json'), JSON.stringify({ realTime: [request] }));
  writeFileSync(join(samples, 'one.csv'), '1,2\n');
  return algorithms;
}
