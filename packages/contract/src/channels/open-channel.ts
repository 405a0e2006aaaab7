/** One channel of a training job: its configuration checked against its definition, and what reads it. */
import type { ChannelConfig } from '../environment.js';
import { ClientError } from '../errors.js';
import { CHANNEL_FORMATS, formatName, formatOf, parseContentType, readContentType } from '../formats/formats.js';
import type { MediaType } from '../formats/media-type.js';
import { checkChannelParameters } from '../formats/parameters.js';
import type { ChannelReader } from '../formats/reader.js';
import { quoted } from '../visible.js';
import type { ChannelDefinition, ChannelDefinitions, OpenedChannel } from './channel.js';
import { filesOf } from './channel-files.js';
import { channelOfFiles } from './file-channel.js';
import { absentRows, fileChannel, pipeChannel, type RowChannelOptions } from './row-channels.js';
import { hostsOfChannel } from './sharing.js';
import { sniffContentType } from './sniff.js';

export interface OpenOptions extends RowChannelOptions {
  readonly definitions: ChannelDefinitions;
}

/** What other hosts of the job know. */
export interface KnownOfHosts {
  /** The content type, where the job does not say. */
  readonly contentType?: MediaType | undefined;
  /** Whether they have the channel, and this one does not: it has no files and no rows. */
  readonly isAbsent?: boolean;
}

/**
 * @throws ClientError E_CHANNEL for a channel that is not defined, one without files, or a mode that the algorithm does not
 *   read; E_CONTENT_TYPE for content that it does not read
 */
export function openChannel(
  name: string,
  config: ChannelConfig,
  options: OpenOptions,
  { contentType: known, isAbsent = false }: KnownOfHosts = {},
): OpenedChannel {
  const { definitions } = options;
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (!definition) {
    const known = Object.keys(definitions).sort().join(', ') || 'none';
    throw new ClientError('E_CHANNEL', `Channel "${name}" is unknown; the algorithm's channels are: ${known}.`);
  }
  const mode = config.TrainingInputMode;
  checkConfig(name, config, definition);
  const isShard = isAbsent || isSharded(config, options);
  const contentType = known ?? contentTypeOf(name, config, definition, options);
  if (holdsFiles(definition, contentType)) {
    const { environment, stop } = options;
    const hosts = definition.content === 'files' ? undefined : hostsOfChannel(options.hosts, name, { isShard, run: 1 });
    const { attributes } = definition;
    const share = { isShard, hosts, isAbsent };
    return channelOfFiles({ name, contentType, mode, config, attributes, ...share, environment, stop });
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
  const hosts = hostsOfChannel(options.hosts, name, { isShard });
  const opened = { name, contentType, reader, isShard, hosts, isWrapped, options };
  if (isAbsent) return absentRows(opened, mode);
  return mode === 'Pipe' ? pipeChannel(opened) : fileChannel(opened);
}

/** The content type of a channel for which neither the job nor a file says one. */
export function usualTypeOf(definition: ChannelDefinition): MediaType {
  return parseContentType(definition.contentTypes[0])!;
}

// --- internal ---

/** Whether this host has a share of the channel's objects only. */
function isSharded(config: ChannelConfig, { hosts }: OpenOptions): boolean {
  return config.S3DistributionType === 'ShardedByS3Key' && hosts.names.length > 1;
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
  options: OpenOptions,
): MediaType {
  const { ContentType: given, TrainingInputMode: mode } = config;
  const declared = [...definition.contentTypes, ...fileTypesOf(definition)];
  const accepted = declared.map((text) => formatName(parseContentType(text)?.type ?? ''));
  if (!given?.trim()) {
    const isFile = definition.content !== 'files' && mode === 'File';
    const [file] = isFile ? filesOf(name, 'rows', options.environment.paths, isSharded(config, options)) : [];
    const seen = file && sniffContentType(file.path, accepted);
    return seen ? parseContentType(seen)! : usualTypeOf(definition);
  }
  const read = readContentType(given);
  const contentType = read && { ...read, type: formatName(read.type) };
  if (contentType && accepted.includes(contentType.type)) {
    if ('parameters' in contentType) return contentType;
    throw new ClientError(
      'E_CONTENT_TYPE',
      `Channel "${name}": content type ${contentType.type}: ${contentType.problem}.`,
    );
  }
  throw new ClientError(
    'E_CONTENT_TYPE',
    `Channel "${name}": content type must be ${declared.join(' or ')}; received ${quoted(given)}.`,
  );
}

/** Whether the algorithm reads the channel's files itself. */
function holdsFiles(definition: ChannelDefinition, { type }: MediaType): boolean {
  return definition.content === 'files' || fileTypesOf(definition).some((fileType) => fileType === type);
}

function fileTypesOf(definition: ChannelDefinition): readonly string[] {
  return definition.content === 'files' ? [] : (definition.fileTypes ?? []);
}
