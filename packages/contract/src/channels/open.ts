/**
 * Input channels of a training job: which there are, and what each holds, by its definition and the job's configuration.
 * Source: AWS guide "How Amazon SageMaker Provides Training Information" (CONTRACT.md, channels).
 */
import { join } from 'node:path';
import type { ChannelConfig, Environment } from '../environment.js';
import { agreeOnChannels, missingChannels, requireChannels, withoutChannel } from './agree-on-channels.js';
import type { ChannelDefinitions, OpenedChannel } from './channel.js';
import { entriesOf } from './channel-files.js';
import { openChannel } from './open-channel.js';
import type { RowChannelOptions } from './row-channels.js';
import { JobHosts } from './sharing.js';
import { TrainingColumns } from './training-columns.js';

export interface ChannelsOptions extends Omit<RowChannelOptions, 'training' | 'hosts'> {
  readonly environment: Pick<Environment, 'paths' | 'inputDataConfig'> & Partial<Pick<Environment, 'resourceConfig'>>;
  readonly definitions: ChannelDefinitions;
  /** One of them that is the SDK's own: it is checked like the others, and not returned. */
  readonly ownChannel?: string | undefined;
  /** Default: this host alone. */
  readonly hosts?: JobHosts;
}

/**
 * The job's channels by name, checked against their definitions; an optional channel that the job does not have is
 * absent. Without inputdataconfig.json each folder of input/data is a File channel. On several hosts they are those of this one
 * until the hosts are connected, and from then on those of all.
 * @throws ClientError E_CHANNEL for a required channel that is absent, one that is not defined, one without files, or a
 *   mode that the algorithm does not read; E_CONTENT_TYPE for content that it does not read. On several hosts a required
 *   channel is absent where no host has it, or where it is asked for before they are connected
 */
export function openChannels(options: ChannelsOptions): Readonly<Record<string, OpenedChannel>> {
  const { environment, definitions, ownChannel, hosts = new JobHosts(['algo-1']) } = options;
  const configs = channelConfigs(environment);
  const present = [...configs.keys()].sort();
  const isAlone = hosts.names.length === 1;
  if (isAlone) requireChannels(definitions, present);
  const settings = { ...options, training: new TrainingColumns(options, hosts), hosts };
  const opened = Object.fromEntries(present.map((name) => [name, openChannel(name, configs.get(name)!, settings)]));
  if (ownChannel !== undefined) {
    configs.delete(ownChannel);
    delete opened[ownChannel];
  }
  if (isAlone) return opened;
  for (const name of missingChannels(definitions, present)) {
    Object.defineProperty(opened, name, {
      configurable: true,
      get() {
        throw withoutChannel(name, present);
      },
    });
  }
  hosts.onceConnected(() => agreeOnChannels({ configs, opened }, settings));
  return opened;
}

// --- internal ---

function channelConfigs({
  paths,
  inputDataConfig,
  resourceConfig,
}: ChannelsOptions['environment']): Map<string, ChannelConfig> {
  const isThere = (name: string) => entriesOf(join(paths.data, name)).length > 0;
  const configured = Object.entries(inputDataConfig);
  if (configured.length > 0) {
    const mayLack = (resourceConfig?.instanceGroups.length ?? 1) > 1;
    return new Map(
      configured.filter(([name, { TrainingInputMode: mode }]) => !mayLack || mode === 'Pipe' || isThere(name)),
    );
  }
  const folders = entriesOf(paths.data).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return new Map(
    folders.map(({ name }) => [
      name,
      { TrainingInputMode: 'File', RecordWrapperType: 'None', CompressionType: 'None' },
    ]),
  );
}
