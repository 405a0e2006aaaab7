/**
 * Incremental training: the model of an earlier job, here or of real XGBoost, from channel `model`. New trees correct
 * what it predicts; it becomes the beginning of the new model.
 */
import { type Channel, ClientError, unpackFiles } from '@algo/contract';
import { densify } from '../engine/binning/sparse-rows.js';
import type { Pool } from '../engine/threads/pool.js';
import type { Ensemble } from '../ensemble/tree.js';
import type { Hyperparameters } from '../hyperparameters/index.js';
import { objectiveName } from '../hyperparameters/settings.js';
import { modelFiles } from '../inference/model-files.js';
import { readEnsemble } from '../model/index.js';
import type { Objective } from '../objectives/index.js';
import { bestRange, compilePredictor } from '../predict/index.js';
import { savedParameters } from './objective-parameters.js';
import type { FeatureBlock, Table } from './table.js';

/**
 * @throws ClientError E_CHANNEL without exactly one model; E_MODEL when it is none, or one that these hyperparameters
 *   cannot go on from
 */
export function readStartModel(channel: Pick<Channel, 'name' | 'files'>, values: Hyperparameters): Ensemble {
  const files = unpackFiles(channel);
  const readStart = (name: string, bytes: number) => Buffer.from(files.get(name)!.subarray(0, bytes));
  const [file, ...others] = modelFiles({ names: [...files.keys()], readStart });
  if (file === undefined || others.length > 0) {
    const found = [...files.keys()].join(', ');
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${channel.name}" must hold one model (model.tar.gz, or its xgboost-model file); received ${found}. Models of cross-validation cannot be gone on from.`,
    );
  }
  const model = readEnsemble(files.get(file)!, `${channel.name}/${file}`);
  requireFitting(model, values, `${channel.name}/${file}`);
  return keepBestRounds(model);
}

/** @throws ClientError E_DATA_COLUMNS when the rows are not of the model's width */
export function requireColumns(model: Ensemble, table: Pick<Table, 'name' | 'columns'>): void {
  if (model.featureCount === table.columns) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `Channel "${table.name}" must have the ${model.featureCount} feature columns of the model to go on from; received ${table.columns}.`,
  );
}

/** @throws ClientError E_MODEL when the job has another number of classes, targets or levels than the model */
export function requireOutputs(model: Ensemble, objective: Pick<Objective, 'groupCount'>): void {
  if (model.groupCount === objective.groupCount) return;
  throw new ClientError(
    'E_MODEL',
    `A model to go on from must have ${objective.groupCount} output${objective.groupCount === 1 ? '' : 's'}, as this job has (classes, label columns or quantiles); received ${model.groupCount}.`,
  );
}

/** Sparse rows are spread out so many values at a time. */
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

function denseRows({ features, sparse }: FeatureBlock, first: number, count: number, columns: number): Float32Array {
  if (features) return features.subarray(first * columns, (first + count) * columns);
  return sparse ? densify(sparse, first, count, columns) : new Float32Array(count * columns).fill(Number.NaN);
}

function requireFitting(model: Ensemble, values: Hyperparameters, label: string): void {
  const classCount = values.num_class ?? 0;
  const rules: readonly (readonly [name: string, wanted: unknown, found: unknown])[] = [
    ['objective', objectiveName(values), model.objective === 'reg:linear' ? 'reg:squarederror' : model.objective],
    ['num_class', classCount, model.classCount],
    ['num_parallel_tree', values.num_parallel_tree, model.numParallelTree],
    ['leaf size', 1, model.leafSize ?? 1],
    ...LEVELS.map(
      (name) => [name, levelsOf(savedParameters(values)[name]), levelsOf(model.objectiveParameters[name])] as const,
    ),
  ];
  if (values.booster !== 'gbtree') {
    throw new ClientError(
      'E_HYPERPARAMETER',
      `Hyperparameter "booster" must be gbtree with channel "model"; received "${values.booster}". Its drop-outs would change the trees of the model.`,
    );
  }
  if (model.booster !== 'gbtree') {
    throw new ClientError(
      'E_MODEL',
      `${label}: a model to go on from must be of booster gbtree; received one of ${model.booster}.`,
    );
  }
  const broken = rules.find(([, wanted, found]) => wanted !== found);
  if (!broken) return;
  const [name, wanted, found] = broken;
  throw new ClientError(
    'E_MODEL',
    `${label}: a model to go on from must have ${name} ${wanted}, as this job has; received ${found}.`,
  );
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
