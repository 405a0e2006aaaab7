/** Checkpoints of one job in a directory of their own. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import {
  type CheckpointStore,
  type CheckpointStoreOptions,
  createCheckpointStore,
} from '../../src/checkpoint/store.js';
import { memoryLog } from '../../src/log.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';

export const OWNER = { name: 'mean', version: '1.0.0' };
export const JOB = { depth: '3', labels: 'a1' };

export interface Stores {
  /** Of the test that runs. */
  readonly lines: readonly string[];
  /** As a start of the job opens it, on one host unless the options say otherwise. */
  startJob(options?: Partial<CheckpointStoreOptions>): CheckpointStore;
  /** The path of a file in the directory. */
  file(name: string): string;
  /** Names of the files there, in order. */
  names(): string[];
  /** What a job finds, as text. */
  find(identity?: Readonly<Record<string, string>>, owner?: typeof OWNER): string | undefined;
  /** Two checkpoints of the job, the newer one changed by `change`. */
  writeTwo(change: (bytes: Buffer) => Uint8Array): void;
}

/** A directory that is removed with the test. */
export function useStores(): Stores {
  let root: ContainerRoot;
  let directory: string;
  let log: ReturnType<typeof memoryLog>;
  beforeEach(() => {
    root = makeContainerRoot();
    directory = join(root.paths.base, 'checkpoints');
    log = memoryLog();
  });
  afterEach(() => root.remove());
  const startJob: Stores['startJob'] = (options) =>
    createCheckpointStore({ directory, owner: OWNER, host: 'algo-1', log, ...options });
  const file = (name: string) => join(directory, name);
  return {
    get lines() {
      return log.lines;
    },
    startJob,
    file,
    names: () => readdirSync(directory).sort(),
    find: (identity = JOB, owner = OWNER) => startJob({ owner }).read('state', identity)?.toString(),
    writeTwo(change) {
      const store = startJob();
      store.write('state', 'round 1', JOB);
      store.write('state', 'round 2', JOB);
      writeFileSync(file('state.2'), change(readFileSync(file('state.2'))));
    },
  };
}
