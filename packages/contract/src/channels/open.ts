/**
 * Input channels of a training job: which there are, and what each holds, by its definition and the job's configuration.
 * Source: AWS guide "How Amazon SageMaker Provides Training Information" (CONTRACT.md, channels).
 */
import type { ChannelConfig, Environment } from '../environment.js';
import { ClientError } from '../errors.js';
import { CHANNEL_FORMATS, formatName, formatOf, parseContentType } from '../formats/formats.js';
import type { MediaType } from '../formats/media-type.js';
import { checkChannelParameters } from '../formats/parameters.js';
import type { ChannelReader } from '../formats/reader.js';
import { quoted } from '../visible.js';
import type { ChannelDefinition, ChannelDefinitions, OpenedChannel } from './channel.js';
import { entriesOf, filesOf } from './channel-files.js';
import { channelOfFiles } from './file-channel.js';
import { fileChannel, pipeChannel, type RowChannelOptions } from './row-channels.js';
import { hostsOfChannel, JobHosts } from './sharing.js';
import { sniffContentType } from './sniff.js';
import { TrainingColumns } from './training-columns.js';

export interface ChannelsOptions extends Omit<RowChannelOptions, 'training' | 'hosts'> {
  readonly environment: Pick<Environment, 'paths' | 'inputDataConfig'> & Partial<Pick<Environment, 'resourceConfig'>>;
  readonly definitions: ChannelDefinitions;
  /** Default: this host alone. */
  readonly hosts?: JobHosts;
}

/**
 * The job's channels by name, checked against their definitions; an optional channel that the job does not have is
 * absent. Without inputdataconfig.json each folder of input/data is a File channel.
 * @throws ClientError E_CHANNEL for a required channel that is absent, one that is not defined, one without files, or a
 *   mode that the algorithm does not read; E_CONTENT_TYPE for content that it does not read
 */
export function openChannels(options: ChannelsOptions): Readonly<Record<string, OpenedChannel>> {
  const { environment, definitions } = options;
  const configs = channelConfigs(environment);
  const present = [...configs.keys()].sort();
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.required && !configs.has(name)) {
      throw new ClientError(
        'E_CHANNEL',
        `Channel "${name}" is required; the job has ${present.length === 0 ? 'no channels' : `channels: ${present.join(', ')}`}.`,
      );
    }
  }
  const { hosts = new JobHosts(['algo-1']) } = options;
  const training = new TrainingColumns(options, hosts);
  const opened = { ...options, training, hosts };
  const channels = Object.fromEntries(present.map((name) => [name, openChannel(name, configs.get(name)!, opened)]));
  for (const name of present) {
    const config = configs.get(name)!;
    if (config.ContentType?.trim() || !isSharded(config, options)) continue;
    hosts.onceConnected(() => agreeOnContentType(channels[name]!, config, opened));
  }
  return channels;
}

// --- internal ---

interface OpenOptions extends ChannelsOptions {
  readonly training: TrainingColumns;
  readonly hosts: JobHosts;
}

function channelConfigs({ paths, inputDataConfig }: ChannelsOptions['environment']): Map<string, ChannelConfig> {
  const configured = Object.entries(inputDataConfig);
  if (configured.length > 0) return new Map(configured);
  const folders = entriesOf(paths.data).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return new Map(
    folders.map(({ name }) => [
      name,
      { TrainingInputMode: 'File', RecordWrapperType: 'None', CompressionType: 'None' },
    ]),
  );
}

/** @param seen the content type where another host has found it */
function openChannel(name: string, config: ChannelConfig, options: OpenOptions, seen?: MediaType): OpenedChannel {
  const { definitions } = options;
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (!definition) {
    const known = Object.keys(definitions).sort().join(', ') || 'none';
    throw new ClientError('E_CHANNEL', `Channel "${name}" is unknown; the algorithm's channels are: ${known}.`);
  }
  const mode = config.TrainingInputMode;
  checkConfig(name, config, definition);
  const isShard = isSharded(config, options);
  const contentType = seen ?? contentTypeOf(name, config, definition, options);
  if (holdsFiles(definition, contentType)) {
    const { environment, stop } = options;
    const hosts = definition.content === 'files' ? undefined : hostsOfChannel(options.hosts, { isShard, run: 1 });
    const { attributes } = definition;
    return channelOfFiles({ name, contentType, mode, config, attributes, isShard, hosts, environment, stop });
  }
  const reader: ChannelReader = formatOf(contentType.type, CHANNEL_FORMATS)!.channel; // the definition has no others
  checkChannelParameters(contentType, reader.parameters, `Channel "${name}"`);
  reader.checkContentType(contentType, `Channel "${name}"`);
  const isWrapped = config.RecordWrapperType === 'RecordIO';
  if (isWrapped && mode === 'File' && !reader.readsRecordIO) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${name}": RecordWrapperType must be "None" in File mode for ${contentType.type}; received "RecordIO".`,
    );
  }
  const opened = { name, contentType, reader, isShard, isWrapped, options };
  return mode === 'Pipe' ? pipeChannel(opened) : fileChannel(opened);
}

/** Whether this host has a share of the channel's objects only. */
function isSharded(config: ChannelConfig, { environment: { resourceConfig } }: ChannelsOptions): boolean {
  return config.S3DistributionType === 'ShardedByS3Key' && (resourceConfig?.hosts.length ?? 1) > 1;
}

function checkConfig(name: string, config: ChannelConfig, definition: ChannelDefinition): void {
  const { inputModes = ['File', 'Pipe'], compressionTypes = ['None', 'Gzip'] } = definition;
  if (!inputModes.includes(config.TrainingInputMode)) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${name}": TrainingInputMode must be ${inputModes.join(' or ')}; received "${config.TrainingInputMode}".`,
    );
  }
  if (!compressionTypes.includes(config.CompressionType)) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${name}": CompressionType must be ${compressionTypes.join(' or ')}; received "${config.CompressionType}".`,
    );
  }
}

/**
 * The job's content type, else what the first file bears the marks of, else the definition's first; its parameters are
 * not compared.
 */
function contentTypeOf(
  name: string,
  config: ChannelConfig,
  definition: ChannelDefinition,
  options: ChannelsOptions,
): MediaType {
  const { ContentType: given, TrainingInputMode: mode } = config;
  const declared = [...definition.contentTypes, ...fileTypesOf(definition)];
  const accepted = declared.map((text) => formatName(parseContentType(text)?.type ?? ''));
  if (!given?.trim()) {
    const isFile = definition.content !== 'files' && mode === 'File';
    const [file] = isFile ? filesOf(name, 'rows', options.environment.paths, isSharded(config, options)) : [];
    const seen = file && sniffContentType(file.path, accepted);
    return parseContentType(seen ?? definition.contentTypes[0])!;
  }
  const read = parseContentType(given);
  const contentType = read && { ...read, type: formatName(read.type) };
  if (contentType && accepted.includes(contentType.type)) return contentType;
  throw new ClientError(
    'E_CONTENT_TYPE',
    `Channel "${name}": content type must be ${declared.join(' or ')}; received ${quoted(given)}.`,
  );
}

/**
 * Where each host has its own files, some bear the marks of a type that others do not, or there are none: all read the type
 * that the first host has found.
 * @throws ClientError E_CONTENT_TYPE naming two hosts that have found different types
 */
function agreeOnContentType(channel: OpenedChannel, config: ChannelConfig, options: OpenOptions): void {
  const { name, contentType } = channel;
  const { communicator, names } = options.hosts;
  const usual = parseContentType(options.definitions[name]!.contentTypes[0])!.type;
  const found = communicator.gatherValues(contentType.type === usual ? undefined : contentType);
  const first = found.findIndex((type) => type !== undefined);
  const agreed = found[first];
  if (!agreed) return;
  const other = found.findIndex((type) => type !== undefined && type.type !== agreed.type);
  if (other >= 0) {
    throw new ClientError(
      'E_CONTENT_TYPE',
      `Channel "${name}": the files must have the same content type on all hosts; received ${agreed.type} on host ${names[first]} and ${found[other]!.type} on host ${names[other]}.`,
    );
  }
  if (agreed.type !== contentType.type) Object.assign(channel, openChannel(name, config, options, agreed));
}

/** Whether the algorithm reads the channel's files itself. */
function holdsFiles(definition: ChannelDefinition, { type }: MediaType): boolean {
  return definition.content === 'files' || fileTypesOf(definition).some((fileType) => fileType === type);
}

function fileTypesOf(definition: ChannelDefinition): readonly string[] {
  return definition.content === 'files' ? [] : (definition.fileTypes ?? []);
}
