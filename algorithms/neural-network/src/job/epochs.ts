/**
 * The course of training: epochs of steps, metrics of each, early stopping, and the reasons to end: the last epoch,
 * early stopping, a stop, a loss that has become NaN. It returns the network of the best epoch if early stopping chose
 * one.
 */
import {
  ClientError,
  type Communicator,
  definedValues,
  type HistoryEntry,
  isStopError,
  oneHost,
  type StopSignal,
  stoppedBefore,
} from '@algo/contract';
import { createEarlyStopping } from '@algo/numerics';
import { createEvaluationRows, type EvaluationRows } from '../data/evaluation-rows.js';
import type { TrainingRows } from '../data/training-rows.js';
import { isBetter, type MetricName, type Scores } from '../evaluation/index.js';
import type { TrainedNetwork, Weights } from '../network/definition.js';
import type { Operations, OptimizerRule } from '../operations/operations.js';
import { createTrainer, type Trainer } from '../training/trainer.js';
import type { EpochProgress, RunState } from './checkpoint.js';
import { evaluate } from './evaluation.js';

export interface FitOptions {
  readonly operations: Operations;
  /** Where training starts. */
  readonly network: TrainedNetwork;
  readonly train: TrainingRows;
  readonly validation: EvaluationRows | undefined;
  readonly rule: OptimizerRule;
  /** Learning rate of a step, from 1. */
  readonly rate: (step: number) => number;
  readonly epochs: number;
  readonly seed: number;
  /** [classes] */
  readonly classWeights: Float64Array | undefined;
  readonly metrics: readonly MetricName[];
  readonly earlyStopping: { readonly metric: MetricName; readonly patience: number } | undefined;
  readonly stop: Pick<StopSignal, 'check'>;
  /** Those that train the network together; default: one. All of them take the same course, whichever has the rows. */
  readonly hosts?: Communicator | undefined;
  readonly resume: RunState | undefined;
  /** Called for each epoch; values that the rows do not define are NaN. */
  onEpoch?(entry: HistoryEntry): void;
  /** Asked after each step, part of an evaluation and epoch: whether it is time to keep the state. Default: always. */
  isDue?(): boolean;
  /** Called when it is time on any host, and at a stop, on all hosts alike; `state` makes what to keep. */
  onState?(state: () => Promise<RunState>, isStopped: boolean): Promise<void>;
  /** Asked after each epoch; `make` gives what the result would be if this were the last one. */
  onModel?(make: () => Promise<TrainedNetwork>): Promise<void>;
  progress?(line: string): void;
}

export interface Fit {
  readonly network: TrainedNetwork;
  readonly history: readonly HistoryEntry[];
  /** Which epoch's network it is, where early stopping chose. */
  readonly bestEpoch: number | undefined;
  /** Why training ended, for the log. */
  readonly reason: string;
}

/** @throws ClientError E_DIVERGED when the loss of the first epochs is no finite number */
export async function fit(options: FitOptions): Promise<Fit> {
  const { network, rule, seed, resume, hosts } = options;
  const trainer = createTrainer(options.operations, network, { rule, seed, hosts, state: resume?.trainer });
  let sample: EvaluationRows | undefined;
  try {
    return await runEpochs(options, trainer, () => {
      sample ??= createEvaluationRows(network.definition, () => [options.train.sample()]);
      return sample;
    });
  } finally {
    sample?.dispose();
    trainer.dispose();
  }
}

// --- internal ---

async function runEpochs(options: FitOptions, trainer: Trainer, sample: () => EvaluationRows): Promise<Fit> {
  const { network, epochs, stop, resume, earlyStopping, hosts = oneHost() } = options;
  const stopping =
    earlyStopping &&
    createEarlyStopping({
      isBetter: (value, than) => isBetter(earlyStopping.metric, value, than),
      patience: earlyStopping.patience,
      resumed: resume?.best && { round: resume.best.epoch, value: resume.best.value },
    });
  const history = [...(resume?.history ?? [])];
  let bestWeights: Weights | undefined = resume?.best?.weights;
  const networkNow = async () => (bestWeights ? { ...network, weights: bestWeights } : await trainer.network());
  const finish = async (reason: string): Promise<Fit> => ({
    network: await networkNow(),
    history,
    bestEpoch: bestWeights && stopping?.best?.round,
    reason,
  });
  const stateOf = (progress: Progress | undefined) => async (): Promise<RunState> => ({
    trainer: await trainer.state(),
    progress: progress && progress.batches > 0 ? { ...progress } : undefined,
    history: [...history],
    best: stopping?.best &&
      bestWeights && { epoch: stopping.best.round, value: stopping.best.value, weights: bestWeights },
  });
  const giveUp = (loss: number): Promise<Fit> => {
    if (bestWeights) return finish(`the loss became ${loss}`);
    throw diverged(history.length + 1, loss);
  };
  const stopped = async (progress?: Progress): Promise<Fit> => {
    if (progress?.batches === 0 && history.length === 0)
      throw stoppedBefore('after its rows were read', 'the first step');
    const state = await stateOf(progress)();
    const loss = (state.progress?.loss ?? 0) + (state.trainer.lossSum ?? 0);
    if (!Number.isFinite(loss)) return giveUp(loss);
    await options.onState?.(() => Promise.resolve(state), true);
    return finish('stopped');
  };
  const wishes = new Uint8Array(2);
  const pauseAt = (progress: Progress | undefined): Pause => {
    const state = stateOf(progress);
    return async () => {
      wishes[0] = Number(await stop.check());
      wishes[1] = Number(options.isDue?.() ?? true);
      hosts.max(wishes); // of both, since each call takes a round trip
      const [isStopped, isDue] = wishes;
      if (isStopped === 0 && isDue === 1) await options.onState?.(state, false);
      return isStopped === 1;
    };
  };
  let resumed = resume?.progress;

  while (history.length < epochs) {
    if (stopping?.isOver(history.length)) return finish('early stopping');
    const epoch = history.length + 1;
    const progress: Progress = { ...(resumed ?? { batches: 0, loss: 0, weight: 0 }) };
    resumed = undefined;
    const pause = pauseAt(progress);
    if (!(await runEpoch(options, trainer, epoch, { progress, pause }))) return stopped(progress);
    const loss = progress.loss / progress.weight;
    if (!Number.isFinite(loss)) return giveUp(loss);
    const entry = await evaluateEpoch(options, trainer, { epoch, loss }, sample(), pause);
    if (entry === undefined) return stopped(progress);
    const defined = definedValues(entry);
    history.push(defined);
    options.onEpoch?.(entry);
    const decisive = stopping && defined[`validation:${earlyStopping?.metric}`];
    if (decisive !== undefined && stopping?.update({ round: epoch, value: decisive })) {
      bestWeights = (await trainer.network()).weights;
    }
    if (await pauseAt(undefined)()) return stopped();
    await options.onModel?.(networkNow);
  }
  return finish('last epoch');
}

/** Sums of the device are read so often: a float32 sum of few batches loses nothing, and the device never waits long. */
const LOSS_INTERVAL = 256;

/** The progress of the current epoch. */
type Progress = { -readonly [K in keyof EpochProgress]: EpochProgress[K] };

/** Whether a stop was asked for; if not, a state is kept when its time has come. */
type Pause = () => Promise<boolean>;

/** Steps through what is left of an epoch; whether it came to its end, without a stop. Losses are those before each step. */
async function runEpoch(
  { train, rate, epochs, progress: tell }: FitOptions,
  trainer: Trainer,
  epoch: number,
  { progress, pause }: { readonly progress: Progress; readonly pause: Pause },
): Promise<boolean> {
  const stepsBefore = (epoch - 1) * train.batchesPerEpoch;
  return untilStopped(async () => {
    for await (const batch of train.batches(epoch, progress.batches)) {
      const exchanged = trainer.step(batch, rate(stepsBefore + progress.batches + 1));
      if (exchanged) await exchanged;
      progress.weight += batch.weightSum;
      progress.batches += 1;
      if (progress.batches % LOSS_INTERVAL === 0) progress.loss += await trainer.takeLoss();
      tell?.(`epoch ${epoch} of at most ${epochs}: batch ${progress.batches} of ${train.batchesPerEpoch}`);
      if (await pause()) return false;
    }
    progress.loss += await trainer.takeLoss();
    return true;
  }, false);
}

/** The epoch's line of the history; undefined when a stop came. */
async function evaluateEpoch(
  { operations, network, metrics, classWeights, rate, train: rows, validation, hosts = oneHost() }: FitOptions,
  { outputs }: Trainer,
  { epoch, loss }: { readonly epoch: number; readonly loss: number },
  sample: EvaluationRows,
  pause: Pause,
): Promise<HistoryEntry | undefined> {
  const { definition, outputScaling } = network;
  const evaluation = { operations, definition, hosts, outputs, outputScaling, classWeights };
  const evaluateAll = (rows: EvaluationRows) => untilStopped(() => evaluate(rows, evaluation, pause), undefined);
  const train = await evaluateAll(sample);
  const held = train && validation && (await evaluateAll(validation));
  if (!train || (validation && !held)) return undefined;
  const named = (channel: string, scores: Scores) =>
    metrics.map((name) => [`${channel}:${name}`, scores[name] ?? Number.NaN] as const);
  return {
    epoch,
    learning_rate: rate(epoch * rows.batchesPerEpoch),
    ...Object.fromEntries(named('train', { ...train, loss })),
    ...(held && Object.fromEntries(named('validation', held))),
  };
}

/** What `run` gives, or `otherwise` when a stop ends its reading. */
async function untilStopped<T>(run: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isStopError(error)) return otherwise;
    throw error;
  }
}

function diverged(epoch: number, loss: number): ClientError {
  return new ClientError(
    'E_DIVERGED',
    `The loss must stay a finite number; it is ${loss} in epoch ${epoch}. Lower learning_rate, or set clip_norm or warmup_epochs.`,
  );
}
