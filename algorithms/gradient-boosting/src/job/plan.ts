/** What a job is to learn and by what it is measured, once its data is known: objective, metrics, and checks of columns. */
import { ClientError } from '@algo/contract';
import { createMetrics, type Metric } from '../evaluation/index.js';
import { completeObjectiveParameters, objectiveName } from '../hyperparameters/settings.js';
import type { Hyperparameters } from '../hyperparameters.js';
import { createObjective, type Objective } from '../objectives/index.js';
import { targetCountOf } from './labels.js';
import type { Table } from './table.js';

export interface Plan {
  readonly hyperparameters: Hyperparameters;
  readonly objective: Objective;
  readonly targetCount: number;
  /** The last one decides early stopping. */
  readonly metrics: readonly Metric[];
}

/**
 * @param tuned the metric of a tuning job, such as `validation:auc`; it must be in the log, so it is added
 * @throws ClientError for hyperparameters that do not fit the table's columns
 */
export function planJob(hyperparameters: Hyperparameters, table: Table, tuned: string | undefined): Plan {
  checkColumns(hyperparameters, table);
  const name = objectiveName(hyperparameters);
  const targetCount = targetCountOf(name, table);
  const parameters = completeObjectiveParameters(hyperparameters, targetCount);
  const objective = createObjective(name, parameters);
  const asked = hyperparameters.eval_metric ?? [];
  const tunedName = tuned?.slice(tuned.indexOf(':') + 1);
  const isMissing = tunedName !== undefined && !asked.includes(tunedName);
  const names = isMissing ? [...(asked.length > 0 ? asked : [objective.defaultMetric]), tunedName] : asked;
  const metrics = createMetrics([...new Set(names)], objective, parameters);
  return { hyperparameters, objective, targetCount, metrics };
}

// --- internal ---

function checkColumns(values: Hyperparameters, { columns }: Table): void {
  const { monotone_constraints = [], interaction_constraints = [], categorical_features = [] } = values;
  const problems: string[] = [];
  if (monotone_constraints.length > columns) {
    problems.push(
      `Hyperparameter "monotone_constraints" must have at most ${columns} entries, one a column; received ${monotone_constraints.length}.`,
    );
  }
  const largest = (name: string, features: readonly number[]) => {
    const wrong = features.find((feature) => feature >= columns);
    if (wrong === undefined) return;
    problems.push(
      `Hyperparameter "${name}" must name columns 0 to ${columns - 1}, label and weight not counted; received ${wrong}.`,
    );
  };
  largest('interaction_constraints', interaction_constraints.flat());
  largest('categorical_features', categorical_features);
  if (problems.length > 0) throw new ClientError('E_HYPERPARAMETER', problems.join(' '));
}
