/** The material of an algorithm of this repository; its program is asked once. */
import { join } from 'node:path';
import { type AlgorithmDescription, describeProgram, locateProgram } from '@algo/local';
import { type ListingRequest, type Material, readMaterial } from '../../src/material.js';
import { ROOT } from './product.js';

const described = new Map<string, Promise<AlgorithmDescription>>();
const materials = new Map<string, Promise<Material>>();

export async function requestOf(algorithm: string): Promise<ListingRequest> {
  const folder = join(ROOT, 'algorithms', algorithm);
  const definition = described.get(algorithm) ?? describeProgram(locateProgram(folder));
  described.set(algorithm, definition);
  return { folder, definition: await definition, sampleData: join(ROOT, 'sample-data', algorithm), from: ROOT };
}

/** Read once: no test changes it. */
export function materialOf(algorithm: string): Promise<Material> {
  const known = materials.get(algorithm) ?? requestOf(algorithm).then(readMaterial);
  materials.set(algorithm, known);
  return known;
}
