/**
 * Input channels of a training job: which files a channel has, and its rows as blocks, alike in File, FastFile and
 * Pipe mode. Source: AWS guide "How Amazon SageMaker Provides Training Information" (CONTRACT.md, channels).
 */
import { join } from 'node:path';
import type { ChannelConfig, Environment } from '../environment.js';
import { AlgorithmError, ClientError } from '../errors.js';
import type { BlockOptions, ValuePolicy } from '../formats/block.js';
import type { NamedColumns } from '../formats/column-names.js';
import { denseLimit } from '../formats/densify.js';
import { CHANNEL_FORMATS, formatName, formatOf, parseContentType } from '../formats/formats.js';
import type { MediaType } from '../formats/media-type.js';
import { partitionName } from '../formats/parquet/partitions.js';
import type { BlockReader, DataSource } from '../formats/reader.js';
import type { StopSignal } from '../training/stop.js';
import { quoted } from '../visible.js';
import type { ChannelDefinition, ChannelDefinitions, OpenedChannel } from './channel.js';
import { entriesOf, filesOf } from './channel-files.js';
import { openFifo } from './fifo.js';
import { channelOfFiles, noFiles } from './file-channel.js';
import { type PassRules, passes, tellNames, withRows } from './passes.js';
import { sniffContentType } from './sniff.js';
import { openFile } from './streams.js';

export interface ChannelsOptions {
  readonly environment: Pick<Environment, 'paths' | 'inputDataConfig'>;
  readonly definitions: ChannelDefinitions;
  readonly policy: ValuePolicy;
  /** Of passes that do not say; see Declaration. */
  readonly precision?: BlockOptions['precision'];
  /** Ends waiting for a FIFO. */
  readonly stop: StopSignal;
  /** Told the names of the training data's features, in the order in which its blocks give them. */
  onFeatureNames?(names: readonly string[]): void;
  /** Gets a sentence for what of the data is not read, though somebody may count on it. */
  warn?(sentence: string): void;
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
  const training: TrainingColumns = {};
  const opened = { ...options, training };
  const channels = present.map((name) => [name, openChannel(name, configs.get(name)!, opened)] as const);
  return Object.fromEntries(channels);
}

// --- internal ---

/** The channel whose columns the others are matched with by name. */
const TRAINING_CHANNEL = 'train';

/** Names of the training data's columns, found where another channel asks for them; without names, undefined. */
interface TrainingColumns {
  find?: (wishes: BlockOptions) => NamedColumns;
}

interface OpenOptions extends ChannelsOptions {
  readonly training: TrainingColumns;
}

/** What FIFO and folder need to know of a channel. */
interface Opened {
  readonly name: string;
  readonly contentType: MediaType;
  readonly reader: BlockReader;
  readonly options: OpenOptions;
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

function openChannel(name: string, config: ChannelConfig, options: OpenOptions): OpenedChannel {
  const { definitions } = options;
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (!definition) {
    const known = Object.keys(definitions).sort().join(', ') || 'none';
    throw new ClientError('E_CHANNEL', `Channel "${name}" is unknown; the algorithm's channels are: ${known}.`);
  }
  const mode = config.TrainingInputMode;
  checkConfig(name, config, definition);
  const contentType = contentTypeOf(name, config, definition, options);
  if (holdsFiles(definition, contentType)) {
    const { environment, stop } = options;
    const { attributes } = definition;
    return channelOfFiles({ name, contentType, mode, config, attributes, environment, stop });
  }
  const reader = formatOf(contentType.type, CHANNEL_FORMATS)!.channel; // the definition has no others
  reader.checkContentType(contentType, `Channel "${name}"`);
  if (config.RecordWrapperType === 'RecordIO' && !reader.readsRecordIO) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${name}": RecordWrapperType must be "None" for ${contentType.type}; received "RecordIO".`,
    );
  }
  if (mode === 'Pipe' && !reader.readsPipe) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${name}": TrainingInputMode must be File for ${contentType.type}, which cannot be read as a stream; received "Pipe".`,
    );
  }
  const opened = { name, contentType, reader, options };
  return mode === 'Pipe' ? pipeChannel(opened) : fileChannel(opened);
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
  { ContentType: given, TrainingInputMode: mode }: ChannelConfig,
  definition: ChannelDefinition,
  options: ChannelsOptions,
): MediaType {
  const declared = [...definition.contentTypes, ...fileTypesOf(definition)];
  const accepted = declared.map((text) => formatName(parseContentType(text)?.type ?? ''));
  if (!given?.trim()) {
    const seen =
      definition.content !== 'files' && mode === 'File'
        ? sniffContentType(filesOf(name, 'rows', options.environment.paths)[0]!.path, accepted)
        : undefined;
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

/** Whether the algorithm reads the channel's files itself. */
function holdsFiles(definition: ChannelDefinition, { type }: MediaType): boolean {
  return definition.content === 'files' || fileTypesOf(definition).some((fileType) => fileType === type);
}

function fileTypesOf(definition: ChannelDefinition): readonly string[] {
  return definition.content === 'files' ? [] : (definition.fileTypes ?? []);
}

function noItems(name: string): never {
  throw new AlgorithmError('E_ALGORITHM', `Channel "${name}" has rows: read them with blocks().`);
}

function fileChannel({ name, contentType, reader, options }: Opened): OpenedChannel {
  const directory = join(options.environment.paths.data, name);
  const files = filesOf(name, 'rows', options.environment.paths);
  const sources = files.map((file): DataSource => {
    const label = `${name}/${file.name}`;
    return { ...file, label, open: () => openFile(file.path, label) };
  });
  const { policy, training } = options;
  const folders = files.flatMap((file) => file.name.split('/').slice(0, -1));
  const partition = reader.columnsOf ? undefined : folders.find((folder) => partitionName(folder) !== undefined);
  if (partition !== undefined) {
    options.warn?.(
      `channel "${name}": the folder ${quoted(partition)} is not a column, since columns of ${contentType.type} have no names; its value is ignored.`,
    );
  }
  const isTraining = name === TRAINING_CHANNEL;
  if (isTraining && reader.columnsOf) {
    training.find = (wishes) => reader.columnsOf!(sources[0]!, { ...wishes, contentType, policy });
  }
  const stored = (wishes: BlockOptions) => {
    const columns = isTraining ? undefined : () => training.find?.(wishes);
    const rows = reader.read(sources, { ...wishes, contentType, policy, ...(columns && { columns }) });
    const named = isTraining ? tellNames(rows, options.onFeatureNames) : rows;
    return withRows(named, options.stop, `Channel "${name}" has no rows: every file in ${directory} is blank.`);
  };
  return {
    name,
    contentType,
    mode: 'File',
    content: 'rows',
    items: () => noItems(name),
    ...passes(stored, passRules({ name, contentType, reader, options })),
    files: () => files,
  };
}

function pipeChannel({ name, contentType, reader, options }: Opened): OpenedChannel {
  let epoch = 0;
  const stored = (wishes: BlockOptions) => {
    const label = `${name}_${epoch++}`;
    const path = join(options.environment.paths.data, label);
    const source: DataSource = { name: label, label, open: () => openFifo(path, label, options.stop) };
    const rows = reader.read([source], { ...wishes, contentType, policy: options.policy });
    return withRows(rows, options.stop, `Channel "${name}" has no rows: nothing came through ${path}.`);
  };
  return {
    name,
    contentType,
    mode: 'Pipe',
    content: 'rows',
    items: () => noItems(name),
    ...passes(stored, passRules({ name, contentType, reader, options })),
    files: () => noFiles(name),
  };
}

function passRules({ name, contentType, reader, options: { policy, precision } }: Opened): PassRules {
  const limit = denseLimit(contentType, reader.unit, `Channel "${name}"`);
  return { policy, limit, ...(precision && { precision }) };
}
