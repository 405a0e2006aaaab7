/** What a running training job gives to `train`. */
import type { ChannelDefinitions, JobChannels } from '../channels/channel.js';
import type { CheckpointStore } from '../checkpoint/store.js';
import type { Environment } from '../environment.js';
import type { Log } from '../log.js';
import type { ModelFiles } from '../model/store.js';
import type { MetricsWriter } from './metrics.js';
import type { StopSignal } from './stop.js';

/**
 * Everything a training run gets. An algorithm takes its own type from its declaration: `JobOf<typeof definition>`.
 * @template H the parsed hyperparameters @template C the declared channels @template K the names of the metrics
 */
export interface TrainingJob<
  H = Record<string, unknown>,
  C extends ChannelDefinitions = ChannelDefinitions,
  K extends string = string,
> {
  readonly hyperparameters: H;
  readonly channels: JobChannels<C>;
  readonly metrics: MetricsWriter<K>;
  readonly log: Log;
  /** One line about how far the work is; printed at a human rate, so it may be called in every round. */
  progress(line: string): void;
  /** Set by SIGTERM; long loops look at it at each safe point, save the best model so far and return. */
  readonly stop: StopSignal;
  readonly checkpoints: CheckpointStore;
  readonly environment: Environment;
  /** The metric that a tuning job optimises, such as `validation:rmse`; its channel is there. */
  readonly objectiveMetric: string | undefined;
  /** Replaces the model in /opt/ml/model as a whole; may be called again as a better model is found. */
  saveModel(files: ModelFiles): void;
  /**
   * Runs work that cannot look at `stop` itself, such as that of a library: a stop ends the job in the middle of it, with
   * the model saved last, or none. @throws ClientError E_STOPPED when the stop came before
   */
  interruptible<T>(work: () => T | Promise<T>): Promise<T>;
  /** Writes a file of /opt/ml/output/data; returns its path. */
  writeOutput(name: string, content: string | Uint8Array): string;
}
