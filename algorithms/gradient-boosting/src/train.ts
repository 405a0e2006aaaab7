/**
 * A training job: read the channels, learn, save. The model is what XGBoost would save; the job's output has feature
 * importance and the metrics of every round. Stages of the work are the files of `job/`.
 */
import { createHash } from 'node:crypto';
import {
  allowedCpus,
  ClientError,
  type Communicator,
  HISTORY_FILE,
  historyReport,
  type ModelFiles,
  requireStartColumns,
  stopNameOf,
} from '@algo/contract';
import { MAX_THREADS } from '@algo/numerics';
import type { Job } from './definition.js';
import { createPool, type Pool } from './engine/threads/pool.js';
import type { Ensemble } from './ensemble/tree.js';
import { type Settings, settingsOf } from './hyperparameters/settings.js';
import { MODEL_EXTENSION, MODEL_NAME } from './inference/model-files.js';
import { CHECKPOINT_FILE, decodeCheckpoint, encodeCheckpoint, FREE_HYPERPARAMETERS } from './job/checkpoint.js';
import { crossValidate } from './job/cross-validation.js';
import { fit } from './job/fit.js';
import { queryColumnOf } from './job/labels.js';
import { packModels } from './job/pack.js';
import { checkTunedMetric, type Plan, planJob } from './job/plan.js';
import { IMPORTANCE_FILE, importanceReport, PREDICTIONS_FILE, predictionsReport } from './job/reports.js';
import { describeRows, shareOf } from './job/shared-table.js';
import { readStartModel, requireOutputs, type StartModel } from './job/start-model.js';
import { type ReadTableOptions, readTable, type Table } from './job/table.js';
import { joinTables, withoutWeightless } from './job/table-parts.js';
import { writeUbjson } from './model/write.js';

/** Features are kept in memory, once read, up to this share of free memory, and up to this many bytes. */
const KEPT_SHARE = 0.25;
const KEPT_BYTES = 2 ** 30;

export async function train(job: Job): Promise<void> {
  const { hyperparameters: values, channels } = job;
  const settings = settingsOf(values);
  checkTunedMetric(settings, job.objectiveMetric);
  // Its threads start while the channels are read.
  const pool = createPool(threadsOfJob(settings, allowedCpus()), (line) => job.log.info(line));
  try {
    const hosts = await job.communicator(); // first: others may have channels that this host lacks
    requireUse(job);
    const names = job.environment.resourceConfig.hosts;
    const start = channels.model && readStartModel(channels.model, settings, { hosts, names });
    await trainWith(job, settings, { pool, hosts, start });
  } finally {
    pool.close();
  }
}

/** Threads of a training job: one for each of `processors` unless it asks for a number; at most what a pool has. */
export function threadsOfJob({ threads }: Pick<Settings, 'threads'>, processors: number): number {
  return Math.min(MAX_THREADS, threads ?? processors);
}

// --- internal ---

/** @throws ClientError E_HYPERPARAMETER for what would do nothing with the channels of the job */
function requireUse({ hyperparameters: values, channels }: Pick<Job, 'hyperparameters' | 'channels'>): void {
  const problems: string[] = [];
  if (channels.model && values.base_score !== undefined) {
    problems.push(
      `Hyperparameter "base_score" cannot be used with channel "model", whose base score is kept; received "${values.base_score}". Leave it out.`,
    );
  }
  for (const { name, contentType } of [channels.train, channels.validation].filter(
    (channel) => channel !== undefined,
  )) {
    if (values.csv_weights !== 1 || !HAS_NO_WEIGHT_COLUMN.test(contentType.type)) continue;
    problems.push(
      `Hyperparameter "csv_weights" is only for CSV, JSON, Parquet and .npy; received "1" with channel "${name}" of ${contentType.type}. Leave it out: ${contentType.type.includes('libsvm') ? 'libsvm has weights as label:weight' : 'records have no weights'}.`,
    );
  }
  if (problems.length > 0) throw new ClientError('E_HYPERPARAMETER', problems.join(' '));
}

/** Types whose rows have weights of their own, or none. */
const HAS_NO_WEIGHT_COLUMN = /libsvm|recordio/;

/** What works, and what training continues from. */
interface Means {
  readonly pool: Pool;
  readonly hosts: Communicator;
  readonly start: StartModel | undefined;
}

interface Work {
  readonly pool: Pool;
  readonly hosts: Communicator;
  readonly plan: Plan;
  readonly table: Table;
  readonly validation: Table | undefined;
  readonly start: Ensemble | undefined;
}

async function trainWith(job: Job, settings: Settings, { pool, hosts, start: started }: Means): Promise<void> {
  const { train: table, validation } = await readTables(job, settings, { hosts, start: started });
  const start = started?.ensemble;
  if (start) requireStartColumns(table.name, { columns: start.featureCount }, table);
  const plan = planJob(settings, table, job.objectiveMetric);
  if (start) requireOutputs(start, plan.objective);
  const metrics = plan.metrics.map(({ name }) => name).join(',');
  job.log.info(`${describeRows(table, validation, hosts)}; threads=${pool.threads}, metrics=${metrics}`);
  const work = { pool, hosts, plan, table, validation, start };
  await (settings.folds === undefined ? trainOne(job, work) : trainFolds(job, work));
}

/** Tables of the rows of all hosts; each host has its part. */
async function readTables(job: Job, settings: Settings, { hosts, start: started }: Omit<Means, 'pool'>) {
  const { channels, stop } = job;
  const start = started?.ensemble;
  if (settings.earlyStoppingRounds !== undefined && !channels.validation) {
    throw new ClientError(
      'E_CHANNEL',
      'Channel "validation" is required with hyperparameter "early_stopping_rounds"; the job has none.',
    );
  }
  const options = {
    hasWeights: settings.hasWeights,
    queryColumn: queryColumnOf(settings.objective),
    categories: started?.categories,
    unseenCategories: settings.unseenCategories,
    keptBytes: Math.min(KEPT_BYTES, process.availableMemory() * KEPT_SHARE),
    stop,
    progress: (line: string) => job.progress(line),
    digest: job.checkpoints.isEnabled,
    ...(start && { columns: start.featureCount, columnNames: start.featureNames }),
  };
  const read = async (channel: Job['channels']['train'], own: ReadTableOptions) => {
    const table = await readTable(channel, own);
    return withoutWeightless(channel.hosts ? shareOf(table, channel.hosts) : table, hosts);
  };
  const table = await read(channels.train, options);
  // What this host has not seen of the columns, the others have.
  const known = hosts.size > 1 && { columnNames: table.columnNames, categories: table.categories ?? ('none' as const) };
  const ofValidation = { ...options, columns: table.columns, ...known };
  return { train: table, validation: channels.validation && (await read(channels.validation, ofValidation)) };
}

async function trainOne(job: Job, work: Work): Promise<void> {
  const { pool, hosts, plan, table, validation, start } = work;
  const { settings } = plan;
  const checkpoint = job.checkpoints.ofJob({
    file: CHECKPOINT_FILE,
    data: {
      columns: table.columns,
      data: table.digest,
      validationData: validation?.digest,
      startModel: start && digestOf(writeUbjson(start)),
      categories: table.categories && digestOf(JSON.stringify(table.categories)),
    },
    free: FREE_HYPERPARAMETERS,
    hosts,
  });
  const saved = checkpoint.read();
  const resume = saved && decodeCheckpoint(saved, settings.rounds);
  if (resume) job.log.info(`resuming after round ${resume.history.length - 1} of the checkpoint`);
  const result = await fit({
    pool,
    hosts,
    plan,
    train: table,
    validation,
    stop: job.stop,
    start,
    resume,
    onRound(entry) {
      job.metrics.writeEntry(entry);
      if (hosts.rank === 0) job.progress(`round ${entry.round! + 1} of at most ${settings.rounds}`);
    },
    onCheckpoint(take, isStopped) {
      if (!checkpoint.isDue(isStopped)) return;
      const { state, ensemble } = take();
      checkpoint.write(encodeCheckpoint(ensemble, state));
    },
    onModel: (make) => (settings.savesAtStop ? job.offerModel(() => modelFiles(job, work, [make()])) : undefined),
  });
  if (result.isStopped && !settings.savesAtStop) {
    throw new ClientError(
      'E_STOPPED',
      `The job was stopped (${stopNameOf(job.stop)}) after round ${result.state.history.length - 1}, and save_model_on_termination is false: there is no model.`,
    );
  }
  if (hosts.rank === 0) {
    await save(job, work, [result.ensemble]);
    job.writeOutput(HISTORY_FILE, historyReport(result.state.history));
    const { best } = result.state;
    if (best) job.log.info(`best round=${best.round}; the model keeps the trees up to it`);
  }
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

async function trainFolds(job: Job, work: Work): Promise<void> {
  const { pool, hosts, plan, table, validation, start } = work;
  if (start) {
    throw new ClientError('E_CHANNEL', 'Channel "model" cannot be used with hyperparameter "_kfold": leave one out.');
  }
  const all = validation ? joinTables(table, validation, 'train and validation') : table;
  const result = await crossValidate({
    pool,
    hosts,
    plan,
    table: all,
    stop: job.stop,
    onFold: (entry) => job.metrics.writeEntry(entry),
  });
  if (hosts.rank > 0) return;
  job.metrics.writeEntry(result.metrics);
  await save(job, work, result.ensembles);
  job.writeOutput(HISTORY_FILE, historyReport([...result.history, result.metrics]));
  job.writeOutput(PREDICTIONS_FILE, predictionsReport(result.rows, result.predictions));
}

async function save(job: Job, work: Work, ensembles: readonly Ensemble[]): Promise<void> {
  await job.saveModel(modelFiles(job, work, ensembles));
  job.writeOutput(IMPORTANCE_FILE, importanceReport(ensembles));
}

/** One model under its name, several under numbered ones. */
function modelFiles(job: Job, { plan, table, hosts }: Work, ensembles: readonly Ensemble[]): ModelFiles {
  const { savesAtStop, unseenCategories } = plan.settings;
  const suffix = (index: number) => (ensembles.length === 1 ? '' : `-${index}`);
  const { stop, log } = job;
  const packed = packModels(ensembles, { stop, log, savesAtStop });
  const files = packed.map((bytes, index) => [`${MODEL_NAME}${suffix(index)}${MODEL_EXTENSION}`, bytes] as const);
  const { featureCount, featureNames } = ensembles[0]!;
  const isFromOne = job.channels.train.contentType.parameters.index_base === '1';
  return {
    files: Object.fromEntries(files),
    featureCount,
    ...(featureNames && { featureNames }),
    ...(hosts.size > 1 && table.categories && { categories: table.categories }),
    ...(isFromOne && { libsvmIndexBase: 1 }),
    unseenCategories,
  };
}
