/** Jobs of one algorithm in a test file: their trees are removed after each test, and a stop comes where a test wants it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Algorithm } from '../algorithm.js';
import type { HistoryEntry } from '../training/history.js';
import type { MetricsWriter } from '../training/metrics.js';
import type { StopSignal } from '../training/stop.js';
import type { ContainerContents, ContainerRoot } from './container-root.js';
import { runPipeTraining, runTraining, type TrainingResult } from './training.js';

export interface Jobs {
  /** Runs a job in File mode. */
  train(contents: ContainerContents, stop?: StopSignal): Promise<TrainingResult>;
  /** Runs a job with every channel in Pipe mode. */
  trainFromPipes(contents: ContainerContents): Promise<TrainingResult>;
  /** Removes this tree, too, after the test. */
  keepUntilEnd<R extends Pick<ContainerRoot, 'remove'>>(root: R): R;
}

export interface JobsOptions {
  /** The test runner's. */
  readonly afterEach: (clean: () => void) => void;
  /** Hyperparameters that a job has unless it sets them. */
  readonly hyperparameters?: Readonly<Record<string, string>>;
}

export function useJobs(algorithm: Algorithm, { afterEach, hyperparameters = {} }: JobsOptions): Jobs {
  const roots: Pick<ContainerRoot, 'remove'>[] = [];
  afterEach(() => {
    for (const root of roots.splice(0)) root.remove();
  });
  const whole = (contents: ContainerContents): ContainerContents => ({
    ...contents,
    hyperparameters: { ...hyperparameters, ...contents.hyperparameters },
  });
  const noted = async (run: Promise<TrainingResult>) => {
    const result = await run;
    roots.push(result.root);
    return result;
  };
  return {
    train: (contents, stop) => noted(runTraining(algorithm, whole(contents), stop)),
    trainFromPipes: (contents) => noted(runPipeTraining(algorithm, whole(contents))),
    keepUntilEnd(root) {
      roots.push(root);
      return root;
    },
  };
}

/** A stop that is asked for as soon as `isDue` says so, whenever the job looks. */
export function stopWhen(isDue: () => boolean): StopSignal {
  const { signal } = new AbortController();
  return {
    get requested() {
      return isDue();
    },
    check: async () => isDue(),
    signal,
  };
}

/** A job's metrics, which call `seen` before each entry that they write: what a stop may wait for. */
export function watchEntries<M extends Pick<MetricsWriter, 'writeEntry'>>(metrics: M, seen: () => void): M {
  return {
    ...metrics,
    writeEntry(entry: HistoryEntry) {
      seen();
      metrics.writeEntry(entry);
    },
  };
}

/** A file that the job left in /opt/ml/output/data. */
export function outputOf({ root }: Pick<TrainingResult, 'root'>, name: string): string {
  return readFileSync(join(root.paths.outputData, name), 'utf8');
}
