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

export interface CommonFailure {
  readonly reason: string;
  /** Of the training jobs that failed of it, and the first of them. */
  readonly count: number;
  readonly name: string;
}

/** The reason that most training jobs failed of, the first among equals; undefined when none has failed. @param summaries as above */
export function commonFailureOf(summaries: readonly Members[]): CommonFailure | undefined {
  const failures = new Map<string, CommonFailure>();
  for (const one of summaries) {
    const reason = textAt(one, 'FailureReason');
    if (reason === undefined || one.TrainingJobStatus !== 'Failed') continue;
    // Values that were searched differ from job to job: the same rule fails with each of them.
    const kind = reason.replace(/-?\d[\d.]*(?:e[-+]?\d+)?/gi, '#');
    const { count, ...first } = failures.get(kind) ?? { reason, count: 0, name: textAt(one, 'TrainingJobName') ?? '' };
    failures.set(kind, { ...first, count: count + 1 });
  }
  return [...failures.values()].toSorted((a, b) => b.count - a.count)[0];
}
