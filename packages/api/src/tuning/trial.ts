/**
 * What a strategy knows of a tuning job's training jobs. The list of trials is the whole state of a tuning job: every
 * decision is computed from it, so a restarted server decides as the old one would have.
 */
import type { Hyperparameters } from './search-space.js';

/** One training job that a tuning job launched. */
export interface Trial {
  /** The values of the hyperparameters that are searched. */
  readonly hyperparameters: Hyperparameters;
  /** `Stopped` covers early stopping as well as a caller's stop. */
  readonly status: 'InProgress' | 'Completed' | 'Stopped' | 'Failed';
  /** The objective metric's final value; absent while the job runs, and where it never wrote a finite one. */
  readonly objective?: number;
  /** Every value of the objective metric so far, in the order in which the job wrote them: one per epoch. */
  readonly measurements?: readonly number[];
  /** Any number that grows with the time at which the job ended, such as milliseconds. */
  readonly endedAt?: number;
}

export type ObjectiveType = 'Minimize' | 'Maximize';

/** True for a job that has come to its end with a finite objective. */
export function isMeasured(trial: Trial): trial is Trial & { readonly objective: number } {
  const hasEnded = trial.status === 'Completed' || trial.status === 'Stopped';
  return hasEnded && trial.objective !== undefined && Number.isFinite(trial.objective);
}

/** The objective's sign under which smaller is better. */
export function signOf(type: ObjectiveType): 1 | -1 {
  return type === 'Minimize' ? 1 : -1;
}

/** Index of the trial with the best objective, the first of equal ones; undefined where none is measured. */
export function findBestTrial(type: ObjectiveType, trials: readonly Trial[]): number | undefined {
  const sign = signOf(type);
  let best: { readonly index: number; readonly loss: number } | undefined;
  for (const [index, trial] of trials.entries()) {
    if (!isMeasured(trial)) continue;
    const loss = sign * trial.objective;
    if (best === undefined || loss < best.loss) best = { index, loss };
  }
  return best?.index;
}
