/**
 * A training job: read the channels, train, save. The first pass over the rows learns their scaling; training follows on
 * the backend that works here. Stages of the work are the files of `job/` and `data/`.
 */
import { ClientError, digestRows } from '@algo/contract';
import type { Backend } from './backends/backend.js';
import { startBackend, wantedBackend } from './backends/choose.js';
import { classCountOf } from './data/row-chunks.js';
import { type Scan, scanRows } from './data/scan.js';
import type { Job } from './definition.js';
import type { Hyperparameters } from './hyperparameters/index.js';
import {
  classCount,
  DEFAULT_STEP_FACTOR,
  defaultStepEpochs,
  learningRate,
  optimizerRule,
} from './hyperparameters/settings.js';
import { checkpointing } from './job/checkpointing.js';
import { type Fit, fit } from './job/epochs.js';
import { HISTORY_FILE, type HistoryEntry, historyReport } from './job/history.js';
import { exampleRow, type Plan, planJob } from './job/plan.js';
import { trainingRows, validationRows } from './job/rows.js';
import { describeLayers, readStartModel, requireColumns } from './job/start-model.js';
import { writeMetrics } from './metrics.js';
import { writeModelFiles } from './model/index.js';
import type { TrainedNetwork } from './network/definition.js';
import { createSchedule } from './training/schedule.js';

export async function train(job: Job): Promise<void> {
  const { hyperparameters: values, environment, channels } = job;
  requireValidation(job);
  requireWeightColumn(job);
  const start = channels.model && readStartModel(channels.model, values);
  const { scan, labels } = await scanTrainingRows(job, start);
  if (start) requireColumns(start, scan);
  const plan = planJob(values, scan, start, job.objectiveMetric);
  job.log.info(`read rows=${scan.rows}, columns=${scan.columns}; ${describeNetwork(plan.network)}`);
  const wanted = wantedBackend(values.backend, environment.variables);
  const backend = await startBackend(wanted, { threads: values.threads, log: job.log });
  try {
    await trainOn(job, backend, { scan, plan, labels });
  } finally {
    backend.close();
  }
}

// --- internal ---

function requireValidation({ hyperparameters: { early_stopping_patience }, channels }: Job): void {
  if (early_stopping_patience === undefined || channels.validation) return;
  throw new ClientError(
    'E_CHANNEL',
    'Channel "validation" is required with hyperparameter "early_stopping_patience"; the job has none.',
  );
}

/** @throws ClientError E_HYPERPARAMETER for rows that cannot have a column of weights */
function requireWeightColumn({ hyperparameters: { csv_weights }, channels }: Job): void {
  const { name, contentType } = channels.train;
  if (csv_weights === 0 || !/libsvm|recordio/.test(contentType.type)) return;
  throw new ClientError(
    'E_HYPERPARAMETER',
    `Hyperparameter "csv_weights" is only for text/csv and application/x-parquet; received "1" with ${contentType.type} in channel "${name}". ${contentType.type.includes('libsvm') ? 'There a row is label:weight index:value …' : 'Records have no weights'}: leave it out.`,
  );
}

interface Prepared {
  readonly scan: Scan;
  readonly plan: Plan;
  /** Digest of the labels, for checkpoints. */
  readonly labels: string | undefined;
}

async function scanTrainingRows(
  job: Job,
  start: TrainedNetwork | undefined,
): Promise<Pick<Prepared, 'scan' | 'labels'>> {
  const { hyperparameters: values, channels, stop } = job;
  // The features are known by the scaling that they give.
  const digested = job.checkpoints.isEnabled ? digestRows(channels.train, { hasFeatures: false }) : undefined;
  const scan = await scanRows(digested?.channel ?? channels.train, {
    hasWeights: values.csv_weights === 1,
    categoricalColumns: values.categorical_features ?? [],
    classCount: classCount(values),
    featureCount: start?.definition.featureCount,
    featureNames: start?.featureNames,
    keptBytes: values.data_memory_mb * 2 ** 20,
    stop,
    progress: (line) => job.progress(line),
  });
  return { scan, labels: digested?.digest() };
}

async function trainOn(job: Job, backend: Backend, { scan, plan, labels }: Prepared): Promise<void> {
  const { hyperparameters: values, stop } = job;
  const rows = trainingRows(job, backend, scan, plan);
  const validation = validationRows(job, backend, scan, plan.network);
  const { resume, onState } = checkpointing(job, { ...scan, labels }, plan.network);
  try {
    const result = await fit({
      ...plan,
      operations: backend.operations,
      train: rows,
      validation,
      rule: optimizerRule(values),
      rate: rateOf(values, rows.batchesPerEpoch),
      epochs: values.epochs,
      seed: values.seed,
      earlyStopping:
        values.early_stopping_patience === undefined
          ? undefined
          : { metric: plan.deciding, patience: values.early_stopping_patience },
      stop,
      resume,
      onEpoch(entry) {
        if (entry.epoch === 1) tellUndefined(job, plan, entry);
        writeMetrics(job.metrics, entry);
      },
      onState,
      progress: (line) => job.progress(line),
    });
    save(job, scan, result);
  } finally {
    rows.dispose();
    validation?.dispose();
  }
}

function rateOf(values: Hyperparameters, stepsPerEpoch: number): (step: number) => number {
  const { epochs, lr_schedule, lr_step_epochs, lr_step_factor, warmup_epochs } = values;
  return createSchedule({
    kind: lr_schedule,
    learningRate: learningRate(values),
    totalSteps: epochs * stepsPerEpoch,
    warmupSteps: Math.round(warmup_epochs * stepsPerEpoch),
    factor: lr_step_factor ?? DEFAULT_STEP_FACTOR,
    interval: (lr_step_epochs ?? defaultStepEpochs(epochs)) * stepsPerEpoch,
  });
}

/** A metric may have no value on some rows, such as auc where all are of one class; its lines would be missed. */
function tellUndefined(job: Job, { metrics }: Plan, entry: HistoryEntry): void {
  const channels = ['train', ...(job.channels.validation ? ['validation'] : [])];
  const names = channels.flatMap((channel) => metrics.map((name) => `${channel}:${name}`));
  const missing = names.filter((name) => entry[name] === undefined);
  if (missing.length === 0) return;
  job.log.info(`${missing.join(', ')}: not defined for these rows (are all of one class?), so not reported`);
}

function save(job: Job, scan: Scan, { network, history, bestEpoch, reason }: Fit): void {
  const isFromOne = job.channels.train.contentType.parameters.index_base === '1';
  job.saveModel({
    files: writeModelFiles({ ...network, featureNames: scan.columnNames }),
    featureCount: network.definition.featureCount,
    ...(scan.columnNames && { featureNames: scan.columnNames }),
    ...(isFromOne && { libsvmIndexBase: 1 }),
    exampleRow: exampleRow(network),
  });
  job.writeOutput(HISTORY_FILE, historyReport(history));
  const kept = bestEpoch === undefined ? '' : `; the model is that of epoch ${bestEpoch}, the best`;
  job.log.info(`ended after ${history.length} epochs: ${reason}${kept}`);
}

function describeNetwork({ definition, weights }: TrainedNetwork): string {
  const count = [...weights.values()].reduce((sum, { length }) => sum + length, 0);
  const embeddings = definition.categoricalInputs.map(({ column, dimensions }) => `${column} in ${dimensions}`);
  const embedded = embeddings.length > 0 ? `embeddings of columns ${embeddings.join(', ')}; ` : '';
  const classes = classCountOf(definition);
  const outputs =
    classes === undefined
      ? `${definition.outputCount} output${definition.outputCount === 1 ? '' : 's'}`
      : `${classes} classes`;
  return `${embedded}layers ${describeLayers(definition.layers)}; ${outputs}, ${count} weights`;
}
