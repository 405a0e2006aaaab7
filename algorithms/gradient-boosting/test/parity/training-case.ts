/**
 * A training run of real XGBoost (test/peers/parity.py) and the same run here: from XGBoost's own cut points, through the
 * code of a job from hyperparameters to trees.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneHost } from '@algo/contract';
import { createRandom } from '@algo/numerics';
import { createDatasetBuilder } from '../../src/engine/binning/binned-dataset.js';
import { type Cuts, cutsFromValues } from '../../src/engine/binning/cuts.js';
import type { Pool } from '../../src/engine/threads/pool.js';
import type { TreeParameters } from '../../src/engine/tree-parameters.js';
import type { Ensemble, Tree } from '../../src/ensemble/tree.js';
import { hyperparameters } from '../../src/hyperparameters/index.js';
import { settingsOf } from '../../src/hyperparameters/settings.js';
import { fit } from '../../src/job/fit.js';
import { labelledRows } from '../../src/job/labels.js';
import { planJob } from '../../src/job/plan.js';
import { type RunData, runRounds } from '../../src/job/rounds.js';
import type { Table } from '../../src/job/table.js';
import { readEnsemble } from '../../src/model/index.js';
import { baseMargins, walkMargins } from '../../src/predict/index.js';

export interface TrainingCase {
  readonly name: string;
  /** Hyperparameters, lists as lists. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly rounds: number;
  readonly rows: number;
  readonly columns: number;
  /** [rows × columns], NaN for missing */
  readonly features: Float32Array;
  /** [rows × 1], or for survival:aft [rows × 2] */
  readonly labels: Float32Array;
  /** [rows] */
  readonly weights: Float32Array;
  /** Rows of each query, of ranking. */
  readonly queryRows: number | undefined;
  /** [columns] XGBoost's cut points */
  readonly cuts: readonly Float32Array[];
  readonly model: Ensemble;
}

const STORED = join(import.meta.dirname, '../fixtures/training-parity');
const SUFFIX = '.case.json';

export function trainingCases(folder: string = STORED): TrainingCase[] {
  const names = readdirSync(folder).filter((file) => file.endsWith(SUFFIX));
  return names.sort().map((file) => {
    const stored = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const model = file.replace(SUFFIX, '.ubj');
    return {
      ...stored,
      features: decode(stored.features),
      labels: decode(stored.labels),
      weights: decode(stored.weights),
      cuts: stored.cuts.map(decode),
      model: readEnsemble(readFileSync(join(folder, model)), model),
    };
  });
}

/** A job's run on a case. Its memory in the pool stays taken until `release`. */
export interface CaseRun {
  /** [1] or [groups], in the unit of predictions */
  readonly baseScore: readonly number[];
  /** Grows the rounds that follow on `before`; all of the case's without `rounds`. */
  grow(before?: readonly Tree[], rounds?: number): Promise<{ trees: readonly Tree[]; treeWeights?: readonly number[] }>;
  /** [rows × groups × 2] gradients after the trees of `before`. */
  gradients(before: readonly Tree[]): Float32Array;
  readonly parameters: TreeParameters;
  release(): void;
}

export function prepareCase(pool: Pool, stored: TrainingCase, cuts: Cuts = xgboostCuts(stored)): CaseRun {
  const mark = pool.arena.mark();
  const settings = settingsOf(hyperparameters().parse(asHyperparameters(stored.settings)));
  const table = asTable(stored);
  const plan = planJob(settings, table, undefined);
  const rows = labelledRows(table, plan.objective.name, oneHost());
  plan.objective.checkLabels(rows);
  const given = settings.baseScore;
  const baseScore = given === undefined ? [...plan.objective.estimateBaseScore(rows)] : [Math.fround(given)];
  // Trees are compared, not the estimate of the base score: that is compared by itself.
  const initialMargins = baseMargins(stored.model);
  const groups = plan.objective.groupCount;
  const { labelCount, weights } = table;
  const builder = createDatasetBuilder(pool, cuts, {
    rows: table.rows,
    purpose: 'training',
    labelCount,
    hasWeights: true,
  });
  builder.addBlock(stored.features, table.labels, weights);
  const train: RunData = { dataset: builder.finish(), rows, initialMargins };
  return {
    baseScore,
    async grow(before = [], rounds = stored.rounds) {
      const run = pool.arena.mark();
      const resume = {
        boost: { trees: before, random: createRandom(0).state() },
        history: [],
        best: undefined,
        vectors: undefined,
      };
      const result = await runRounds({
        hosts: oneHost(),
        settings: { ...settings, rounds },
        objective: plan.objective,
        metrics: [],
        train,
        validation: undefined,
        stop: { requested: false, check: () => Promise.resolve(false) },
        resume,
      });
      pool.arena.release(run);
      const { trees, treeWeights } = result.state.boost;
      return { trees: trees.slice(before.length), ...(treeWeights && { treeWeights }) };
    },
    gradients(before) {
      const kept = { ...stored.model, trees: before, treeGroup: stored.model.treeGroup.subarray(0, before.length) };
      const out = new Float32Array(table.rows * groups * 2);
      const starts = stored.model.iterationStart.filter((start) => start <= before.length);
      const start = walkMargins({ ...kept, iterationStart: starts }, stored.features);
      plan.objective.prepare(rows).computeGradients(start, out, 0);
      return out;
    },
    parameters: settings.tree,
    release: () => pool.arena.release(mark),
  };
}

/**
 * The whole fit of a job on a case, cut points and base score found here.
 * @param changes hyperparameters in addition to or instead of the case's
 * @returns the model, and the margins of its rows that training followed
 */
export async function fitCase(pool: Pool, stored: TrainingCase, changes: Readonly<Record<string, unknown>>) {
  const settings = settingsOf(hyperparameters().parse(asHyperparameters({ ...stored.settings, ...changes })));
  const table = asTable(stored);
  const plan = { ...planJob(settings, table, undefined), metrics: [] };
  const stop = { requested: false, check: () => Promise.resolve(false) };
  const { ensemble, validationMargins } = await fit({
    pool,
    hosts: oneHost(),
    plan,
    train: table,
    validation: table,
    stop,
  });
  return { ensemble, margins: validationMargins! };
}

/** Whether the run is one of dart: a model does not have its weights between rounds. */
export function isDart({ settings }: TrainingCase): boolean {
  return settings.booster === 'dart';
}

/** [columns] whether each holds categories */
export function categoricalColumns({ settings, columns }: TrainingCase): readonly boolean[] {
  const categorical = (settings.categorical_features ?? []) as readonly number[];
  return Array.from({ length: columns }, (_, column) => categorical.includes(column));
}

// --- internal ---

function decode(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}

/** Lists in the text that SageMaker has for them. */
function asHyperparameters(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, Array.isArray(value) ? JSON.stringify(value) : value]),
  );
}

function xgboostCuts(stored: TrainingCase): Cuts {
  const missing = new Float64Array(stored.columns);
  for (const [index, value] of stored.features.entries()) {
    if (Number.isNaN(value)) missing[index % stored.columns]!++;
  }
  return cutsFromValues(stored.cuts, stored.rows, categoricalColumns(stored), missing);
}

function asTable(stored: TrainingCase): Table {
  const { name, rows, columns, features, labels, weights, queryRows } = stored;
  return {
    name,
    rows,
    columns,
    labelCount: labels.length / rows,
    labels,
    weights,
    queryIds: queryRows ? Float64Array.from({ length: rows }, (_, row) => Math.floor(row / queryRows)) : undefined,
    columnNames: undefined,
    async *blocks() {
      yield { rows, features };
    },
  };
}
