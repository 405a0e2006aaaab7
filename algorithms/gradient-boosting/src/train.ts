/**
 * A training job: read the channels, learn, save. The model is what XGBoost would save; beside it, in the job's output,
 * stand feature importance and the metrics of every round. Stages of the work are the files of `job/`.
 */
import { createHash } from 'node:crypto';
import { allowedCpus, type Channel, ClientError, digestRows, stopNameOf } from '@algo/contract';
import type { Job } from './definition.js';
import { createPool, type Pool } from './engine/threads/pool.js';
import type { Ensemble } from './ensemble/tree.js';
import { MODEL_EXTENSION, MODEL_NAME } from './inference/model-files.js';
import { CHECKPOINT_FILE, decodeCheckpoint, encodeCheckpoint, jobIdentity } from './job/checkpoint.js';
import { crossValidate } from './job/cross-validation.js';
import { fit } from './job/fit.js';
import { queryColumnOf } from './job/labels.js';
import { packModels } from './job/pack.js';
import { checkTunedMetric, type Plan, planJob } from './job/plan.js';
import {
  HISTORY_FILE,
  historyReport,
  IMPORTANCE_FILE,
  importanceReport,
  PREDICTIONS_FILE,
  predictionsReport,
} from './job/reports.js';
import type { HistoryEntry } from './job/rounds.js';
import { readStartModel, requireColumns, requireOutputs } from './job/start-model.js';
import { readTable, type Table } from './job/table.js';
import { joinTables, withoutWeightless } from './job/table-parts.js';
import { writeMetrics } from './metrics.js';
import { writeUbjson } from './model/index.js';

/** Features are kept in memory, once read, up to this share of what is free, and up to so many bytes. */
const KEPT_SHARE = 0.25;
const KEPT_BYTES = 2 ** 30;
/** A checkpoint costs as much as saving the model, so it is not made after each round. */
const CHECKPOINT_INTERVAL_MS = 20_000;

export async function train(job: Job): Promise<void> {
  const { hyperparameters: values } = job;
  requireUse(job);
  checkTunedMetric(values, job.environment.hyperparameters._tuning_objective_metric);
  const start = job.channels.model && readStartModel(job.channels.model, values);
  // Its threads start while the channels are read.
  const pool = createPool(values.nthread ?? allowedCpus(), (line) => job.log.info(line));
  try {
    await trainWith(job, pool, start);
  } finally {
    pool.close();
  }
}

// --- internal ---

/** @throws ClientError E_HYPERPARAMETER for what would do nothing with the channels of the job */
function requireUse({ hyperparameters: values, channels }: Pick<Job, 'hyperparameters' | 'channels'>): void {
  const problems: string[] = [];
  if (channels.model && values.base_score !== undefined) {
    problems.push(
      `Hyperparameter "base_score" cannot be used with channel "model", whose base score the trees go on from; received "${values.base_score}". Leave it out.`,
    );
  }
  for (const { name, contentType } of [channels.train, channels.validation].filter(
    (channel) => channel !== undefined,
  )) {
    if (values.csv_weights !== 1 || HAS_WEIGHT_COLUMN.test(contentType.type)) continue;
    problems.push(
      `Hyperparameter "csv_weights" is only for CSV and Parquet; received "1" with channel "${name}" of ${contentType.type}. Leave it out: libsvm has weights as label:weight.`,
    );
  }
  if (problems.length > 0) throw new ClientError('E_HYPERPARAMETER', problems.join(' '));
}

/** Types whose rows may have a column of weights. */
const HAS_WEIGHT_COLUMN = /csv|parquet/;

interface Work {
  readonly pool: Pool;
  readonly plan: Plan;
  readonly table: Table;
  readonly validation: Table | undefined;
  readonly start: Ensemble | undefined;
  readonly digests: Digests | undefined;
}

/** Of the rows of the channels; only for a job with checkpoints, which asks whether they are the same. */
interface Digests {
  train(): string;
  validation?(): string;
}

async function trainWith(job: Job, pool: Pool, start: Ensemble | undefined): Promise<void> {
  const { hyperparameters: values } = job;
  const { train: table, validation, digests } = await readTables(job, start);
  if (start) requireColumns(start, table);
  const plan = planJob(values, table, job.objectiveMetric);
  if (start) requireOutputs(start, plan.objective);
  job.log.info(
    `read rows=${table.rows}, columns=${table.columns}${validation ? `, validation rows=${validation.rows}` : ''}; threads=${pool.threads}, metrics=${plan.metrics.map(({ name }) => name).join(',')}`,
  );
  if (values._kfold === undefined) await trainOne(job, { pool, plan, table, validation, start, digests });
  else await trainFolds(job, { pool, plan, table, validation, start, digests });
}

async function readTables(job: Job, start: Ensemble | undefined) {
  const { channels, hyperparameters: values, stop } = job;
  if (values.early_stopping_rounds !== undefined && !channels.validation) {
    throw new ClientError(
      'E_CHANNEL',
      'Channel "validation" is required with hyperparameter "early_stopping_rounds"; the job has none.',
    );
  }
  const options = {
    hasWeights: values.csv_weights === 1,
    queryColumn: queryColumnOf(values.objective),
    keptBytes: Math.min(KEPT_BYTES, process.availableMemory() * KEPT_SHARE),
    stop,
    progress: (line: string) => job.progress(line),
  };
  const columns = start && { columns: start.featureCount, columnNames: start.featureNames };
  const source = (channel: Channel) =>
    job.checkpoints.isEnabled ? digestRows(channel) : { channel, digest: undefined };
  const training = source(channels.train);
  const table = await readTable(training.channel, { ...options, ...columns });
  const measured = channels.validation && source(channels.validation);
  const validation =
    measured && (await readTable(measured.channel, { ...options, ...columns, columns: table.columns }));
  const digests: Digests | undefined = training.digest && {
    train: training.digest,
    ...(measured?.digest && { validation: measured.digest }),
  };
  return { train: withoutWeightless(table), validation: validation && withoutWeightless(validation), digests };
}

async function trainOne(job: Job, { pool, plan, table, validation, start, digests }: Work): Promise<void> {
  const { hyperparameters: values, checkpoints } = job;
  const identity = jobIdentity(values, {
    columns: table.columns,
    data: digests?.train(),
    validationData: digests?.validation?.(),
    startModel: start && digestOf(start),
  });
  const saved = checkpoints.read(CHECKPOINT_FILE, identity);
  const resume = saved && decodeCheckpoint(saved, values);
  if (resume) job.log.info(`going on after round ${resume.history.length - 1} of the checkpoint`);
  let nextCheckpoint = performance.now() + CHECKPOINT_INTERVAL_MS;
  const result = await fit({
    pool,
    plan,
    train: table,
    validation,
    stop: job.stop,
    start,
    resume,
    onRound(entry) {
      if (entry.round === 0) tellUndefined(job, plan, entry);
      writeMetrics(job.metrics, entry);
      job.progress(`round ${entry.round! + 1} of at most ${values.num_round}`);
    },
    onCheckpoint(take, isStopped) {
      const isDue = isStopped || performance.now() >= nextCheckpoint;
      if (!checkpoints.isEnabled || !isDue) return;
      const { state, ensemble } = take();
      checkpoints.write(CHECKPOINT_FILE, encodeCheckpoint(ensemble, state), identity);
      nextCheckpoint = performance.now() + CHECKPOINT_INTERVAL_MS;
    },
  });
  if (result.isStopped && !values.save_model_on_termination) {
    throw new ClientError(
      'E_STOPPED',
      `The job was stopped (${stopNameOf(job.stop)}) after round ${result.state.history.length - 1}, and save_model_on_termination is false: there is no model.`,
    );
  }
  save(job, [result.ensemble]);
  job.writeOutput(HISTORY_FILE, historyReport(result.state.history));
  const { best } = result.state;
  if (best) job.log.info(`best round=${best.round}; the model has its trees and those before`);
}

/** Stands for the model that training goes on from. */
function digestOf(start: Ensemble): string {
  return createHash('sha256').update(writeUbjson(start)).digest('hex').slice(0, 32);
}

/** A metric may have no value on some rows, such as auc where all are of one class; its lines would be missed. */
function tellUndefined(job: Job, { metrics }: Plan, entry: HistoryEntry): void {
  const channels = ['train', ...(job.channels.validation ? ['validation'] : [])];
  const names = channels.flatMap((channel) => metrics.map(({ name }) => `${channel}:${name}`));
  const missing = names.filter((name) => entry[name] === undefined);
  if (missing.length === 0) return;
  job.log.info(`${missing.join(', ')}: not defined for these rows (are all of one class?), so not reported`);
}

async function trainFolds(job: Job, { pool, plan, table, validation, start }: Work): Promise<void> {
  if (start) {
    throw new ClientError('E_CHANNEL', 'Channel "model" cannot be used with hyperparameter "_kfold": leave one out.');
  }
  const all = validation ? joinTables(table, validation, 'train and validation') : table;
  const result = await crossValidate({
    pool,
    plan,
    table: all,
    stop: job.stop,
    onFold: (entry) => writeMetrics(job.metrics, entry),
  });
  writeMetrics(job.metrics, result.metrics);
  save(job, result.ensembles);
  job.writeOutput(HISTORY_FILE, historyReport([...result.history, result.metrics]));
  job.writeOutput(PREDICTIONS_FILE, predictionsReport(all, result.predictions));
}

/** One model under its name, several under numbered ones. */
function save(job: Job, ensembles: readonly Ensemble[]): void {
  const suffix = (index: number) => (ensembles.length === 1 ? '' : `-${index}`);
  const { stop, log, hyperparameters: values } = job;
  const packed = packModels(ensembles, { stop, log, savesAtStop: values.save_model_on_termination });
  const files = packed.map((bytes, index) => [`${MODEL_NAME}${suffix(index)}${MODEL_EXTENSION}`, bytes] as const);
  const { featureCount, featureNames } = ensembles[0]!;
  const isFromOne = job.channels.train.contentType.parameters.index_base === '1';
  job.saveModel({
    files: Object.fromEntries(files),
    featureCount,
    ...(featureNames && { featureNames }),
    ...(isFromOne && { libsvmIndexBase: 1 }),
  });
  job.writeOutput(IMPORTANCE_FILE, importanceReport(ensembles));
}
