/**
 * Input channels of a training job: which files a channel has, and its rows as blocks, alike in File, FastFile and
 * Pipe mode. Source: AWS guide "How Amazon SageMaker Provides Training Information" (CONTRACT.md, channels).
 */
import { join } from 'node:path';
import type { ChannelConfig, Environment } from '../environment.js';
import { AlgorithmError, ClientError } from '../errors.js';
import type { BlockOptions, Blocks, ValuePolicy } from '../formats/block.js';
import type { Categories } from '../formats/categories/categories.js';
import { knownTextColumns } from '../formats/categories/text-columns.js';
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
import { type PassRules, passes, tellColumns, withCategories, withRows } from './passes.js';
import { rewindable } from './rewindable.js';
import { sniffContentType } from './sniff.js';
import { openFile } from './streams.js';
import { requireText, TrainingColumns } from './training-columns.js';

export interface ChannelsOptions {
  readonly environment: Pick<Environment, 'paths' | 'inputDataConfig'>;
  readonly definitions: ChannelDefinitions;
  readonly policy: ValuePolicy;
  /** Of passes that do not say; see Declaration. */
  readonly precision?: BlockOptions['precision'];
  /** Ends waiting for a FIFO. */
  readonly stop: StopSignal;
  /** Called with the names of the training data's features, in the order of its blocks. */
  onFeatureNames?(names: readonly string[]): void;
  /** Called with the names of categories in the training data. */
  onCategories?(categories: Categories): void;
  /** Called with a sentence about data that is ignored, which somebody may not expect. */
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
  const training = new TrainingColumns(options);
  const opened = { ...options, training };
  const channels = present.map((name) => [name, openChannel(name, configs.get(name)!, opened)] as const);
  return Object.fromEntries(channels);
}

// --- internal ---

/** The channel whose columns the others are matched with by name. */
const TRAINING_CHANNEL = 'train';

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
  const problem = mode === 'Pipe' ? reader.pipeProblem : undefined;
  if (problem !== undefined) {
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${name}": TrainingInputMode must be File for ${contentType.type}${problem}; received "Pipe".`,
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
  const { training } = options;
  const folders = files.flatMap((file) => file.name.split('/').slice(0, -1));
  const partition = reader.readsFolders ? undefined : folders.find((folder) => partitionName(folder) !== undefined);
  if (partition !== undefined) {
    options.warn?.(
      `channel "${name}": the folder ${quoted(partition)} is not a column, since columns of ${contentType.type} have no names; its value is ignored.`,
    );
  }
  if (name === TRAINING_CHANNEL) {
    training.open({ name, contentType, reader, look: () => sources, take: () => sources });
  }
  const otherwise = `Channel "${name}" has no rows: every file in ${directory} is blank.`;
  const opened = { name, contentType, reader, options };
  return { ...rowsChannel(opened, () => sources, otherwise), mode: 'File', files: () => files };
}

function pipeChannel({ name, contentType, reader, options }: Opened): OpenedChannel {
  let epoch = 0;
  const next = () => {
    const label = `${name}_${epoch++}`;
    const path = join(options.environment.paths.data, label);
    return rewindable({ name: label, label, isPipe: true, open: () => openFifo(path, label, options.stop) });
  };
  /** An epoch that was only looked at. */
  let pending: ReturnType<typeof rewindable> | undefined;
  const look = () => {
    pending ??= next();
    return [pending.look];
  };
  const take = () => {
    const source = (pending ?? next()).take;
    pending = undefined;
    return [source];
  };
  if (name === TRAINING_CHANNEL) options.training.open({ name, contentType, reader, look, take });
  const otherwise = `Channel "${name}" has no rows: nothing came through ${join(options.environment.paths.data, name)}_<epoch>.`;
  const opened = { name, contentType, reader, options };
  return { ...rowsChannel(opened, take, otherwise), mode: 'Pipe', files: () => noFiles(name) };
}

/** What channels of rows have in common. */
function rowsChannel(opened: Opened, sources: () => readonly DataSource[], otherwise: string) {
  const { name, contentType } = opened;
  const stored = (wishes: BlockOptions) => rowsOf(opened, sources, wishes, otherwise);
  return {
    name,
    contentType,
    content: 'rows' as const,
    items: () => noItems(name),
    ...passes(stored, passRules(opened)),
  };
}

function passRules({ name, contentType, reader, options: { policy, precision } }: Opened): PassRules {
  const limit = denseLimit(contentType, reader.unit, `Channel "${name}"`);
  return { policy, limit, ...(precision && { precision }) };
}

/** One pass over the rows, with names and categories as the training channel has them. */
async function* rowsOf(
  { name, contentType, reader, options }: Opened,
  sources: () => readonly DataSource[],
  wishes: BlockOptions,
  otherwise: string,
): Blocks {
  const { policy, stop, training } = options;
  const isTraining = name === TRAINING_CHANNEL;
  const categories = await training.categories(wishes);
  requireText(`Channel "${name}"`, contentType, reader, categories);
  const rows = reader.read(sources(), {
    ...wishes,
    contentType,
    policy,
    ...(!isTraining && { columns: () => training.names(wishes) }),
    ...(categories && { texts: knownTextColumns(categories, wishes.unseenCategories ?? 'error') }),
  });
  const coded = categories ? withCategories(rows, categories) : rows;
  yield* withRows(isTraining ? tellColumns(coded, options) : coded, stop, otherwise);
}
