/**
 * Cross-validation (`_kfold`): the rows of train and validation together, divided `_num_cv_round` times; each model is
 * measured on the rows it has not seen, and so are the final metrics, from the mean of a row's predictions.
 */
import { ClientError, type Communicator, definedValues, type HistoryEntry, type StopSignal } from '@algo/contract';
import { withLooks } from '../engine/interruption.js';
import type { Pool } from '../engine/threads/pool.js';
import type { Ensemble } from '../ensemble/tree.js';
import type { LabelledRows } from '../objectives/index.js';
import { fit } from './fit.js';
import { assignFolds, rowLayout, unitsOf } from './folds.js';
import { labelledRows } from './labels.js';
import type { Plan } from './plan.js';
import type { Table } from './table.js';
import { selectRows } from './table-parts.js';

export interface CrossValidationOptions {
  readonly pool: Pool;
  readonly hosts: Communicator;
  readonly plan: Plan;
  readonly table: Table;
  readonly stop: Pick<StopSignal, 'check' | 'requested'>;
  /** Called for each finished fold: its last round's metrics, `repetition` and `fold` from 0. */
  onFold(entry: HistoryEntry): void;
}

export interface CrossValidation {
  /** Model by model, repetition after repetition. */
  readonly ensembles: readonly Ensemble[];
  /** Metrics of the last round of each fold. */
  readonly history: readonly HistoryEntry[];
  /** The rows of all hosts. */
  readonly rows: Pick<Table, 'rows' | 'labels' | 'labelCount' | 'queryIds'>;
  /** [rows × groups] their mean out-of-fold predictions, as metrics see them. */
  readonly predictions: Float32Array;
  /** `validation:` metrics of these, `train:` metrics as the mean over the folds. */
  readonly metrics: HistoryEntry;
}

/** @throws ClientError E_DATA_ROWS with fewer rows than folds; E_STOPPED when a stop comes before the end */
export async function crossValidate(options: CrossValidationOptions): Promise<CrossValidation> {
  const { plan, table, hosts, stop } = options;
  const { settings, objective } = plan;
  const { folds = 2, repetitions, seed } = settings;
  const rows = labelledRows(table, objective.name, hosts);
  requireRows(rows, table, folds);
  const sums = new Float64Array(table.rows * objective.groupCount);
  const ensembles: Ensemble[] = [];
  const history: HistoryEntry[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const assigned = assignFolds(rows, table.rows, { folds, seed, repetition, task: objective.task });
    for (let fold = 0; fold < folds; fold++) {
      const { ensemble, last, margins } = await fitFold(options, assigned, fold);
      ensembles.push(ensemble);
      addPredictions(sums, objective.transformForMetrics(margins), assigned, fold, objective.groupCount);
      const entry = { repetition, fold, ...last };
      history.push(entry);
      options.onFold(entry);
    }
  }
  const predictions = Float32Array.from(sums, (sum) => sum / repetitions);
  if (hosts.any(stop.requested)) throw stoppedAtEnd();
  const metrics = withLooks(
    () => {
      // One of several hosts alone would leave the others waiting.
      if (hosts.size === 1 && stop.requested) throw stoppedAtEnd();
    },
    () => finalMetrics(plan, rows, predictions, history),
  );
  const layout = rowLayout(rows, table.rows);
  const labels = layout.gather(table.labels, table.labelCount);
  const queryIds = table.queryIds && layout.gather(table.queryIds);
  return {
    ensembles,
    history,
    rows: { rows: layout.count, labels, labelCount: table.labelCount, queryIds },
    predictions: layout.gather(predictions, objective.groupCount),
    metrics,
  };
}

// --- internal ---

function requireRows(labelled: LabelledRows, { rows }: Table, folds: number): void {
  const units = unitsOf(labelled, rows);
  if (units >= folds) return;
  throw new ClientError(
    'E_DATA_ROWS',
    `Cross-validation with _kfold ${folds} must have at least ${folds} ${labelled.queryStart ? 'queries' : 'rows'}; received ${units}.`,
  );
}

function stoppedAtEnd(): ClientError {
  return new ClientError(
    'E_STOPPED',
    'The job was stopped while the predictions of all folds were measured, before the models were saved. Give it more time, or fewer folds.',
  );
}

async function fitFold(options: CrossValidationOptions, assigned: Uint16Array, fold: number) {
  const { pool, hosts, plan, table, stop } = options;
  const isOut = Uint8Array.from(assigned, (own) => (own === fold ? 1 : 0));
  const isIn = isOut.map((out) => 1 - out);
  const { ensemble, state, isStopped, validationMargins } = await fit({
    pool,
    hosts,
    plan,
    train: selectRows(table, isIn, `all but fold ${fold}`),
    validation: selectRows(table, isOut, `fold ${fold}`),
    stop,
  });
  if (isStopped || !validationMargins) {
    throw new ClientError(
      'E_STOPPED',
      `The job was stopped in fold ${fold} of cross-validation, before all models existed. Give it more time, or fewer folds.`,
    );
  }
  const { round: _, ...last } = state.history.at(-1) ?? {};
  return { ensemble, last, margins: validationMargins };
}

/** The fold's predictions to their rows. */
function addPredictions(
  sums: Float64Array,
  predictions: Float32Array,
  assigned: Uint16Array,
  fold: number,
  groups: number,
): void {
  let own = 0;
  for (const [row, rowFold] of assigned.entries()) {
    if (rowFold !== fold) continue;
    for (let group = 0; group < groups; group++) sums[row * groups + group]! += predictions[own * groups + group]!;
    own += 1;
  }
}

function finalMetrics(
  { metrics }: Plan,
  rows: LabelledRows,
  predictions: Float32Array,
  history: readonly HistoryEntry[],
): HistoryEntry {
  const trainNames = metrics.map(({ name }) => `train:${name}`);
  const means = trainNames.map((name) => {
    const values = history.map((entry) => entry[name]).filter((value) => value !== undefined);
    return [name, values.reduce((sum, value) => sum + value / values.length, 0)] as const;
  });
  const validation = metrics.map((metric) => [`validation:${metric.name}`, metric.prepare(rows)(predictions)] as const);
  return definedValues(Object.fromEntries([...means, ...validation]));
}
