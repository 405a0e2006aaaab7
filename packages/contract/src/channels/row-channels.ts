/** Channels of rows, whose passes are alike in File, FastFile and Pipe mode. */
import { join } from 'node:path';
import type { Environment } from '../environment.js';
import { AlgorithmError } from '../errors.js';
import type { BlockOptions, Blocks, Precision, ValuePolicy } from '../formats/block.js';
import type { Categories } from '../formats/categories/categories.js';
import { knownTextColumns } from '../formats/categories/text-columns.js';
import { denseLimit } from '../formats/densify.js';
import type { MediaType } from '../formats/media-type.js';
import { partitionName } from '../formats/parquet/partitions.js';
import type { ChannelReader, DataSource, Sources } from '../formats/reader.js';
import type { StopSignal } from '../training/stop.js';
import { quoted } from '../visible.js';
import type { OpenedChannel } from './channel.js';
import { filesOf } from './channel-files.js';
import { openFifo } from './fifo.js';
import { noFiles } from './file-channel.js';
import { type PassRules, passes, tellColumns, withCategories, withRows } from './passes.js';
import { openEpoch, type PipeEpoch } from './pipe-epoch.js';
import { type ChannelHosts, type JobHosts, shareOfBlocks } from './sharing.js';
import { openFile } from './streams.js';
import { requireText, type TrainingColumns } from './training-columns.js';

export interface RowChannelOptions {
  readonly environment: Pick<Environment, 'paths'>;
  readonly policy: ValuePolicy;
  /** Of passes that do not say; see Declaration. */
  readonly precision?: Precision;
  /** Ends waiting for a FIFO. */
  readonly stop: StopSignal;
  /** What all channels take over from the training channel. */
  readonly training: TrainingColumns;
  /** Those of the job. */
  readonly hosts: JobHosts;
  /** Called with the names of the training data's features, in the order of its blocks. */
  onFeatureNames?(names: readonly string[]): void;
  /** Called with the names of categories in the training data. */
  onCategories?(categories: Categories): void;
  /** Called with a sentence about data that is ignored, which somebody may not expect. */
  warn?(sentence: string): void;
}

/** What FIFO and folder need to know of a channel. */
export interface RowChannel {
  readonly name: string;
  readonly contentType: MediaType;
  readonly reader: ChannelReader;
  /** Whether this host has a share of the objects only, which may be none. */
  readonly isShard: boolean;
  /** Those that share its rows. */
  readonly hosts: ChannelHosts;
  /** Whether RecordIO is around each object of a pipe. */
  readonly isWrapped: boolean;
  readonly options: RowChannelOptions;
}

/** @throws ClientError E_CHANNEL for a channel without files, where it is no shard */
export function fileChannel(opened: RowChannel): OpenedChannel {
  const { name, contentType, reader, isShard, options } = opened;
  const directory = join(options.environment.paths.data, name);
  const files = filesOf(name, 'rows', options.environment.paths, isShard);
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
    training.open({ ...opened, mode: 'File', look: () => sources, take: () => sources });
  }
  const orHeader = mayHaveHeader(contentType, reader) ? ' or has only a header line' : '';
  const otherwise = `Channel "${name}" has no rows: every file in ${directory} is blank${orHeader}.`;
  return { ...rowsChannel(opened, () => sources, otherwise), mode: 'File', files: () => files };
}

/** Its epochs are opened by the passes. */
export function pipeChannel(opened: RowChannel): OpenedChannel {
  const { name, contentType, reader, isWrapped, options } = opened;
  const form = { isWrapped: isWrapped && !reader.readsRecordIO, needsFiles: reader.needsFiles ?? false };
  let epoch = 0;
  const next = () => {
    const label = `${name}_${epoch++}`;
    const path = join(options.environment.paths.data, label);
    return openEpoch({ name: label, label, open: () => openFifo(path, label, options.stop) }, form);
  };
  /** An epoch that was only looked at. */
  let pending: PipeEpoch | undefined;
  const look = () => {
    pending ??= next();
    return pending.look();
  };
  const take = () => {
    const sources = (pending ?? next()).take();
    pending = undefined;
    return sources;
  };
  if (name === TRAINING_CHANNEL) {
    options.training.open({ ...opened, mode: 'Pipe', look, take });
  }
  const orHeader = mayHaveHeader(contentType, reader) ? ', or only a header line' : '';
  const otherwise = `Channel "${name}" has no rows: nothing came through ${join(options.environment.paths.data, name)}_<epoch>${orHeader}.`;
  return { ...rowsChannel(opened, take, otherwise), mode: 'Pipe', files: () => noFiles(name) };
}

/** A channel that other hosts have: its passes have no rows here, and are made all the same. */
export function absentRows(opened: RowChannel, mode: OpenedChannel['mode']): OpenedChannel {
  const none = () => [];
  if (opened.name === TRAINING_CHANNEL) opened.options.training.open({ ...opened, mode, look: none, take: none });
  return { ...rowsChannel(opened, none, ''), mode, files: mode === 'File' ? none : () => noFiles(opened.name) };
}

// --- internal ---

/** The channel whose columns the others are matched with by name. */
const TRAINING_CHANNEL = 'train';

function mayHaveHeader(contentType: MediaType, reader: ChannelReader): boolean {
  return contentType.parameters.header !== undefined && reader.hasNames(contentType);
}

function noItems(name: string): never {
  throw new AlgorithmError('E_ALGORITHM', `Channel "${name}" has rows: read them with blocks().`);
}

/** What channels of rows have in common. */
function rowsChannel(opened: RowChannel, sources: () => Sources, otherwise: string) {
  const { name, contentType, isShard, hosts } = opened;
  const stored = (wishes: BlockOptions) => {
    const rows = rowsOf(opened, sources, wishes, otherwise);
    return wishes.isWhole ? rows : shareOfBlocks(rows, hosts);
  };
  return {
    name,
    contentType,
    content: 'rows' as const,
    isShard,
    hosts,
    items: () => noItems(name),
    ...passes(stored, passRules(opened)),
  };
}

function passRules({ name, contentType, reader, options: { policy, precision } }: RowChannel): PassRules {
  const limit = denseLimit(contentType, reader.unit, `Channel "${name}"`);
  return { policy, limit, ...(precision && { precision }) };
}

/** One pass over the rows, with names and categories as the training channel has them. */
async function* rowsOf(
  { name, contentType, reader, isShard, options }: RowChannel,
  sources: () => Sources,
  wishes: BlockOptions,
  otherwise: string,
): Blocks {
  const { policy, stop, training } = options;
  const isTraining = name === TRAINING_CHANNEL;
  // What the survey has not found, such as numbers in a column that is text on another host, is an error.
  const unseen = (isTraining && wishes.categories === undefined ? undefined : wishes.unseenCategories) ?? 'error';
  const known = isTraining ? await training.namesOfHosts(wishes) : undefined;
  const categories = await training.categories(wishes);
  requireText(`Channel "${name}"`, contentType, reader, categories);
  const { read } = await reader.load();
  const rows = read(sources(), {
    ...wishes,
    contentType,
    policy,
    ...(isTraining ? known && { columns: () => known } : { columns: () => training.names(wishes) }),
    ...(categories && { texts: knownTextColumns(categories, unseen) }),
  });
  const coded = categories ? withCategories(rows, categories) : rows;
  yield* withRows(isTraining ? tellColumns(coded, options) : coded, stop, isShard ? undefined : otherwise);
}
