/**
 * One run of boosting: rounds, their metrics, early stopping, checkpoints, and stops. The result ends at the best round
 * if early stopping chose one.
 */
import { ClientError, type Communicator, definedValues, type HistoryEntry, type StopSignal } from '@algo/contract';
import { type BestRound, createEarlyStopping, createRandom } from '@algo/numerics';
import type { Dataset } from '../engine/binning/dataset.js';
import { type BoostState, boost } from '../engine/boost.js';
import { Interrupted, withLooks } from '../engine/interruption.js';
import { isBetter, type Metric } from '../evaluation/index.js';
import type { Settings } from '../hyperparameters/settings.js';
import type { GradientSource, KernelLoss, LabelledRows, Objective } from '../objectives/index.js';
import { createEvaluation, evaluationInterval } from './evaluation.js';

/** Rows with all that boosting reads of them. */
export interface RunData {
  readonly dataset: Dataset;
  readonly rows: LabelledRows;
  /** [groups] or [rows × groups] */
  readonly initialMargins: Float32Array;
}

/** The best round so far and the dart weights after it, which later rounds change. */
export interface BestTrees extends BestRound {
  readonly treeWeights?: readonly number[];
}

/** The state of a run between two rounds, from which another run can resume. */
export interface RunState {
  readonly boost: BoostState;
  readonly history: readonly HistoryEntry[];
  readonly best: BestTrees | undefined;
  /** What the loss has learnt: position biases of unbiased ranking. */
  readonly vectors: Readonly<Record<string, Float64Array>> | undefined;
}

export interface RunOptions {
  /** Each has its rows of both tables. */
  readonly hosts: Communicator;
  readonly settings: Settings;
  readonly objective: Objective;
  /** The last one decides early stopping. */
  readonly metrics: readonly Metric[];
  readonly train: RunData;
  readonly validation: RunData | undefined;
  readonly stop: Pick<StopSignal, 'check' | 'requested'>;
  readonly resume: RunState | undefined;
  /** Called for each round, counted from 0; values that the rows do not define are NaN. */
  onRound?(entry: HistoryEntry): void;
  /** Asked after each round, the last one before a stop included; `state` is what to keep of it. */
  onState?(state: () => RunState, isStopped: boolean): Promise<void> | undefined;
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
  const { hosts, settings, objective, metrics, train, validation, resume, stop } = options;
  const { pool } = train.dataset;
  const look = () => pool.look();
  const loss = withLooks(look, () => createLoss(options, look));
  const evaluateTrain = createEvaluation({ name: 'train', rows: train.rows }, objective, metrics, look);
  const evaluateValidation =
    validation && createEvaluation({ name: 'validation', rows: validation.rows }, objective, metrics, look);
  const patience = validation && settings.earlyStoppingRounds;
  const deciding = metrics.at(-1);
  const stopping =
    deciding && patience
      ? createEarlyStopping<BestTrees>({
          isBetter: (value, than) => isBetter(deciding, value, than),
          patience,
          resumed: resume?.best,
        })
      : undefined;
  const interval = evaluationInterval(train.dataset.shared.all * objective.groupCount);
  const history = [...(resume?.history ?? [])];
  if (resume?.best && stopping?.isOver(history.length - 1)) return finish(resume, options, undefined, false);
  let completed: (() => RunState) | undefined;
  let validationMargins: Float32Array | undefined;
  try {
    for (const round of boost(boostOptions(options, loss))) {
      const isLast = round.index === settings.rounds - 1;
      const entry: HistoryEntry = {
        round: round.index,
        ...((round.index % interval === 0 || isLast) && evaluateTrain(round.trainMargins)),
        ...evaluateValidation?.(round.evaluationMargins[0]!),
      };
      const defined = definedValues(entry);
      history.push(defined);
      const decisive = defined[`validation:${deciding?.name}`];
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
      const isStopped = hosts.any(await stop.check());
      await options.onState?.(state, isStopped);
      if (isLast || stopping?.isOver(round.index)) return finish(state(), options, validationMargins, false);
      if (isStopped) return finish(state(), options, validationMargins, true);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const last = completed?.() ?? resume;
    if (!last) throw stoppedBeforeModel();
    if (completed) await options.onState?.(completed, true);
    return finish(last, options, validationMargins, true);
  }
  if (!resume) throw new RangeError('A run must have at least one round.');
  return finish(resume, options, undefined, false);
}

/** Rounds that a model of this state keeps: up to the best one where early stopping looks for it. */
export function roundsOf(state: RunState, { settings, objective }: Pick<RunOptions, 'settings' | 'objective'>): number {
  if (state.best) return state.best.round + 1;
  return state.boost.trees.length / (objective.groupCount * settings.numParallelTree);
}

// --- internal ---

function stoppedBeforeModel(): ClientError {
  return new ClientError(
    'E_STOPPED',
    'The job was stopped in its first round, before there was a model. Give it more time, or use fewer trees per round.',
  );
}

/** What the loss has learnt up to here; the next round changes it. */
function copyVectors(loss: KernelLoss | GradientSource): RunState['vectors'] {
  if (!('vectors' in loss) || !loss.vectors) return undefined;
  return Object.fromEntries(Object.entries(loss.vectors).map(([name, vector]) => [name, vector.slice()]));
}

function finish(
  state: RunState,
  plan: RunOptions,
  validationMargins: Float32Array | undefined,
  isStopped: boolean,
): RunResult {
  return { state, rounds: roundsOf(state, plan), isStopped, validationMargins };
}

function boostOptions(options: RunOptions, gradients: KernelLoss | GradientSource): Parameters<typeof boost>[0] {
  const { settings, objective, train, validation, resume } = options;
  const { tree, rounds, numParallelTree, seed, dart } = settings;
  return {
    train: train.dataset,
    ...(validation && {
      evaluations: [{ dataset: validation.dataset, initialMargins: validation.initialMargins }],
    }),
    groups: objective.groupCount,
    gradients,
    initialMargins: train.initialMargins,
    ...{ tree, rounds, numParallelTree, seed },
    ...(dart && { dart }),
    ...(resume && { resume: resume.boost }),
  };
}

function createLoss(options: RunOptions, look: () => void): KernelLoss | GradientSource {
  const { objective, train, resume, settings } = options;
  if (objective.kernelLoss) return objective.kernelLoss;
  return objective.prepare(train.rows, {
    look,
    pairSeed: (round) => createRandom((settings.seed >>> 0) + (round + 1) * 2 ** 32).bits(),
    ...(resume?.vectors && { vectors: resume.vectors }),
  });
}
