/** What a job left as its checkpoint. */
import { join } from 'node:path';
import { listGenerations, readGeneration } from '../checkpoint/generations.js';
import type { ContainerRoot } from './container-root.js';

/** The newest file of the checkpoint of this name, as it is, with its envelope; undefined where there is none. */
export function readCheckpoint({ paths }: Pick<ContainerRoot, 'paths'>, name: string): Buffer | undefined {
  const [newest] = listGenerations(join(paths.base, 'checkpoints'), name);
  return newest && readGeneration(newest);
}
