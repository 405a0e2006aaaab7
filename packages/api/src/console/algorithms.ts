/**
 * What the console's forms offer of the algorithms of this machine: their hyperparameters, channels and metrics, as their
 * programs describe them, and the sample requests of their validation profiles.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  type AlgorithmDescription,
  ArgumentError,
  describeProgram,
  locateProgram,
  readValidationProfile,
} from '@algo/local';
import type { KnownAlgorithm, Programs } from '../jobs/programs.js';
import { ServiceError } from '../service-error.js';
import type { Sample } from './answers.js';

export interface Algorithms {
  names(): readonly string[];
  /** @throws ServiceError when there is none of that name; ArgumentError or JobError when it cannot describe itself */
  describe(name: string): Promise<AlgorithmDescription>;
  /** None where the algorithm has no sample data. */
  samples(name: string): Promise<readonly Sample[]>;
  /** @throws ServiceError when there is none */
  sample(name: string, index: number): Promise<Buffer>;
}

export function openAlgorithms(programs: Programs): Algorithms {
  const find = (name: string): KnownAlgorithm => {
    const found = programs.algorithms().find((one) => one.name === name);
    if (found) return found;
    throw new ServiceError('NotFound', `There is no algorithm "${name}" on this machine.`, 404);
  };
  const requestsOf = async (name: string) => {
    const folder = sampleFolderOf(find(name));
    try {
      const { realTime } = await readValidationProfile(folder);
      return realTime.map((request) => ({ ...request, folder }));
    } catch (error) {
      // No sample data, or none that can be read: `algo validate` says what is wrong with them.
      if (error instanceof ArgumentError) return [];
      throw error;
    }
  };
  return {
    names: () => programs.algorithms().map(({ name }) => name),
    describe: async (name) => describeProgram(locateProgram(find(name).folder)),
    samples: async (name) =>
      (await requestsOf(name)).map(({ input, contentType, accept }) => ({
        name: basename(input),
        contentType,
        accept,
      })),
    async sample(name, index) {
      const request = (await requestsOf(name))[index];
      if (request) return readFileSync(join(request.folder, request.input));
      throw new ServiceError('NotFound', `The algorithm "${name}" has no sample request ${index}.`, 404);
    },
  };
}

// --- internal ---

/** Where `algo validate` looks, too: next to the algorithms, or in the algorithm's folder. */
function sampleFolderOf({ name, folder }: KnownAlgorithm): string {
  const beside = join(dirname(dirname(folder)), 'sample-data', name);
  return existsSync(beside) ? beside : join(folder, 'sample-data');
}
