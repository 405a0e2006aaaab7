/** What a running training job gives to `train`. */
import type { ChannelDefinitions, JobChannels } from '../channels/channel.js';
import type { CheckpointStore } from '../checkpoint/store.js';
import type { Communicator } from '../cluster/communicator.js';
import type { Environment } from '../environment.js';
import type { Precision } from '../formats/block.js';
import type { Log } from '../log.js';
import type { ModelFiles } from '../model/model.js';
import type { MetricsWriter } from './metrics.js';
import type { StopSignal } from './stop.js';

/**
 * Everything a training run gets. An algorithm takes its own type from its declaration: `JobOf<typeof definition>`.
 * @template H the parsed hyperparameters @template C the declared channels @template K the names of the metrics
 * @template F the precision of the channels' features
 */
export interface TrainingJob<
  H = Record<string, unknown>,
  C extends ChannelDefinitions = ChannelDefinitions,
  K extends string = string,
  F extends Precision = Precision,
> {
  readonly hyperparameters: H;
  readonly channels: JobChannels<C, F>;
  readonly metrics: MetricsWriter<K>;
  readonly log: Log;
  /** One line about how far the work is; printed at a human rate, so it may be called in every round. */
  progress(line: string): void;
  /** Set by SIGTERM; long loops look at it at each safe point, save the best model so far and return. */
  readonly stop: StopSignal;
  readonly checkpoints: CheckpointStore;
  readonly environment: Environment;
  /**
   * Connects the hosts of the job, once: every host calls it, and reduces and exchanges arrays with the others by what it
   * returns. From then on `channels` are those of all hosts, and the first host alone writes models, outputs and metrics, which are
   * those of the whole job: on the others `saveModel`, `offerModel`, `writeOutput` and `metrics` do nothing. On one host it costs nothing.
   * @throws PlatformError E_HOST for hosts that do not come in 15 minutes, E_ENVIRONMENT without MPI; ClientError E_CHANNEL for
   *   a required channel that no host has
   */
  communicator(): Promise<Communicator>;
  /** Of a warm pool: what is in it is there for the next job of the same pool; undefined without one. */
  readonly cacheDirectory: string | undefined;
  /** The metric that a tuning job optimises, such as `validation:rmse`; its channel is there. */
  readonly objectiveMetric: string | undefined;
  /**
   * Replaces the model in /opt/ml/model as a whole; may be called again as a better model is found. Where no content is a
   * stream, the model is on disk when the call returns; otherwise once the promise is fulfilled. The job waits for it.
   */
  saveModel(model: ModelFiles): Promise<void>;
  /**
   * For a model that may take longer to save than a stop leaves: call it at every safe point. Now and then the SDK has the
   * model made and saves it, which costs at most about 5 % of the time; a stop whose last save does not finish ends with
   * that model. @param make the model as it is now
   */
  offerModel(make: () => ModelFiles | Promise<ModelFiles>): Promise<void>;
  /**
   * Runs work that cannot look at `stop` itself, such as that of a library: a stop ends the job in the middle of it, with
   * the model saved last, or none. @throws ClientError E_STOPPED when the stop came before
   */
  interruptible<T>(work: () => T | Promise<T>): Promise<T>;
  /** Writes a file of /opt/ml/output/data, on the first of connected hosts; returns its path. */
  writeOutput(name: string, content: string | Uint8Array): string;
}
