/**
 * Rules between hyperparameters. A value without effect is a sign that the caller expects something else. It is
 * refused, unless SageMaker's XGBoost container accepts it and XGBoost trains anyway: then it is a warning, so that
 * jobs for that container run here. A hyperparameter at its default is neither.
 */
import { ClientError } from '@algo/contract';
import { createMetrics } from '../evaluation/index.js';
import {
  createObjective,
  isMultiClassName,
  isRankingName,
  OBJECTIVE_PARAMETERS,
  type Objective,
  type ObjectiveParameters,
  objectiveProblems,
} from '../objectives/index.js';
import { compatibilityProblems, compatibilityWarnings } from './compatibility.js';
import { type Hyperparameters, hyperparameters } from './index.js';
import { settingsOf } from './settings.js';

/** One sentence for each rule that is broken. */
export function checkHyperparameters(values: Hyperparameters): readonly string[] {
  return [
    ...treeProblems(values),
    ...compatibilityProblems(values),
    ...idleProblems(values),
    ...objectiveRules(values),
    ...jobProblems(values),
  ];
}

/** One sentence for each hyperparameter that has no effect in this combination, but that the container would accept. */
export function hyperparameterWarnings(values: Hyperparameters): readonly string[] {
  return [
    ...idleValues(values)
      .filter(({ name }) => isOfContainer(name))
      .map(({ name, wanted, given }) => onlyFor(name, values[name], wanted, given, 'It has no effect.')),
    ...compatibilityWarnings(values),
  ];
}

// --- internal ---

const REFUSED_METHODS: Readonly<Record<string, string>> = {
  exact: 'Only the histogram method is supported; for a bin per distinct value, set max_bin to 65535.',
  approx: 'It computes new histogram bins in every round; hist computes them once and is as accurate and faster.',
  gpu_hist: 'There is no GPU version; hist grows the same kind of trees on CPUs.',
};

function treeProblems(values: Hyperparameters): string[] {
  const { tree_method, booster, max_leaves } = values;
  const problems: string[] = [];
  const reason = REFUSED_METHODS[tree_method];
  if (reason) {
    problems.push(`Hyperparameter "tree_method" must be auto or hist; received "${tree_method}". ${reason}`);
  }
  if (booster === 'gblinear') {
    problems.push(
      'Hyperparameter "booster" must be gbtree or dart; received "gblinear". Use the algorithm linear-regression for linear models.',
    );
  }
  if (max_leaves === 1) problems.push('Hyperparameter "max_leaves" must be 0 (no limit) or at least 2; received "1".');
  return problems;
}

const DART_ONLY = ['sample_type', 'normalize_type', 'rate_drop', 'one_drop', 'skip_drop'] as const;

/** The container does not know these: a job with them was not written for it. */
const NOT_OF_CONTAINER: readonly (keyof Hyperparameters)[] = [
  'quantile_alpha',
  'expectile_alpha',
  'huber_slope',
  'lambdarank_pair_method',
  'lambdarank_num_pair_per_sample',
  'lambdarank_normalization',
  'lambdarank_score_normalization',
  'lambdarank_unbiased',
  'lambdarank_bias_norm',
  'ndcg_exp_gain',
];

function isOfContainer(name: keyof Hyperparameters): boolean {
  return !NOT_OF_CONTAINER.includes(name);
}

/** A hyperparameter that is not at its default and has no effect. */
interface IdleValue {
  readonly name: keyof Hyperparameters;
  /** The setting with which it would have an effect. */
  readonly wanted: string;
  /** The actual setting. */
  readonly given: string;
}

function idleValues(values: Hyperparameters): IdleValue[] {
  const { booster, objective, subsample, _kfold, lambdarank_unbiased } = values;
  const idle: IdleValue[] = [];
  const require = (holds: boolean, names: readonly (keyof Hyperparameters)[], wanted: string, given: string) => {
    if (!holds) for (const name of names) idle.push({ name, wanted, given });
  };
  require(booster === 'dart', DART_ONLY, 'booster dart', `booster "${booster}"`);
  for (const name of keysOf(OBJECTIVE_PARAMETERS)) {
    const objectives: readonly string[] = OBJECTIVE_PARAMETERS[name];
    require(objectives.includes(objective), [name], `objective ${objectives.join(', ')}`, `objective "${objective}"`);
  }
  const hasBias = !isRankingName(objective) || lambdarank_unbiased;
  require(hasBias, ['lambdarank_bias_norm'], 'lambdarank_unbiased', 'it being false');
  require(subsample < 1, ['sampling_method'], 'a subsample below 1', 'subsample "1"');
  require(_kfold !== undefined, ['_num_cv_round'], 'cross-validation', 'no "_kfold"');
  return idle.filter(({ name }) => values[name] !== hyperparameters().shape[name].parse(undefined));
}

function idleProblems(values: Hyperparameters): string[] {
  return idleValues(values)
    .filter(({ name }) => !isOfContainer(name))
    .map(({ name, wanted, given }) => onlyFor(name, values[name], wanted, given, 'Leave it out.'));
}

function objectiveRules(values: Hyperparameters): string[] {
  const { objective, num_class, base_score } = values;
  const problems: string[] = [];
  const isMultiClass = isMultiClassName(objective);
  if (!isMultiClass && num_class !== undefined) {
    const wanted = 'objective multi:softmax or multi:softprob';
    problems.push(onlyFor('num_class', num_class, wanted, `"${objective}"`, 'Leave it out.'));
  }
  if (problems.length > 0) return problems;
  const { parameters } = settingsOf(values);
  for (const problem of objectiveProblems(objective, parameters)) problems.push(problem);
  if (problems.length > 0) return problems;
  const created = createObjective(objective, parameters);
  const rule = base_score === undefined ? undefined : created.baseScoreProblem(base_score);
  if (rule) {
    problems.push(
      `Hyperparameter "base_score" must be ${rule} with objective "${objective}"; received "${base_score}".`,
    );
  }
  return [...problems, ...metricProblems(values.eval_metric ?? [], created, parameters)];
}

function metricProblems(names: readonly string[], objective: Objective, parameters: ObjectiveParameters): string[] {
  try {
    createMetrics(names, objective, parameters);
    return [];
  } catch (error) {
    if (error instanceof ClientError) return [error.message];
    throw error;
  }
}

function jobProblems({ _kfold, early_stopping_rounds }: Hyperparameters): string[] {
  const problems: string[] = [];
  if (_kfold !== undefined && early_stopping_rounds !== undefined) {
    problems.push(
      'Hyperparameter "early_stopping_rounds" cannot be used with "_kfold": choosing the number of rounds by the left-out fold would bias its metrics. Set num_round instead.',
    );
  }
  return problems;
}

function onlyFor(name: string, value: unknown, wanted: string, given: string, end: string): string {
  return `Hyperparameter "${name}" is only for ${wanted}; received "${value}" with ${given}. ${end}`;
}

/** `Object.entries` forgets the names of the keys. */
function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(record) as K[];
}
