/** Whole jobs in this process, on the backend that is the same everywhere. */
import { HISTORY_FILE, type HistoryEntry, type StopSignal } from '@algo/contract';
import {
  type ContainerContents,
  openInvocations,
  outputOf,
  readCheckpoint,
  stopWhen,
  type TrainingResult,
  useJobs as useAnyJobs,
  watchEntries,
} from '@algo/contract/testing';
import { afterEach } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { CHECKPOINT_FILE } from '../../src/job/checkpoint.js';

type Job = Parameters<typeof neuralNetwork.train>[0];

/** Small and quick: the tests are about the job, not about what it learns. */
const hyperparameters = { backend: 'wasm', threads: '1', hidden_units: '16', batch_size: '32' };

/** Functions that run jobs; what they leave on disk is removed after each test. */
export function useJobs() {
  const { train: trainOn, trainFromPipes, keepUntilEnd } = useAnyJobs(neuralNetwork, { afterEach, hyperparameters });

  /** A job whose parts a test replaces. */
  const trainWith = (change: (job: Job) => Job, contents: ContainerContents, stop?: StopSignal) => {
    const train = (job: Job) => neuralNetwork.train(change(job));
    return useAnyJobs({ ...neuralNetwork, train }, { afterEach: () => {}, hyperparameters }).train(contents, stop);
  };

  /** Stopped when it is due, and the checkpoint file that was left, if any. */
  const stopOnce = async (isDue: (progress: { readonly reported: number }) => boolean, contents: ContainerContents) => {
    let reported = 0;
    const counted = (job: Job): Job => ({ ...job, metrics: watchEntries(job.metrics, () => reported++) });
    const stop = stopWhen(() => isDue({ reported }));
    const result = await trainWith(counted, { ...contents, hasCheckpoints: true }, stop);
    return { ...result, checkpoint: readCheckpoint(keepUntilEnd(result.root), CHECKPOINT_FILE) };
  };

  return {
    trainOn,
    trainFromPipes,

    /** Stopped when this many epochs have been reported. */
    stopAfter(epochs: number, contents: ContainerContents) {
      return stopOnce(({ reported }) => reported >= epochs, contents);
    },

    /** Stopped when the job looks for a stop for the n-th time. */
    stopAtLook(look: number, contents: ContainerContents) {
      let looks = 0;
      return stopOnce(() => ++looks >= look, contents);
    },

    /** On a fresh machine whose checkpoint folder was restored. */
    resume: (contents: ContainerContents, checkpoint: Uint8Array) =>
      trainOn({ ...contents, checkpoints: { [CHECKPOINT_FILE]: checkpoint } }),

    /** With a checkpoint's content as the SDK gives it to the algorithm. */
    async resumeFrom(contents: ContainerContents, content: Uint8Array) {
      const ofJob = () => ({ read: () => Buffer.from(content), hostCount: 1, isDue: () => false, write: () => {} });
      const result = await trainWith((job) => ({ ...job, checkpoints: { ...job.checkpoints, ofJob } }), contents);
      keepUntilEnd(result.root);
      return result;
    },

    keepUntilEnd,
  };
}

export function historyOf(result: Pick<TrainingResult, 'root'>): HistoryEntry[] {
  return JSON.parse(outputOf(result, HISTORY_FILE)) as HistoryEntry[];
}

/** Values of a job's metric, epoch by epoch. */
export function valuesOf(result: Pick<TrainingResult, 'root'>, metric: string): number[] {
  return historyOf(result).flatMap((entry) => (entry[metric] === undefined ? [] : [entry[metric]]));
}

/** Predictions of CSV rows, one list of numbers per row. */
export async function predict(
  result: Pick<TrainingResult, 'root'>,
  rows: string,
  accept = 'text/csv',
): Promise<number[][]> {
  const invoke = await openInvocations(neuralNetwork, result, { ALGO_BACKEND: 'wasm' });
  const { status, body } = await invoke({ contentType: 'text/csv', accept, body: rows });
  if (status !== 200) throw new Error(body);
  return body
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map(Number));
}
