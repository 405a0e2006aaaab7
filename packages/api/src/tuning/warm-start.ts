/**
 * Warm start: the tuning jobs that a new one learns from, and the rules that they must keep.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-warm-start.html
 */
import type { Hyperparameters, Range, SearchSpace } from './search-space.js';
import type { ObjectiveType, Trial } from './trial.js';

export interface Objective {
  readonly type: ObjectiveType;
  readonly metric: string;
}

/** A tuning job that has ended. Its own parents' jobs do not count: warm start is not recursive. */
export interface ParentJob {
  readonly name: string;
  readonly objective: Objective;
  readonly space: SearchSpace;
  readonly staticHyperparameters: Hyperparameters;
  readonly trials: readonly Trial[];
}

export interface WarmStart {
  readonly type: 'IdenticalDataAndAlgorithm' | 'TransferLearning';
  readonly parents: readonly ParentJob[];
}

/** The part of a new tuning job that its parents are compared with. */
export interface Child {
  readonly objective: Objective;
  readonly space: SearchSpace;
  readonly staticHyperparameters: Hyperparameters;
}

const MAX_PARENTS = 5;
const MAX_CHANGES = 10;

/** Every rule of warm start that is broken, one sentence each. */
export function findWarmStartMistakes({ type, parents }: WarmStart, child: Child): string[] {
  if (parents.length < 1 || parents.length > MAX_PARENTS) {
    return [`WarmStartConfig must have 1 to ${MAX_PARENTS} parent tuning jobs; received ${parents.length}.`];
  }
  return parents.flatMap((parent) => findParentMistakes(parent, child, type));
}

// --- internal ---

function findParentMistakes(parent: ParentJob, child: Child, type: WarmStart['type']): string[] {
  const name = `Parent tuning job "${parent.name}"`;
  const mistakes: string[] = [];
  const { objective } = child;
  if (parent.objective.type !== objective.type || parent.objective.metric !== objective.metric) {
    const [own, theirs] = [objective, parent.objective].map(({ type, metric }) => `${type} ${metric}`);
    mistakes.push(`${name} must have the same objective as the new job, ${own}; received ${theirs}.`);
  }
  const [own, theirs] = [countHyperparameters(child), countHyperparameters(parent)];
  if (own !== theirs) {
    mistakes.push(
      `${name} must have as many static and tunable hyperparameters as the new job, ${own}; received ${theirs}.`,
    );
  }
  const [ownNames, theirNames] = [namesOf(child), namesOf(parent)];
  if (own === theirs && type === 'IdenticalDataAndAlgorithm' && ownNames !== theirNames) {
    mistakes.push(`${name} must have the hyperparameters of the new job, ${ownNames}; received ${theirNames}.`);
  }
  for (const range of child.space) {
    const former = parent.space.find((candidate) => candidate.name === range.name);
    if (former && former.kind !== range.kind) {
      mistakes.push(`${name} must have hyperparameter "${range.name}" as ${range.kind}; received ${former.kind}.`);
    }
  }
  const changes = countChanges(parent, child);
  if (changes > MAX_CHANGES) {
    mistakes.push(
      `${name} must differ in at most ${MAX_CHANGES} values of static hyperparameters; received ${changes}.`,
    );
  }
  return mistakes;
}

function countHyperparameters({ space, staticHyperparameters }: Omit<Child, 'objective'>): number {
  return space.length + Object.keys(staticHyperparameters).length;
}

function namesOf({ space, staticHyperparameters }: Omit<Child, 'objective'>): string {
  return [...space.map(({ name }) => name), ...Object.keys(staticHyperparameters)].sort().join(', ');
}

/** From tunable to static is one change, per category for a categorical one; another static value is one at each side. */
function countChanges(parent: Omit<Child, 'objective'>, child: Child): number {
  return Object.entries(child.staticHyperparameters).reduce((changes, [name, value]) => {
    const range = parent.space.find((candidate) => candidate.name === name);
    if (range) return changes + changesOfRange(range);
    const former = parent.staticHyperparameters[name];
    return former === undefined || former === value ? changes : changes + 2;
  }, 0);
}

function changesOfRange(range: Range): number {
  return range.kind === 'Categorical' ? range.values.length : 1;
}
