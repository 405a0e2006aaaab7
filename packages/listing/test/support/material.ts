/**
 * The material of an algorithm of this repository as a first version that was never run: no release changes what tests expect,
 * and no command's results on this machine. Its program is asked once.
 */
import { join } from 'node:path';
import { type AlgorithmDescription, describeProgram, locateProgram } from '@algo/local';
import { type ListingRequest, type Material, readMaterial } from '../../src/material.js';
import { ROOT } from './product.js';

const VERSION = '1.0.0';
const described = new Map<string, Promise<AlgorithmDescription>>();
const materials = new Map<string, Promise<Material>>();

/** As it is, with its version and what was run on this machine. */
export async function ownRequestOf(algorithm: string): Promise<ListingRequest> {
  const folder = join(ROOT, 'algorithms', algorithm);
  const definition = described.get(algorithm) ?? describeProgram(locateProgram(folder));
  described.set(algorithm, definition);
  return { folder, definition: await definition, sampleData: join(ROOT, 'sample-data', algorithm), from: ROOT };
}

export async function requestOf(algorithm: string): Promise<ListingRequest> {
  const { definition, ...request } = await ownRequestOf(algorithm);
  const output = (command: string) => join(ROOT, 'nowhere', command, algorithm);
  return {
    ...request,
    definition: { ...definition, Version: VERSION },
    evidence: {
      validations: [output('validation')],
      ...{ trial: output('trial'), image: output('image'), trainingImage: output('training-image') },
      notebooks: join(ROOT, 'notebooks', algorithm),
    },
  };
}

/** Read once: no test changes it. */
export function materialOf(algorithm: string): Promise<Material> {
  const known = materials.get(algorithm) ?? readFirstVersion(algorithm);
  materials.set(algorithm, known);
  return known;
}

// --- internal ---

async function readFirstVersion(algorithm: string): Promise<Material> {
  const material = await readMaterial(await requestOf(algorithm));
  const none = { published: undefined, publishedProblem: undefined, changelog: undefined, pending: 'none' as const };
  return { ...material, history: { ...material.history, ...none } };
}
