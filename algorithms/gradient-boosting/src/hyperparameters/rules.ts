/**
 * What must be so between hyperparameters. A value that would silently do nothing is refused: it is a sign that the
 * caller expects something else.
 */
import { ClientError } from '@algo/contract';
import { createMetrics } from '../evaluation/index.js';
import type { Hyperparameters } from '../hyperparameters.js';
import { createObjective, type Objective, type ObjectiveParameters, objectiveProblems } from '../objectives/index.js';
import { boosting } from './boosting.js';
import { objective as objectiveFields } from './objective.js';
import { completeObjectiveParameters } from './settings.js';

/** One sentence for each rule that is broken. */
export function checkHyperparameters(values: Hyperparameters): readonly string[] {
  return [...treeProblems(values), ...dartProblems(values), ...objectiveRules(values), ...jobProblems(values)];
}

// --- internal ---

const REFUSED_METHODS: Readonly<Record<string, string>> = {
  exact: 'Only the histogram method is here; for a bin at nearly every value set max_bin to 65535.',
  approx: 'It makes new histogram bins in every round; hist, which makes them once, is as accurate and faster.',
  gpu_hist: 'There is no GPU version; hist gives the same kind of trees on processors.',
};

function treeProblems(values: Hyperparameters): string[] {
  const { tree_method, booster, max_depth, max_leaves } = values;
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
  if (max_depth === 0 && max_leaves === 0) {
    problems.push(
      'Hyperparameter "max_leaves" must be at least 2 when "max_depth" is 0 (no limit); received "0". Set one of them.',
    );
  }
  if (max_leaves === 1) problems.push('Hyperparameter "max_leaves" must be 0 (no limit) or at least 2; received "1".');
  return problems;
}

const DART_ONLY = ['sample_type', 'normalize_type', 'rate_drop', 'one_drop', 'skip_drop'] as const;

function dartProblems(values: Hyperparameters): string[] {
  if (values.booster === 'dart') return [];
  return DART_ONLY.filter((name) => values[name] !== boosting[name].parse(undefined)).map((name) =>
    onlyFor(name, values[name], 'booster dart', `booster "${values.booster}"`),
  );
}

const SCALED = ['binary:logistic', 'binary:logitraw', 'reg:squarederror', 'reg:linear', 'reg:logistic', 'reg:gamma'];
const RANKING = ['rank:pairwise', 'rank:ndcg', 'rank:map'];

/** The objectives that read a hyperparameter of their own. */
const OBJECTIVE_ONLY = {
  scale_pos_weight: SCALED,
  quantile_alpha: ['reg:quantileerror'],
  expectile_alpha: ['reg:expectileerror'],
  huber_slope: ['reg:pseudohubererror'],
  tweedie_variance_power: ['reg:tweedie'],
  aft_loss_distribution: ['survival:aft'],
  aft_loss_distribution_scale: ['survival:aft'],
  lambdarank_pair_method: RANKING,
  lambdarank_num_pair_per_sample: RANKING,
  lambdarank_normalization: RANKING,
  lambdarank_score_normalization: RANKING,
  lambdarank_unbiased: RANKING,
  lambdarank_bias_norm: RANKING,
  ndcg_exp_gain: RANKING,
} as const satisfies Partial<Record<keyof Hyperparameters, readonly string[]>>;

function objectiveRules(values: Hyperparameters): string[] {
  const { objective, num_class, base_score } = values;
  const problems: string[] = [];
  const isMultiClass = objective.startsWith('multi:');
  if (isMultiClass && num_class === undefined) {
    problems.push(`Hyperparameter "num_class" is required with objective "${objective}": the number of classes.`);
  }
  if (!isMultiClass && num_class !== undefined) {
    problems.push(onlyFor('num_class', num_class, 'objective multi:softmax or multi:softprob', `"${objective}"`));
  }
  for (const name of keysOf(OBJECTIVE_ONLY)) {
    const objectives: readonly string[] = OBJECTIVE_ONLY[name];
    const isDefault = values[name] === objectiveFields[name].parse(undefined);
    if (isDefault || objectives.includes(objective)) continue;
    problems.push(onlyFor(name, values[name], `objective ${objectives.join(', ')}`, `objective "${objective}"`));
  }
  if (problems.length > 0) return problems;
  const parameters = completeObjectiveParameters(values);
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

function jobProblems({ _kfold, _num_cv_round, early_stopping_rounds }: Hyperparameters): string[] {
  const problems: string[] = [];
  if (_kfold === undefined && _num_cv_round > 1) {
    problems.push(onlyFor('_num_cv_round', _num_cv_round, 'cross-validation', 'no "_kfold"'));
  }
  if (_kfold !== undefined && early_stopping_rounds !== undefined) {
    problems.push(
      'Hyperparameter "early_stopping_rounds" cannot be used with "_kfold": choosing rounds by the part that is left out would make its metrics too good. Set num_round instead.',
    );
  }
  return problems;
}

function onlyFor(name: string, value: unknown, wanted: string, given: string): string {
  return `Hyperparameter "${name}" is only for ${wanted}; received "${value}" with ${given}. Leave it out.`;
}

/** `Object.entries` forgets the names of the keys. */
function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(record) as K[];
}
