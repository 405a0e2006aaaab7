/**
 * The channels of a job, and what else depends on which there are: the metric that is tuned, and hyperparameters from files. On
 * several hosts, of which each knows its own channels only, all of that is settled when they are connected.
 */
import type { Algorithm } from '../algorithm.js';
import type { OpenedChannel } from '../channels/channel.js';
import { type ChannelsOptions, openChannels } from '../channels/open.js';
import type { JobHosts } from '../channels/sharing.js';
import type { Environment } from '../environment.js';
import { ClientError } from '../errors.js';
import { hyperparameterChannel, type ReceivedHyperparameters } from '../hyperparameters/channel-files.js';
import { readObjectiveMetric } from './objective-metric.js';

export interface JobChannelsOptions extends Omit<ChannelsOptions, 'definitions' | 'ownChannel'> {
  readonly environment: Environment;
  readonly hosts: JobHosts;
  readonly received: ReceivedHyperparameters;
  /** As parsed. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

export interface OpenedJob {
  /** Those of the algorithm: that of hyperparameters is held to the same rules, and is the SDK's own. */
  readonly channels: Readonly<Record<string, OpenedChannel>>;
  readonly objectiveMetric: string | undefined;
}

/**
 * @throws what `openChannels` and `readObjectiveMetric` throw; on several hosts, of what one host does not know, once they are
 *   connected
 */
export function openJobChannels(algorithm: Algorithm, options: JobChannelsOptions): OpenedJob {
  const { environment, hosts, received, hyperparameters } = options;
  const { channels: definitions, hyperparameterChannel: own } = algorithm;
  const channels = openChannels({
    ...options,
    definitions: own === undefined ? definitions : { ...definitions, [own]: hyperparameterChannel },
    ownChannel: own,
  });
  const metricWith = (present: readonly string[]) =>
    readObjectiveMetric({ algorithm, received: environment.hyperparameters, hyperparameters, channels: present });
  if (hosts.names.length === 1) return { channels, objectiveMetric: metricWith(Object.keys(channels)) };
  hosts.onceConnected(() => metricWith(Object.keys(channels)));
  if (own !== undefined) hosts.onceConnected(() => requireSameValues(own, received, hosts));
  return { channels, objectiveMetric: metricWith(Object.keys(definitions)) };
}

// --- internal ---

/** A channel that only some hosts have, or of which each has a shard, would let them train by different values. */
function requireSameValues(
  channel: string,
  { values }: ReceivedHyperparameters,
  { communicator, names }: JobHosts,
): void {
  const all = communicator.gatherValues(JSON.stringify(Object.entries(values).sort()));
  const other = all.findIndex((text) => text !== all[0]);
  if (other < 0) return;
  throw new ClientError(
    'E_CHANNEL',
    `Channel "${channel}": all hosts must receive the same hyperparameters; ${names[0]} and ${names[other]} received different ones. Leave out ShardedByS3Key, and name all groups in InstanceGroupNames.`,
  );
}
