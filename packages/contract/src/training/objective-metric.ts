/**
 * The metric that a tuning job optimises, which the service hands over as hyperparameter `_tuning_objective_metric`. A
 * job that cannot write it would complete, and the tuning job wait for a value that never comes: it fails at the start.
 */
import type { Algorithm } from '../algorithm.js';
import { ClientError } from '../errors.js';
import { nearest } from '../hyperparameters/nearest.js';

const NAME = '_tuning_objective_metric';

export interface ObjectiveMetricOptions {
  readonly algorithm: Pick<Algorithm, 'name' | 'metrics' | 'channels' | 'metricsOfJob'>;
  /** As received. */
  readonly received: Readonly<Record<string, string>>;
  /** As parsed. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Names of the job's channels. */
  readonly channels: readonly string[];
}

/**
 * @throws ClientError E_HYPERPARAMETER for a metric that the job does not write, E_CHANNEL for one whose channel it does
 *   not have
 */
export function readObjectiveMetric(options: ObjectiveMetricOptions): string | undefined {
  const { algorithm, received, hyperparameters, channels } = options;
  const name = received[NAME]?.trim().replace(/^"(.*)"$/, '$1');
  if (!name) return undefined;
  const isAmong = (names: readonly string[]) => names.includes(name) || names.includes(withoutParameter(name));
  const metricsOf = (present: readonly string[]) =>
    algorithm.metricsOfJob?.(hyperparameters, present) ?? metricsWithChannels(algorithm, present);
  if (isAmong(metricsOf(channels))) return name;
  const all = metricsOf(Object.keys(algorithm.channels));
  if (isAmong(all)) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${channelOf(name)}" is required to tune ${JSON.stringify(name)} (hyperparameter "${NAME}"); the job has ${channels.length > 0 ? `channels: ${channels.join(', ')}` : 'no channels'}. Add the channel, or tune another metric.`,
    );
  }
  const known = nearest(name, all);
  throw new ClientError(
    'E_HYPERPARAMETER',
    `Hyperparameter "${NAME}" must be a metric that the job writes: ${all.join(', ')}; received ${JSON.stringify(name)}.${known ? ` Did you mean "${known}"?` : ''}`,
  );
}

// --- internal ---

/** The declared metrics of channels that are there; those that are of no channel always. */
function metricsWithChannels(
  { metrics, channels }: Pick<Algorithm, 'metrics' | 'channels'>,
  present: readonly string[],
): string[] {
  return Object.keys(metrics).filter((name) => {
    const channel = channelOf(name);
    return !Object.hasOwn(channels, channel) || present.includes(channel);
  });
}

function channelOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(':')));
}

/** A metric may have a parameter of its own, as in `validation:ndcg@5`. */
function withoutParameter(name: string): string {
  return name.replace(/@.*$/, '');
}
