/** What a tuning job's page shows of its training jobs: their objective, the best one so far, the values that were tried. */
import { entriesAt, numberAt, textAt } from './members.js';
import type { Members } from './state.js';

export interface Trial {
  readonly name: string;
  readonly status: string;
  /** Undefined as long as it has none. */
  readonly objective: number | undefined;
  readonly values: Readonly<Record<string, string>>;
}

export type Direction = 'Minimize' | 'Maximize';

/** @param summaries of ListTrainingJobsForHyperParameterTuningJob */
export function trialsOf(summaries: readonly Members[]): readonly Trial[] {
  return summaries.map((one) => ({
    name: textAt(one, 'TrainingJobName') ?? '',
    status: textAt(one, 'TrainingJobStatus') ?? '',
    objective: numberAt(one, 'FinalHyperParameterTuningJobObjectiveMetric.Value'),
    values: Object.fromEntries(entriesAt(one, 'TunedHyperParameters')),
  }));
}

/** Per trial that has an objective, in their order: the best of the objectives up to there. */
export function bestSoFar(trials: readonly Trial[], direction: Direction): readonly number[] {
  const best: number[] = [];
  for (const { objective } of trials) {
    if (objective === undefined) continue;
    const last = best.at(-1) ?? objective;
    best.push(direction === 'Minimize' ? Math.min(last, objective) : Math.max(last, objective));
  }
  return best;
}

/** Best first; those without an objective last. */
export function rankTrials(trials: readonly Trial[], direction: Direction): readonly Trial[] {
  const sign = direction === 'Minimize' ? 1 : -1;
  const worth = ({ objective }: Trial) => (objective === undefined ? Number.POSITIVE_INFINITY : sign * objective);
  return trials.toSorted((a, b) => worth(a) - worth(b) || 0);
}
