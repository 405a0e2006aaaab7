/** A channel whose files the algorithm reads itself: a model to continue from, images, audio. */
import { join } from 'node:path';
import type { ChannelConfig, Environment } from '../environment.js';
import { AlgorithmError, ClientError } from '../errors.js';
import type { StopSignal } from '../training/stop.js';
import type { ChannelItem, OpenedChannel } from './channel.js';
import { filesOf } from './channel-files.js';
import { openFifo } from './fifo.js';
import { fileItems, pipeItems } from './items.js';
import { type ChannelHosts, shareOfItems } from './sharing.js';

export interface ChannelOfFiles extends Pick<OpenedChannel, 'name' | 'contentType' | 'mode'> {
  readonly config: ChannelConfig;
  /** Of an augmented manifest, as the definition declares them. */
  readonly attributes: readonly string[] | undefined;
  /** Whether this host has a share of the objects only, which may be none. */
  readonly isShard: boolean;
  /** Those that share its objects; undefined: each has all that it got. */
  readonly hosts: ChannelHosts | undefined;
  /** Whether only other hosts have it. */
  readonly isAbsent: boolean;
  readonly environment: Pick<Environment, 'paths'>;
  readonly stop: StopSignal;
}

/**
 * It is an error of the algorithm to ask for its rows.
 * @throws ClientError E_CHANNEL for a Pipe channel without RecordIO, in which nothing separates objects
 */
export function channelOfFiles(channel: ChannelOfFiles): OpenedChannel {
  const { name, contentType, mode, config, attributes, isShard, hosts, isAbsent, environment, stop } = channel;
  const noRows = () => {
    throw new AlgorithmError('E_ALGORITHM', `Channel "${name}" of ${contentType.type} has files, which have no rows.`);
  };
  const rowsOf = { blocks: noRows, blocksAsStored: noRows, ...(hosts && { hosts }) };
  const head = { name, contentType, mode, content: 'files', isShard, ...rowsOf } as const;
  const shareOf = (items: AsyncIterable<ChannelItem>) => (hosts ? shareOfItems(items, hosts) : items);
  if (isAbsent) return { ...head, files: mode === 'File' ? () => [] : () => noFiles(name), items: noItems };
  if (mode === 'File') {
    const files = () => filesOf(name, 'files', environment.paths, isShard);
    return { ...head, files, items: () => shareOf(fileItems(name, files(), stop)) };
  }
  if (config.RecordWrapperType !== 'RecordIO') {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${name}": RecordWrapperType must be "RecordIO" in Pipe mode for ${contentType.type}, since nothing else says where an object ends; received "${config.RecordWrapperType}".`,
    );
  }
  let epoch = 0;
  const items = () => {
    const label = `${name}_${epoch++}`;
    const path = join(environment.paths.data, label);
    return shareOf(pipeItems({ label, attributes, isShard, stop, open: () => openFifo(path, label, stop) }));
  };
  return { ...head, files: () => noFiles(name), items };
}

export function noFiles(name: string): never {
  throw new ClientError('E_CHANNEL', `Channel "${name}": TrainingInputMode must be File; received "Pipe".`);
}

// --- internal ---

async function* noItems(): AsyncGenerator<ChannelItem> {}
