/**
 * The course of training: epochs of steps, measures of each, early stopping, and ways out: the last epoch, no better one
 * for long, a stop, a loss that is no number any more. What it returns is the best epoch's network when early stopping
 * chose one.
 */
import { ClientError, type StopSignal } from '@algo/contract';
import { createMeasuredRows, type MeasuredRows } from '../data/measured-rows.js';
import type { TrainingRows } from '../data/training-rows.js';
import type { MeasureName, Scores } from '../evaluation/index.js';
import type { TrainedNetwork, Weights } from '../network/definition.js';
import type { Operations, OptimizerRule } from '../operations/operations.js';
import { createTrainer, type Trainer } from '../training/trainer.js';
import type { RunState } from './checkpoint.js';
import { createEarlyStopping } from './early-stopping.js';
import type { HistoryEntry } from './history.js';
import { measure } from './measure.js';

export interface FitOptions {
  readonly operations: Operations;
  /** Where training starts. */
  readonly network: TrainedNetwork;
  readonly train: TrainingRows;
  readonly validation: MeasuredRows | undefined;
  readonly rule: OptimizerRule;
  /** Learning rate of a step, from 1. */
  readonly rate: (step: number) => number;
  readonly epochs: number;
  readonly seed: number;
  /** [classes] */
  readonly classWeights: Float64Array | undefined;
  readonly measures: readonly MeasureName[];
  readonly earlyStopping: { readonly measure: MeasureName; readonly patience: number } | undefined;
  readonly stop: Pick<StopSignal, 'check'>;
  readonly resume: RunState | undefined;
  /** Told each epoch; values that are not defined are left out. */
  onEpoch?(entry: HistoryEntry): void;
  /** Asked after each epoch; `state` makes what to keep of it. */
  onState?(state: () => Promise<RunState>, isStopped: boolean): Promise<void>;
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
  const { network, rule, seed, resume } = options;
  const trainer = createTrainer(options.operations, network, { rule, seed, state: resume?.trainer });
  let sample: MeasuredRows | undefined;
  try {
    return await runEpochs(options, trainer, () => {
      sample ??= createMeasuredRows(network.definition, () => [options.train.sample()]);
      return sample;
    });
  } finally {
    sample?.dispose();
    trainer.dispose();
  }
}

// --- internal ---

async function runEpochs(options: FitOptions, trainer: Trainer, sample: () => MeasuredRows): Promise<Fit> {
  const { network, epochs, stop, resume, earlyStopping } = options;
  const stopping = earlyStopping && createEarlyStopping(earlyStopping.measure, earlyStopping.patience, resume?.best);
  const history = [...(resume?.history ?? [])];
  let bestWeights: Weights | undefined = resume?.best?.weights;
  const finish = async (reason: string): Promise<Fit> => ({
    network: bestWeights ? { ...network, weights: bestWeights } : await trainer.network(),
    history,
    bestEpoch: bestWeights && stopping?.best?.epoch,
    reason,
  });
  const pause = createPause(stop);

  while (history.length < epochs) {
    if (stopping?.isOver(history.length)) return finish('no better epoch for long');
    const epoch = history.length + 1;
    const loss = await runEpoch(options, trainer, epoch, pause);
    if (loss === undefined) return finish('stopped');
    if (!Number.isFinite(loss)) {
      if (bestWeights) return finish(`the loss became ${loss}`);
      throw diverged(epoch, loss);
    }
    const entry = await measureEpoch(options, trainer, { epoch, loss }, sample(), pause);
    if (entry === undefined) return finish('stopped');
    history.push(entry);
    options.onEpoch?.(entry);
    const decisive = stopping && entry[`validation:${earlyStopping?.measure}`];
    if (decisive !== undefined && stopping?.update(epoch, decisive)) bestWeights = (await trainer.network()).weights;
    const isStopped = await stop.check();
    const state = async (): Promise<RunState> => ({
      trainer: await trainer.state(),
      history: [...history],
      best: stopping?.best && bestWeights && { ...stopping.best, weights: bestWeights },
    });
    await options.onState?.(state, isStopped);
    if (isStopped) return finish('stopped');
  }
  return finish('last epoch');
}

/** Sums of the device are read so often: a float32 sum of few batches loses nothing, and the device never waits long. */
const LOSS_INTERVAL = 256;

/** Mean loss of the epoch's rows, each before its step; undefined when a stop came. */
async function runEpoch(
  { train, rate, epochs, progress }: FitOptions,
  trainer: Trainer,
  epoch: number,
  pause: Pause,
): Promise<number | undefined> {
  const stepsBefore = (epoch - 1) * train.batchesPerEpoch;
  let loss = 0;
  let weight = 0;
  let count = 0;
  for await (const batch of train.batches(epoch)) {
    trainer.step(batch, rate(stepsBefore + count + 1));
    weight += batch.weightSum;
    count += 1;
    if (count % LOSS_INTERVAL === 0) loss += await trainer.takeLoss();
    if (!pause.isDue()) continue;
    progress?.(`epoch ${epoch} of at most ${epochs}: batch ${count} of ${train.batchesPerEpoch}`);
    if (await pause.take()) return undefined;
  }
  return (loss + (await trainer.takeLoss())) / weight;
}

/** The epoch's line of the history; undefined when a stop came. */
async function measureEpoch(
  { operations, network, measures, classWeights, rate, train: rows, validation }: FitOptions,
  { outputs }: Trainer,
  { epoch, loss }: { readonly epoch: number; readonly loss: number },
  sample: MeasuredRows,
  pause: Pause,
): Promise<HistoryEntry | undefined> {
  const { definition, outputScaling } = network;
  const measuring = { operations, definition, outputs, outputScaling, classWeights };
  const onPart = async () => pause.isDue() && (await pause.take());
  const train = await measure(sample, measuring, onPart);
  const held = train && validation && (await measure(validation, measuring, onPart));
  if (!train || (validation && !held)) return undefined;
  const named = (channel: string, scores: Scores) =>
    measures.map((name) => [`${channel}:${name}`, scores[name] ?? Number.NaN] as const);
  return defined({
    epoch,
    learning_rate: rate(epoch * rows.batchesPerEpoch),
    ...Object.fromEntries(named('train', { ...train, loss })),
    ...(held && Object.fromEntries(named('validation', held))),
  });
}

/** Without the measures that these rows do not define, such as auc of rows of one class. */
function defined(entry: HistoryEntry): HistoryEntry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => Number.isFinite(value)));
}

/** The event loop turns so often: soon enough for a stop, and rarely enough to cost nothing. */
const PAUSE_MS = 100;

interface Pause {
  isDue(): boolean;
  /** Whether a stop was asked for. */
  take(): Promise<boolean>;
}

function createPause(stop: Pick<StopSignal, 'check'>): Pause {
  let last = performance.now();
  return {
    isDue: () => performance.now() - last > PAUSE_MS,
    async take() {
      const isStopped = await stop.check();
      last = performance.now();
      return isStopped;
    },
  };
}

function diverged(epoch: number, loss: number): ClientError {
  return new ClientError(
    'E_DIVERGED',
    `The loss must stay a finite number; it is ${loss} in epoch ${epoch}. Lower learning_rate, or set clip_norm or warmup_epochs.`,
  );
}
