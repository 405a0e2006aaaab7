/**
 * One training job, from the files the platform left to the model it takes away. Every way out is here: 0 with a
 * complete model, 1 with a failure file that says why. SIGTERM leads to the best model so far.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Algorithm } from '../algorithm.js';
import { JobHosts } from '../channels/sharing.js';
import { createCheckpointStore } from '../checkpoint/store.js';
import { createConnection, type ThreadMembership } from '../cluster/connect.js';
import { programFacts } from '../cluster/program-facts.js';
import { toolkitVariables } from '../cluster/toolkit-variables.js';
import { makeDirectory } from '../directory.js';
import { type Environment, readCluster, readEnvironment } from '../environment.js';
import { AlgorithmError, ClientError, type ContractError, messageOf, PlatformError } from '../errors.js';
import type { Categories } from '../formats/categories/categories.js';
import { readHyperparameters } from '../hyperparameters/channel-files.js';
import { parseHyperparameters } from '../hyperparameters/parse.js';
import type { Log } from '../log.js';
import { removeStagedModels } from '../model/directory.js';
import type { ModelFiles } from '../model/model.js';
import { createModelWriter } from '../model/save.js';
import { layout } from '../paths.js';
import { setVariables } from '../variables.js';
import { runUntilStopped, type Trained } from './course.js';
import type { TrainingJob } from './job.js';
import { openJobChannels } from './job-channels.js';
import { asFailure, fail, removeFailure, stoppedWithoutModel } from './job-failure.js';
import { createMetricsWriter } from './metrics.js';
import { createModelOffer } from './offered-model.js';
import { checkOutput } from './output-check.js';
import { createProgress } from './progress.js';
import { type StopSignal, stopNameOf } from './stop.js';

/** Where a job runs. */
export interface TrainOptions {
  readonly log: Log;
  readonly stop: StopSignal;
  /** The base of the /opt/ml tree; needed before the environment could be read, to leave a failure file. */
  readonly base: string;
  readonly variables?: NodeJS.ProcessEnv;
  /** Connects this host with the others; only a program can, whose main thread watches them. */
  readonly membership?: ThreadMembership;
  /** Reports to the main thread why the job failed. */
  noteFailure?(error: ContractError): void;
  /** Reports to the main thread that the job has a model. */
  noteSaved?(): void;
  /** Minimum time between two models that are kept for a stop; tests set their own. */
  readonly offerIntervalMs?: number;
  /** Reports to the main thread whether a stop may interrupt the job. */
  setEndable?(isEndable: boolean): void;
}

/** Runs `algorithm` on the job found below `base`; the program's exit code. */
export async function train(algorithm: Algorithm, options: TrainOptions): Promise<0 | 1> {
  const paths = layout(options.base);
  const started = performance.now();
  removeFailure(paths.failure);
  try {
    if (!isTrained(algorithm)) {
      throw new ClientError(
        'E_NO_TRAINING',
        `${algorithm.name} is a model package: it is served as it is and has no training. Create a model of it instead of a training job.`,
      );
    }
    // First: the others may wait for a host whose files or hyperparameters are wrong.
    if (algorithm.supportsDistributedTraining) options.membership?.enter(readCluster(options.variables));
    const environment = readEnvironment(options.variables);
    const bytes = await runJob(algorithm, environment, options);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    options.log.info(
      bytes === undefined
        ? `done in ${seconds} s; ${environment.resourceConfig.hosts[0]} saves the model`
        : `saved model (${Math.ceil(bytes / 1000)} kB) to ${paths.model} in ${seconds} s`,
    );
    return 0;
  } catch (error) {
    const failure = asFailure(error);
    options.noteFailure?.(failure);
    return fail(failure, paths, options.log);
  }
}

// --- internal ---

function isTrained(algorithm: Algorithm): algorithm is Trained {
  return algorithm.train !== undefined;
}

/** Without the number of columns the model could not be served. */
function checkColumns({ contentTypes, modelInput }: Algorithm, { featureCount }: ModelFiles): void {
  if (contentTypes.input.length === 0 || modelInput || featureCount !== undefined) return;
  throw new AlgorithmError(
    'E_ALGORITHM',
    'saveModel: featureCount must say how many columns a row of a request has; it is missing.',
  );
}

/** @returns bytes of the saved model; undefined where another host saves it */
async function runJob(
  algorithm: Trained,
  environment: Environment,
  options: TrainOptions,
): Promise<number | undefined> {
  const { log, stop } = options;
  const { paths } = environment;
  const { hosts, currentHost } = environment.resourceConfig;
  log.info(
    `${algorithm.name} ${algorithm.version} train: node ${process.version.slice(1)}, host=${currentHost}, hosts=${hosts.length}`,
  );
  if (hosts.length > 1 && !algorithm.supportsDistributedTraining) {
    throw new ClientError(
      'E_CLUSTER',
      `${algorithm.name} trains on one instance; the job has ${hosts.length}. Set InstanceCount to 1.`,
    );
  }
  const warn = (sentence: string) => log.info(`warning: ${sentence}`);
  const received = readHyperparameters(algorithm.hyperparameterChannel, environment, warn);
  const [rules] = await Promise.all([algorithm.loadHyperparameterRules?.(), algorithm.loadHyperparameters()]);
  const hyperparameters = parseHyperparameters(algorithm, received.values, warn, { files: received.files, rules });
  checkOutput(paths.model, 'model');
  removeStagedModels(paths.model);
  if (environment.checkpointPath !== undefined) checkOutput(environment.checkpointPath, 'checkpoint');
  let savedBytes = 0;
  let featureNames: readonly string[] | undefined;
  let categories: Categories | undefined;
  const jobHosts = new JobHosts(hosts);
  const { channels, objectiveMetric } = openJobChannels(algorithm, {
    received,
    hyperparameters,
    environment,
    hosts: jobHosts,
    policy: algorithm.values,
    ...(algorithm.precision && { precision: algorithm.precision }),
    stop,
    onFeatureNames: (names) => {
      featureNames = names;
    },
    onCategories: (names) => {
      categories = names;
    },
    warn,
  });
  const writer = createModelWriter(paths.model, algorithm, (bytes) => {
    savedBytes = bytes;
    options.noteSaved?.();
  });
  const saves: Promise<unknown>[] = [];
  const program = programFacts(algorithm, received.values, environment);
  const connection = createConnection({ environment, stop, log, program, membership: options.membership });
  const leaderLog: Log = { ...log, info: (line) => connection.isFollower || log.info(line) };
  const saveModel = async (model: ModelFiles) => {
    checkColumns(algorithm, model);
    if (connection.isFollower) return;
    // Columns that have names are matched by them in requests, whether or not the algorithm says so.
    const names = featureNames?.length === model.featureCount ? featureNames : undefined;
    const known = categories?.features.length === model.featureCount ? categories : undefined;
    const defaults = { ...(names && { featureNames: names }), ...(known && { categories: known }) };
    const saving = writer.save({ ...defaults, ...model });
    saves.push(saving);
    await saving;
  };
  const offerModel = createModelOffer({
    save: saveModel,
    log,
    stop,
    ...(options.offerIntervalMs !== undefined && { intervalMs: options.offerIntervalMs }),
  });
  const job: TrainingJob = {
    hyperparameters,
    channels,
    objectiveMetric,
    metrics: createMetricsWriter(algorithm.metrics, leaderLog),
    log,
    progress: createProgress(log),
    stop,
    checkpoints: createCheckpointStore({
      directory: environment.checkpointPath,
      owner: algorithm,
      host: currentHost,
      hostCount: hosts.length,
      hyperparameters,
      log,
    }),
    environment,
    async communicator() {
      jobHosts.connect(await connection.communicator());
      return jobHosts.communicator;
    },
    cacheDirectory: environment.cacheDirectory,
    saveModel,
    offerModel: async (make) => {
      if (!connection.isFollower) await offerModel(make);
    },
    interruptible: (work) => runInterruptible(work, options),
    writeOutput(name, content) {
      const path = join(paths.outputData, name);
      if (!connection.isFollower) writeOutput(path, content);
      return path;
    },
  };
  if (algorithm.setsToolkitVariables) setVariables(toolkitVariables(environment));
  await runUntilStopped(algorithm, job, { saves, connection, isSaved: () => savedBytes > 0 });
  return connection.isFollower ? undefined : savedBytes;
}

/** The flag is set before the stop is looked at, and the other way round by who watches: one of the two sees the other. */
async function runInterruptible<T>(work: () => T | Promise<T>, { stop, setEndable }: TrainOptions): Promise<T> {
  setEndable?.(true);
  try {
    if (await stop.check()) throw stoppedWithoutModel(stopNameOf(stop));
    return await work();
  } finally {
    setEndable?.(false);
  }
}

function writeOutput(path: string, content: string | Uint8Array): void {
  try {
    makeDirectory(dirname(path));
    writeFileSync(path, content);
  } catch (error) {
    const reason = messageOf(error);
    throw new PlatformError('E_OUTPUT', `${path} could not be written: ${reason}.`, { cause: error });
  }
}
