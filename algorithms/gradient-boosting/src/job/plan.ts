/** The plan of a job once its data is known: objective, metrics, and checks of columns. */
import { ClientError } from '@algo/contract';
import { createMetrics, type Metric } from '../evaluation/index.js';
import type { Settings } from '../hyperparameters/settings.js';
import { createObjective, type Objective, type ObjectiveParameters } from '../objectives/index.js';
import { targetCountOf } from './labels.js';
import type { Table } from './table.js';
import { withText } from './text.js';

export interface Plan {
  /** With what columns of text add to them. */
  readonly settings: Settings;
  readonly objective: Objective;
  readonly targetCount: number;
  /** The last one decides early stopping. */
  readonly metrics: readonly Metric[];
}

/**
 * @param tuned the metric of a tuning job, such as `validation:auc`; it must be in the log, so it is added
 * @throws ClientError for hyperparameters that do not fit the table's columns
 */
export function planJob(given: Settings, table: Table, tuned: string | undefined): Plan {
  checkColumns(given, table);
  const settings = withText(given, table);
  const targetCount = targetCountOf(settings.objective, table);
  const parameters = { ...settings.parameters, targetCount };
  const objective = createObjective(settings.objective, parameters);
  const asked = createMetrics(settings.metrics, objective, parameters);
  const metrics = [...asked, ...tunedMetrics(tuned, objective, parameters)].filter(
    ({ name }, index, all) => all.findIndex((other) => other.name === name) === index,
  );
  return { settings, objective, targetCount, metrics };
}

/**
 * Whether the tuned metric fits the objective, before any data is read.
 * @throws ClientError E_HYPERPARAMETER when it does not
 */
export function checkTunedMetric({ objective, parameters }: Settings, tuned: string | undefined): void {
  tunedMetrics(tuned, createObjective(objective, parameters), parameters);
}

// --- internal ---

/** A tuning job knows the plain names; the power that tweedie-nloglik needs is then the objective's. */
function tunedMetrics(tuned: string | undefined, objective: Objective, parameters: ObjectiveParameters): Metric[] {
  if (tuned === undefined) return [];
  const name = tuned.slice(tuned.indexOf(':') + 1);
  const entry = name === 'tweedie-nloglik' ? `${name}@${parameters.tweedieVariancePower}` : name;
  const metrics = createMetrics([entry], objective, parameters, '_tuning_objective_metric');
  return metrics.map((metric) => ({ ...metric, name }));
}

function checkColumns({ tree, categoricalFeatures = [] }: Settings, { columns }: Table): void {
  const { monotoneConstraints, interactionConstraints } = tree;
  const problems: string[] = [];
  if (monotoneConstraints.length > columns) {
    problems.push(
      `Hyperparameter "monotone_constraints" must have at most ${columns} ${columns === 1 ? 'entry' : 'entries'}, one per column; received ${monotoneConstraints.length}.`,
    );
  }
  const largest = (name: string, features: readonly number[]) => {
    const wrong = features.find((feature) => feature >= columns);
    if (wrong === undefined) return;
    problems.push(
      `Hyperparameter "${name}" must name columns 0 to ${columns - 1}, label and weight not counted; received ${wrong}.`,
    );
  };
  largest('interaction_constraints', interactionConstraints.flat());
  largest('categorical_features', categoricalFeatures);
  if (problems.length > 0) throw new ClientError('E_HYPERPARAMETER', problems.join(' '));
}
