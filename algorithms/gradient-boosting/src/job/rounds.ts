/**
 * One run of boosting: rounds, their metrics, early stopping, checkpoints, and a way out at a stop. What it returns is
 * cut at the best round when early stopping chose one.
 */
import { ClientError, type StopSignal } from '@algo/contract';
import { type BestRound, createEarlyStopping, createRandom } from '@algo/numerics';
import type { Dataset } from '../engine/binning/dataset.js';
import { type BoostState, boost, type KernelLoss } from '../engine/boost.js';
import { Interrupted, withLooks } from '../engine/interruption.js';
import { isBetter, type Metric } from '../evaluation/index.js';
import type { Hyperparameters } from '../hyperparameters/index.js';
import { objectiveName, treeParameters } from '../hyperparameters/settings.js';
import type { GradientSource, LabelledRows, Objective } from '../objectives/index.js';

import { createMeasure, measuringInterval } from './evaluation.js';

/** Rows with all that boosting reads of them. */
export interface RunData {
  readonly dataset: Dataset;
  readonly rows: LabelledRows;
  /** [groups] or [rows × groups] */
  readonly initialMargins: Float32Array;
}

/** Metric values of a round, by name; `round` counts from 0. */
export type HistoryEntry = Readonly<Record<string, number>>;

/** The best round so far and the dart weights after it, which later rounds change. */
export interface BestTrees extends BestRound {
  readonly treeWeights?: readonly number[];
}

/** Everything a run knows between two rounds, so that another one can go on from there. */
export interface RunState {
  readonly boost: BoostState;
  readonly history: readonly HistoryEntry[];
  readonly best: BestTrees | undefined;
  /** What the loss has learnt: position biases of unbiased ranking. */
  readonly vectors: Readonly<Record<string, Float64Array>> | undefined;
}

export interface RunOptions {
  readonly hyperparameters: Hyperparameters;
  readonly objective: Objective;
  /** The last one decides early stopping. */
  readonly metrics: readonly Metric[];
  readonly train: RunData;
  readonly validation: RunData | undefined;
  readonly stop: Pick<StopSignal, 'check' | 'requested'>;
  readonly resume: RunState | undefined;
  /** Told each round; values that are not defined are left out. */
  onRound?(entry: HistoryEntry): void;
  /** Asked after each round, the last one before a stop included; `state` is what to keep of it. */
  onState?(state: () => RunState, isStopped: boolean): void;
}

export interface RunResult {
  readonly state: RunState;
  /** Rounds that the model keeps. */
  readonly rounds: number;
  readonly isStopped: boolean;
  /** [rows × groups] margins after the last round; not those of the best. */
  readonly validationMargins: Float32Array | undefined;
}

/**
 * Runs to the end, to early stopping, or to a stop. A stop within a round gives this round up.
 * @throws ClientError E_STOPPED at a stop before there is a round
 */
export async function runRounds(options: RunOptions): Promise<RunResult> {
  const { hyperparameters: values, objective, metrics, train, validation, resume, stop } = options;
  const { pool } = train.dataset;
  const look = () => pool.look();
  const loss = withLooks(look, () => createLoss(values, objective, train.rows, resume, look));
  const measureTrain = createMeasure({ name: 'train', rows: train.rows }, objective, metrics, look);
  const measureValidation =
    validation && createMeasure({ name: 'validation', rows: validation.rows }, objective, metrics, look);
  const patience = validation && values.early_stopping_rounds;
  const deciding = metrics.at(-1);
  const stopping =
    deciding && patience
      ? createEarlyStopping<BestTrees>({
          isBetter: (value, than) => isBetter(deciding, value, than),
          patience,
          resumed: resume?.best,
        })
      : undefined;
  const interval = measuringInterval(train.dataset.rows * objective.groupCount);
  const history = [...(resume?.history ?? [])];
  if (resume?.best && stopping?.isOver(history.length - 1)) return finish(resume, options, undefined, false);
  let completed: (() => RunState) | undefined;
  let validationMargins: Float32Array | undefined;
  try {
    for (const round of boost(boostOptions(options, loss))) {
      const isLast = round.index === values.num_round - 1;
      const entry = defined({
        round: round.index,
        ...((round.index % interval === 0 || isLast) && measureTrain(round.trainMargins)),
        ...measureValidation?.(round.evaluationMargins[0]!),
      });
      history.push(entry);
      const decisive = entry[`validation:${deciding?.name}`];
      if (decisive !== undefined) {
        const { index, treeWeights } = round;
        stopping?.update({ round: index, value: decisive, ...(treeWeights && { treeWeights }) });
      }
      options.onRound?.(entry);
      const vectors = copyVectors(loss);
      const state = (): RunState => ({
        boost: round.state(),
        history: [...history],
        best: stopping?.best,
        vectors,
      });
      completed = state;
      validationMargins = round.evaluationMargins[0];
      const isStopped = await stop.check();
      options.onState?.(state, isStopped);
      if (isLast || stopping?.isOver(round.index)) return finish(state(), options, validationMargins, false);
      if (isStopped) return finish(state(), options, validationMargins, true);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const last = completed?.() ?? resume;
    if (!last) throw stoppedBeforeModel();
    if (completed) options.onState?.(completed, true);
    return finish(last, options, validationMargins, true);
  }
  if (!resume) throw new RangeError('A run must have at least one round.');
  return finish(resume, options, undefined, false);
}

// --- internal ---

function stoppedBeforeModel(): ClientError {
  return new ClientError(
    'E_STOPPED',
    'The job was stopped in its first round, before there was a model. Give it more time, or take fewer trees a round.',
  );
}

/** What the loss has learnt up to here; the next round changes it. */
function copyVectors(loss: KernelLoss | GradientSource): RunState['vectors'] {
  if (!('vectors' in loss) || !loss.vectors) return undefined;
  return Object.fromEntries(Object.entries(loss.vectors).map(([name, vector]) => [name, vector.slice()]));
}

function finish(
  state: RunState,
  { hyperparameters, objective }: RunOptions,
  validationMargins: Float32Array | undefined,
  isStopped: boolean,
): RunResult {
  const treesPerRound = objective.groupCount * hyperparameters.num_parallel_tree;
  const grown = state.boost.trees.length / treesPerRound;
  return { state, rounds: state.best ? state.best.round + 1 : grown, isStopped, validationMargins };
}

function boostOptions(options: RunOptions, gradients: KernelLoss | GradientSource): Parameters<typeof boost>[0] {
  const { hyperparameters: values, objective, train, validation, resume } = options;
  return {
    train: train.dataset,
    ...(validation && {
      evaluations: [{ dataset: validation.dataset, initialMargins: validation.initialMargins }],
    }),
    groups: objective.groupCount,
    gradients,
    initialMargins: train.initialMargins,
    tree: treeParameters(values),
    rounds: values.num_round,
    numParallelTree: values.num_parallel_tree,
    seed: values.seed,
    ...(values.booster === 'dart' && {
      dart: {
        rateDrop: values.rate_drop,
        oneDrop: values.one_drop === 1,
        skipDrop: values.skip_drop,
        sampleType: values.sample_type,
        normalizeType: values.normalize_type,
      },
    }),
    ...(resume && { resume: resume.boost }),
  };
}

/** The kernel's own version of a loss where it has one: the same gradients, on all threads. */
function createLoss(
  values: Hyperparameters,
  objective: Objective,
  rows: LabelledRows,
  resume: RunState | undefined,
  look: () => void,
): KernelLoss | GradientSource {
  const scalePositive = values.scale_pos_weight;
  switch (objective.groupCount === 1 || objective.task === 'multi-class' ? objectiveName(values) : undefined) {
    case 'reg:squarederror':
      return { kind: 'squared-error', scalePositive };
    case 'binary:logistic':
    case 'binary:logitraw':
    case 'reg:logistic':
      return { kind: 'logistic', scalePositive };
    case 'multi:softmax':
    case 'multi:softprob':
      return { kind: 'softmax' };
    default:
      return objective.prepare(rows, {
        look,
        pairSeed: (round) => createRandom((values.seed >>> 0) + (round + 1) * 2 ** 32).bits(),
        ...(resume?.vectors && { vectors: resume.vectors }),
      });
  }
}

/** Without the metrics that these rows do not define, such as auc of rows of one class. */
function defined(entry: HistoryEntry): HistoryEntry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => Number.isFinite(value)));
}
