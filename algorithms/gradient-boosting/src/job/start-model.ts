/**
 * Incremental training: the model of an earlier job, here or of real XGBoost, from channel `model`. New trees correct
 * its predictions, and its trees become the first trees of the new model.
 */
import {
  type Categories,
  type Channel,
  ClientError,
  isSparse,
  openStartModel,
  requireFitting,
  type StartModelJob,
  spreadRows,
} from '@algo/contract';
import type { Pool } from '../engine/threads/pool.js';
import type { Ensemble } from '../ensemble/tree.js';
import type { Settings } from '../hyperparameters/settings.js';
import { modelFiles } from '../inference/model-files.js';
import { readEnsemble } from '../model/index.js';
import { isMultiClassName, nameOfToday, type Objective, savedParameters } from '../objectives/index.js';
import { bestRange, compilePredictor } from '../predict/index.js';
import type { FeatureBlock, Table } from './table.js';

export interface StartModel {
  readonly ensemble: Ensemble;
  /** The names behind the codes of its columns. */
  readonly categories: Categories | 'none';
}

/**
 * @throws ClientError E_CHANNEL without exactly one model; E_MODEL when it is none, or one that does not fit this job
 */
export function readStartModel(
  channel: Pick<Channel, 'name' | 'files'>,
  settings: Settings,
  job?: StartModelJob,
): StartModel {
  const wanted =
    'one model (model.tar.gz, or its xgboost-model file; training cannot continue from a cross-validation ensemble)';
  const { file, label, read, categories = 'none' } = openStartModel(channel, modelFiles, wanted, job);
  const model = readEnsemble(read(file), label);
  requireSameModel(model, settings, label);
  return { ensemble: keepBestRounds(model), categories };
}

/** @throws ClientError E_MODEL when the job has another number of classes, targets or levels than the model */
export function requireOutputs(model: Ensemble, objective: Pick<Objective, 'groupCount'>): void {
  if (model.groupCount === objective.groupCount) return;
  throw new ClientError(
    'E_MODEL',
    `A model that training continues from must have ${objective.groupCount} output${objective.groupCount === 1 ? '' : 's'}, as this job has (classes, label columns or quantiles); received ${model.groupCount}.`,
  );
}

/** Sparse rows are expanded in parts of this many values. */
const SPREAD_VALUES = 1 << 22;

/**
 * What the model predicts for each row, by all threads of the pool, which is asked for a look again and again.
 * @returns [rows × groups] margins
 */
export async function startMargins(model: Ensemble, table: Table, pool: Pick<Pool, 'threads' | 'look'>) {
  const predictor = compilePredictor(model, undefined, pool.threads);
  const margins = new Float32Array(table.rows * model.groupCount);
  const step = Math.max(1, Math.floor(SPREAD_VALUES / table.columns));
  let row = 0;
  try {
    for await (const block of table.blocks()) {
      for (let first = 0; first < block.rows; first += step) {
        pool.look();
        const count = Math.min(step, block.rows - first);
        margins.set(predictor.margins(denseRows(block, first, count, table.columns)), row * model.groupCount);
        row += count;
      }
    }
  } finally {
    predictor.close();
  }
  return margins;
}

// --- internal ---

function denseRows(block: FeatureBlock, first: number, count: number, columns: number): Float32Array {
  if (isSparse(block)) return spreadRows(block, first, count, columns);
  return block.features.subarray(first * columns, (first + count) * columns);
}

function requireSameModel(model: Ensemble, settings: Settings, label: string): void {
  if (settings.dart) {
    throw new ClientError(
      'E_HYPERPARAMETER',
      'Hyperparameter "booster" must be gbtree with channel "model"; received "dart". Dart would rescale the trees of the model.',
    );
  }
  const { objective, parameters, classCount, numParallelTree } = settings;
  // Labels that are text say how many classes there are, once they are read.
  const isOpen = isMultiClassName(objective) && classCount === undefined;
  const saved = savedParameters(objective, parameters);
  requireFitting(label, [
    ['booster', 'gbtree', model.booster],
    ['objective', objective, nameOfToday(model.objective)],
    ['num_class', isOpen ? model.classCount : parameters.classCount, model.classCount],
    ['num_parallel_tree', numParallelTree, model.numParallelTree],
    ['leaf size', 1, model.leafSize ?? 1],
    ...LEVELS.map((name) => [name, levelsOf(saved[name]), levelsOf(model.objectiveParameters[name])] as const),
  ]);
}

/** Levels of quantiles and expectiles, each an output: the same, however they are spelt. */
const LEVELS = ['quantile_alpha', 'expectile_alpha'];

function levelsOf(text: string | undefined): string {
  return text === undefined
    ? 'none'
    : (text.match(/[^[\](),\s]+/g) ?? []).map((level) => Math.fround(Number(level))).join(',');
}

/** Early stopping of the earlier job chose the rounds. */
function keepBestRounds(model: Ensemble): Ensemble {
  const [, end] = bestRange(model);
  if (end === 0) return model;
  const treeEnd = model.iterationStart[end]!;
  return {
    ...model,
    trees: model.trees.slice(0, treeEnd),
    treeGroup: model.treeGroup.slice(0, treeEnd),
    iterationStart: model.iterationStart.slice(0, end + 1),
  };
}
