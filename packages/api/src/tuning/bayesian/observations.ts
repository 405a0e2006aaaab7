/**
 * What the Gaussian process learns from: the tuning job's own training jobs, and those of its parents in a warm start, as
 * points with normalized losses. A parent's jobs may follow another function (other data, other static
 * hyperparameters): then they have another value of a further categorical dimension, the context, and the model finds out
 * how much the functions have in common.
 */
import { encode, type Hyperparameters, type Point, type SearchSpace } from '../search-space.js';
import { isMeasured, type ObjectiveType, signOf, type Trial } from '../trial.js';
import type { ParentJob, WarmStart } from '../warm-start.js';
import { normalizeLosses } from './normal-losses.js';

/** What the model uses of a parent. */
type Inherited = Pick<ParentJob, 'staticHyperparameters' | 'trials'>;

/** What is known of a tuning job. */
export interface Knowledge {
  readonly space: SearchSpace;
  readonly objective: ObjectiveType;
  readonly staticHyperparameters: Hyperparameters;
  readonly warmStart?: { readonly type: WarmStart['type']; readonly parents: readonly Inherited[] } | undefined;
}

export interface Observation {
  readonly point: Point;
  /** 0 for the tuning job's own function, 1, 2, … for others. */
  readonly context: number;
  /** As `normalizeLosses` gives it; smaller is better. */
  readonly loss: number;
}

/** Own measured jobs from which on their losses alone normalize them in transfer learning. */
const MIN_OWN = 3;

/** All observations; empty where no job is measured. */
export function observe(knowledge: Knowledge, trials: readonly Trial[]): Observation[] {
  const own = readOwn(knowledge, trials);
  const inherited = readParents(knowledge);
  if (knowledge.warmStart?.type !== 'TransferLearning') return normalize([...own, ...inherited]);
  const byContext = Map.groupBy(inherited, ({ context }) => context);
  const parents = [...byContext.values()].flatMap((group) => normalize(group));
  if (own.length >= MIN_OWN || inherited.length === 0) return [...normalize(own), ...parents];
  return [...normalize([...own, ...inherited]).slice(0, own.length), ...parents];
}

// --- internal ---

interface Raw {
  readonly point: Point;
  readonly context: number;
  readonly loss: number;
}

/** A job that ended without an objective counts as the worst one, so that the search leaves its neighborhood. */
function readOwn({ space, objective }: Knowledge, trials: readonly Trial[]): Raw[] {
  const sign = signOf(objective);
  const losses = trials.filter(isMeasured).map((trial) => sign * trial.objective);
  if (losses.length === 0) return [];
  const worst = losses.reduce((left, right) => Math.max(left, right));
  return trials.flatMap((trial) => {
    const point = trial.status === 'InProgress' ? undefined : encode(space, trial.hyperparameters);
    return point ? [{ point, context: 0, loss: isMeasured(trial) ? sign * trial.objective : worst }] : [];
  });
}

function readParents(knowledge: Knowledge): Raw[] {
  const { warmStart, space, objective } = knowledge;
  const contexts = new Map<string, number>([[OWN_CONTEXT, 0]]);
  return (warmStart?.parents ?? []).flatMap((parent, index) =>
    parent.trials.filter(isMeasured).flatMap((trial) => {
      const hyperparameters = { ...parent.staticHyperparameters, ...trial.hyperparameters };
      const point = encode(space, hyperparameters);
      if (point === undefined) return [];
      const changes = changedStatics(knowledge.staticHyperparameters, hyperparameters);
      const key = warmStart?.type === 'TransferLearning' ? JSON.stringify([index, changes]) : changes;
      if (!contexts.has(key)) contexts.set(key, contexts.size);
      return [{ point, context: contexts.get(key)!, loss: signOf(objective) * trial.objective }];
    }),
  );
}

const OWN_CONTEXT = '[]';

/** The static hyperparameters in which a parent's job differs, with its values, as text. */
function changedStatics(own: Hyperparameters, theirs: Hyperparameters): string {
  const changed = Object.keys(own).filter((name) => theirs[name] !== undefined && theirs[name] !== own[name]);
  return JSON.stringify(changed.toSorted().map((name) => [name, theirs[name]]));
}

function normalize(observations: readonly Raw[]): Observation[] {
  const losses = normalizeLosses(observations.map(({ loss }) => loss));
  return observations.map((observation, i) => ({ ...observation, loss: losses[i]! }));
}
