/**
 * A training job: read the channels, train, save. The first pass over the rows learns their scaling; training follows on
 * the backend that works here. Stages of the work are the files of `job/` and `data/`. Several hosts take the same course, each
 * with its own rows.
 */
import {
  ClientError,
  type Communicator,
  describeShare,
  HISTORY_FILE,
  historyReport,
  type ModelFiles,
  requireStartColumns,
} from '@algo/contract';
import type { Backend } from './backends/backend.js';
import { startBackend, wantedBackend } from './backends/choose.js';
import { classCountOf } from './data/row-chunks.js';
import { type Scan, scanRows } from './data/scan.js';
import type { Job } from './definition.js';
import { type Settings, settingsOf } from './hyperparameters/settings.js';
import { withImageRows } from './images/channel.js';
import { checkpointing, requireSameState } from './job/checkpointing.js';
import { type Fit, fit } from './job/epochs.js';
import { exampleRow, type Plan, planJob } from './job/plan.js';
import { trainingRows, validationRows } from './job/rows.js';
import { describeLayers, readStartModel, type StartModel } from './job/start-model.js';
import { withText } from './job/text.js';
import { writeModelFiles } from './model/index.js';
import type { TrainedNetwork } from './network/definition.js';
import { createSchedule } from './training/schedule.js';

export async function train(given: Job): Promise<void> {
  const asked = settingsOf(given.hyperparameters);
  const hosts = await given.communicator(); // first: others may have channels that this host lacks
  const job = withRows(given, asked);
  const { environment, channels } = job;
  requireValidation(job);
  requireWeightColumn(job);
  const names = environment.resourceConfig.hosts;
  const start = channels.model && readStartModel(channels.model, asked, { hosts, names });
  const scan = await scanTrainingRows(job, hosts, asked, start);
  const settings = withText(asked, { categories: scan.categoryNames, labelCount: scan.labels.count });
  if (start) requireSameColumns(start, scan);
  const plan = planJob(settings, scan, start, job.objectiveMetric);
  job.log.info(`read ${describeRows(scan, hosts)}; ${describeNetwork(plan.network)}`);
  const wanted = wantedBackend(settings.backend, environment.variables);
  const backend = await startBackend(wanted, { threads: settings.threads, log: job.log });
  try {
    requireSameBackend(hosts, backend, names);
    await trainOn(job, hosts, backend, scan, plan);
  } finally {
    backend.close();
  }
}

// --- internal ---

/** Images are rows from here on. */
function withRows(job: Job, { imageShape }: Settings): Job {
  const { train, validation } = job.channels;
  const channels = {
    ...job.channels,
    train: withImageRows(train, imageShape, true),
    validation: validation && withImageRows(validation, imageShape, false),
  };
  return { ...job, channels };
}

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
  if (csv_weights === 0 || !/libsvm|recordio|image/.test(contentType.type)) return;
  throw new ClientError(
    'E_HYPERPARAMETER',
    `Hyperparameter "csv_weights" is only for CSV, JSON, Parquet and .npy; received "1" with ${contentType.type} in channel "${name}". ${contentType.type.includes('libsvm') ? 'There a row is label:weight index:value …' : contentType.type.includes('image') ? 'Images have no weights' : 'Records have no weights'}: leave it out.`,
  );
}

function scanTrainingRows(
  job: Job,
  hosts: Communicator,
  settings: Settings,
  start: StartModel | undefined,
): Promise<Scan> {
  const { hasWeights, unseenCategories, dataBytes } = settings;
  return scanRows(job.channels.train, {
    hasWeights,
    hosts,
    collected: (columns) => withText(settings, columns),
    categories: start?.categories,
    unseenCategories,
    featureCount: start?.definition.featureCount,
    featureNames: start?.featureNames,
    keptBytes: dataBytes,
    stop: job.stop,
    progress: (line) => job.progress(line),
    digest: job.checkpoints.isEnabled,
  });
}

function requireSameColumns({ definition }: TrainedNetwork, { columns, labels }: Scan): void {
  const { task, outputCount, featureCount } = definition;
  const labelCount = task === 'regression' ? outputCount : 1;
  requireStartColumns('train', { columns: featureCount, labelCount }, { columns, labelCount: labels.count });
}

async function trainOn(job: Job, hosts: Communicator, backend: Backend, scan: Scan, plan: Plan): Promise<void> {
  const { settings } = plan;
  const rows = trainingRows(job, hosts, backend, scan, plan);
  const validation = validationRows(job, hosts, backend, scan, plan);
  const { resume, isDue, onState } = checkpointing(job, hosts, scan, plan.network);
  try {
    const result = await fit({
      ...plan,
      operations: backend.operations,
      train: rows,
      validation,
      rule: settings.rule,
      rate: rateOf(settings, rows.batchesPerEpoch),
      epochs: settings.epochs,
      seed: settings.seed,
      stop: job.stop,
      hosts,
      resume,
      onEpoch: (entry) => job.metrics.writeEntry(entry),
      isDue,
      onState,
      onModel: (make) => job.offerModel(async () => modelFiles(job, scan, await make())),
      ...(hosts.rank === 0 && { progress: (line) => job.progress(line) }),
    });
    requireSameState(hosts, result.network.weights.values());
    await save(job, hosts, scan, result);
  } finally {
    rows.dispose();
    validation?.dispose();
  }
}

/**
 * Backends round differently, so that the networks of hosts would drift apart.
 * @param names of the hosts, by rank @throws ClientError E_BACKEND naming two hosts
 */
function requireSameBackend(hosts: Communicator, { name }: Backend, names: readonly string[]): void {
  const backends = hosts.gatherValues(name);
  const other = backends.findIndex((own) => own !== backends[0]);
  if (other < 0) return;
  throw new ClientError(
    'E_BACKEND',
    `All hosts must compute on one backend; ${names[0]} does on ${backends[0]}, and ${names[other]} on ${backends[other]}. Use instances of one type, or set the hyperparameter backend.`,
  );
}

function rateOf({ epochs, schedule }: Settings, stepsPerEpoch: number): (step: number) => number {
  return createSchedule({
    ...schedule,
    totalSteps: epochs * stepsPerEpoch,
    warmupSteps: Math.round(schedule.warmupEpochs * stepsPerEpoch),
    interval: schedule.stepEpochs * stepsPerEpoch,
  });
}

function modelFiles(job: Job, scan: Scan, network: TrainedNetwork): ModelFiles {
  const isFromOne = job.channels.train.contentType.parameters.index_base === '1';
  return {
    files: writeModelFiles({ ...network, featureNames: scan.columnNames }),
    featureCount: network.definition.featureCount,
    ...(scan.columnNames && { featureNames: scan.columnNames }),
    ...(isFromOne && { libsvmIndexBase: 1 }),
    // The SDK knows those that it read itself, not the folders of images.
    ...(scan.categoryNames && { categories: scan.categoryNames }),
    unseenCategories: job.hyperparameters.unseen_categories,
    exampleRow: exampleRow(network),
  };
}

async function save(job: Job, { rank }: Communicator, scan: Scan, fit: Fit): Promise<void> {
  const { network, history, bestEpoch, reason } = fit;
  if (rank === 0) {
    await job.saveModel(modelFiles(job, scan, network));
    job.writeOutput(HISTORY_FILE, historyReport(history));
  }
  const kept = bestEpoch === undefined ? '' : `; the model is from epoch ${bestEpoch}, the best one`;
  job.log.info(`ended after ${history.length} epochs: ${reason}${kept}`);
}

function describeRows({ rows, rowsOfHosts, columns }: Scan, hosts: Communicator): string {
  return `rows=${rows}, columns=${columns}${describeShare(hosts, [rowsOfHosts[hosts.rank]!])}`;
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
