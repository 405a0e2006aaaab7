/**
 * Metrics by name, and the reading of `eval_metric`: a list such as `auc,error@0.7,ndcg@5-`.
 */
import { ClientError } from '@algo/contract';
import type { Objective } from '../objectives/objective.js';
import { DEFAULT_PARAMETERS, type ObjectiveParameters } from '../objectives/parameters.js';
import { AUC, AUCPR } from './auc.js';
import { CLASSIFICATION_METRICS } from './classification.js';
import { METRIC_DESCRIPTIONS } from './descriptions.js';
import { ELEMENTWISE_METRICS } from './elementwise.js';
import type { Metric, MetricKind, MetricTarget } from './metric.js';
import { MULTI_CLASS_METRICS } from './multi-class.js';
import { LEVEL_METRICS } from './quantile.js';
import { R_SQUARED } from './r-squared.js';
import { RANKING_METRICS, rankingMetric } from './ranking.js';
import { SURVIVAL_METRICS } from './survival.js';

// Make metrics
export type { Metric, MetricKind } from './metric.js';

/** Every metric, by name. */
export const METRIC_KINDS: readonly MetricKind[] = [
  ...ELEMENTWISE_METRICS,
  R_SQUARED,
  ...LEVEL_METRICS,
  ...MULTI_CLASS_METRICS,
  ...CLASSIFICATION_METRICS,
  AUC,
  AUCPR,
  ...RANKING_METRICS,
  ...SURVIVAL_METRICS,
].toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** The entries of an `eval_metric` text: separated by commas, spaces around them dropped, each once. */
export function splitMetricList(text: string): string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ''))];
}

/**
 * The metrics asked for, or the objective's own when none are.
 * @param entries as `splitMetricList` returns them
 * @param parameters those of the objective that differ from the defaults
 * @param hyperparameter that asked for them, for messages
 * @throws ClientError E_HYPERPARAMETER with one sentence for each entry that is unknown or does not fit
 */
export function createMetrics(
  entries: readonly string[],
  objective: Objective,
  parameters: Partial<ObjectiveParameters> = {},
  hyperparameter = 'eval_metric',
): Metric[] {
  const target = { objective, parameters: { ...DEFAULT_PARAMETERS, ...parameters } };
  if (entries.length === 0) return [defaultMetric(target)];
  const problems: string[] = [];
  const metrics: Metric[] = [];
  for (const entry of entries) {
    const metric = createMetric(entry, target, hyperparameter);
    if (typeof metric === 'string') problems.push(metric);
    else metrics.push(metric);
  }
  if (problems.length > 0) throw new ClientError('E_HYPERPARAMETER', problems.join(' '));
  return metrics;
}

/** Which of two values of the metric is the better one; any number is better than NaN. */
export function isBetter(metric: Pick<Metric, 'goal'>, value: number, than: number): boolean {
  if (Number.isNaN(than)) return !Number.isNaN(value);
  return metric.goal === 'maximize' ? value > than : value < than;
}

// --- internal ---

/** The metric, or the sentence that says why there is none. */
function createMetric(entry: string, target: MetricTarget, hyperparameter: string): Metric | string {
  // name@argument, or name- as ranking metrics have it
  const at = entry.indexOf('@');
  const hasMinus = at < 0 && entry.endsWith('-');
  const name = at < 0 ? entry.slice(0, hasMinus ? -1 : undefined) : entry.slice(0, at);
  const argument = at < 0 ? (hasMinus ? '-' : '') : entry.slice(at + 1);
  const kind = METRIC_KINDS.find((candidate) => candidate.name === name);
  if (kind === undefined) {
    const known = METRIC_KINDS.map((candidate) => candidate.name).join(', ');
    return `Hyperparameter "${hyperparameter}" must list known metrics; received "${entry}". Known metrics: ${known}.`;
  }
  const lack = kind.lacking(target);
  if (lack !== undefined) {
    return `Hyperparameter "${hyperparameter}": ${name} needs ${lack}; received objective "${target.objective.name}".`;
  }
  const measure = at === entry.length - 1 ? undefined : kind.create(argument, target);
  if (measure !== undefined) return { ...measure, goal: METRIC_DESCRIPTIONS[kind.name].goal };
  const rule = kind.argumentRule ?? `${name} without an argument`;
  return `Hyperparameter "${hyperparameter}" must be ${rule}; received "${entry}".`;
}

/** Ranking objectives that draw pairs at random measure whole groups, not the first 32 rows. */
function defaultMetric(target: MetricTarget): Metric {
  const { objective, parameters } = target;
  const name = objective.defaultMetric;
  if (objective.task === 'ranking' && !name.includes('@')) {
    const measure = rankingMetric(name, name, Number.POSITIVE_INFINITY, 1, parameters.ndcgExpGain);
    return { ...measure, goal: 'maximize' };
  }
  if (objective.name === 'reg:tweedie' && parameters.tweedieVariancePower === 1) {
    throw new ClientError(
      'E_HYPERPARAMETER',
      'Hyperparameter "tweedie_variance_power" must be above 1 for tweedie-nloglik, the metric of objective "reg:tweedie"; received "1". Use a power above 1, or another eval_metric, such as rmse.',
    );
  }
  const metric = createMetric(name, target, 'eval_metric');
  if (typeof metric === 'string') throw new ClientError('E_HYPERPARAMETER', metric);
  return metric;
}
