/** Whole jobs in this process, on the backend that is the same everywhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StopSignal } from '@algo/contract';
import { makeContainerRoot, openInvocations, runTraining, type TrainingResult } from '@algo/contract/testing';
import { afterEach } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { CHECKPOINT_FILE } from '../../src/job/checkpoint.js';
import { HISTORY_FILE, type HistoryEntry } from '../../src/job/history.js';

export type Contents = Parameters<typeof runTraining>[1];
type Job = Parameters<typeof neuralNetwork.train>[0];

/** Small and quick: most tests are about the job, not about what it learns. */
const HYPERPARAMETERS = { backend: 'wasm', hidden_units: '16', batch_size: '32' };

/** `contents` with the hyperparameters above below its own. */
export function withDefaults(contents: Contents): Contents {
  return { ...contents, hyperparameters: { ...HYPERPARAMETERS, ...contents.hyperparameters } };
}

/** Functions that run jobs; what they leave on disk is removed after each test. */
export function useJobs() {
  const roots: { remove(): void }[] = [];
  afterEach(() => {
    for (const root of roots.splice(0)) root.remove();
  });
  const run = async (algorithm: typeof neuralNetwork, contents: Contents, stop?: StopSignal) => {
    const result = await runTraining(algorithm, withDefaults(contents), stop);
    roots.push(result.root);
    return result;
  };
  const stopWhen = async (isDue: (progress: { readonly reported: number }) => boolean, contents: Contents) => {
    const checkpoints = new Map<string, Uint8Array | string>();
    let reported = 0;
    const stop = stopThatIs(() => isDue({ reported }));
    const train = (job: Job) =>
      neuralNetwork.train({
        ...job,
        metrics: {
          history: job.metrics.history,
          write(values, step) {
            reported += 1;
            job.metrics.write(values, step);
          },
        },
        checkpoints: {
          isEnabled: true,
          write: (name, content) => void checkpoints.set(name, content),
          read: () => undefined,
        },
      });
    const result = await run({ ...neuralNetwork, train }, contents, stop);
    return { ...result, checkpoint: checkpoints.get(CHECKPOINT_FILE) as Uint8Array | undefined };
  };
  return {
    trainOn: (contents: Contents) => run(neuralNetwork, contents),

    /** Stopped when so many epochs have been reported, and the checkpoint that was left. */
    stopAfter(epochs: number, contents: Contents) {
      return stopWhen(({ reported }) => reported >= epochs, contents);
    },

    /** Stopped when the job looks for a stop for the n-th time, and the checkpoint that was left, if any. */
    stopAtLook(look: number, contents: Contents) {
      let looks = 0;
      return stopWhen(() => ++looks >= look, contents);
    },

    /** On a fresh machine whose checkpoint folder was restored. */
    async resume(contents: Contents, checkpoint: Uint8Array) {
      const restored = makeContainerRoot();
      roots.push(restored);
      restored.write(join('restored', CHECKPOINT_FILE), checkpoint);
      const read = (name: string) => {
        const path = join(restored.paths.base, 'restored', name);
        return existsSync(path) ? readFileSync(path) : undefined;
      };
      const train = (job: Job) =>
        neuralNetwork.train({ ...job, checkpoints: { isEnabled: true, write: () => {}, read } });
      return run({ ...neuralNetwork, train }, contents);
    },
  };
}

/** A stop signal that looks at a condition. */
export function stopThatIs(requested: () => boolean): StopSignal {
  return {
    get requested() {
      return requested();
    },
    check: async () => requested(),
    signal: new AbortController().signal,
  };
}

function outputOf({ root }: Pick<TrainingResult, 'root'>, name: string): string {
  return readFileSync(join(root.paths.outputData, name), 'utf8');
}

export function historyOf(result: Pick<TrainingResult, 'root'>): HistoryEntry[] {
  return JSON.parse(outputOf(result, HISTORY_FILE)) as HistoryEntry[];
}

/** Values of a job's metric, epoch by epoch. */
export function valuesOf(result: Pick<TrainingResult, 'root'>, metric: string): number[] {
  return historyOf(result).flatMap((entry) => (entry[metric] === undefined ? [] : [entry[metric]]));
}

/** Predictions of CSV rows, one list of numbers a row. */
export async function predict(result: TrainingResult, rows: string, accept = 'text/csv'): Promise<number[][]> {
  const invoke = await openInvocations(neuralNetwork, result, { ALGO_BACKEND: 'wasm' });
  const { status, body } = await invoke({ contentType: 'text/csv', accept, body: rows });
  if (status !== 200) throw new Error(body);
  return body
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map(Number));
}
