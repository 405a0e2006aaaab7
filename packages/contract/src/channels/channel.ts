/** An input channel as an algorithm declares it, and as its running job gets it. */
import type { Block, BlockOptions, FloatsOf, Precision, SparseBlock } from '../formats/block.js';
import type { ChannelFormat, DeclaredType } from '../formats/formats.js';
import type { MediaType } from '../formats/media-type.js';
import type { ChannelHosts } from './sharing.js';

/** What an algorithm says of any of its channels. */
interface AnyChannelDefinition {
  readonly description: string;
  readonly required?: boolean;
  /** Default: both. FastFile is seen as File. */
  readonly inputModes?: readonly ('File' | 'Pipe')[];
  /** Default: both. A `.gz` file is unpacked whatever the mode. */
  readonly compressionTypes?: readonly ('None' | 'Gzip')[];
}

/** Media types of files that an algorithm reads itself. */
type FileTypes = readonly `${string}/${string}`[];

/** What a channel says whose files the algorithm reads itself. */
interface FilesDefinition {
  /**
   * The attributes of an augmented manifest, in the order of the job's AttributeNames: in Pipe mode each object has them.
   * One whose name ends with `-ref` refers to the content. Without them each record of a Pipe channel is an object.
   */
  readonly attributes?: readonly string[];
}

/** A channel of rows. */
export interface RowChannelDefinition extends AnyChannelDefinition, FilesDefinition {
  readonly content?: 'rows';
  /** Formats the algorithm reads, the default (when a job gives none) first. */
  readonly contentTypes: readonly [DeclaredType<ChannelFormat>, ...DeclaredType<ChannelFormat>[]];
  /** Types that a job may give instead: files that the algorithm reads itself, such as images. */
  readonly fileTypes?: FileTypes;
}

/** A channel of files that the algorithm reads itself, such as a model to continue from. */
export interface FileChannelDefinition extends AnyChannelDefinition, FilesDefinition {
  readonly content: 'files';
  /** Media types of any kind, the default first. */
  readonly contentTypes: readonly [`${string}/${string}`, ...FileTypes];
}

/** What an algorithm says of one of its channels. */
export type ChannelDefinition = RowChannelDefinition | FileChannelDefinition;

export type ChannelDefinitions = Readonly<Record<string, ChannelDefinition>>;

/** One file of a channel, for content that is not rows. */
export interface ChannelFile {
  /** Relative to the channel, `/` between folders. */
  readonly name: string;
  /** Where it lies on this machine. */
  readonly path: string;
}

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** An attribute of an augmented manifest: content that it refers to, or the value in the manifest. */
export type AttributeValue<Name extends string = string> = Name extends `${string}-ref`
  ? Uint8Array
  : string extends Name
    ? Uint8Array | JsonValue
    : JsonValue;

/** One object of a channel of files. @template A the declared attributes */
export interface ChannelItem<A extends string = string> {
  /** Relative to the channel, `/` between folders; undefined in Pipe mode, whose objects have no names. */
  readonly name: string | undefined;
  /** As messages name it: `train/cats/1.png`, `train_0 record 3`. */
  readonly label: string;
  /** By name, in Pipe mode all that the definition declares; none in File mode. */
  readonly attributes: { readonly [Name in A]?: AttributeValue<Name> };
  /** The whole content; of several attributes that of the first which ends with `-ref`. */
  bytes(): Promise<Uint8Array>;
  /** The same in parts, for what is larger than memory. */
  stream(): AsyncIterable<Uint8Array>;
}

/** What every channel of a running job has. */
interface AnyChannel {
  readonly name: string;
  readonly contentType: MediaType;
  /** FastFile is 'File': the same directory, read on demand. */
  readonly mode: 'File' | 'Pipe';
  /**
   * Whether each host of the job has a share of the objects (S3DistributionType ShardedByS3Key): with fewer objects than
   * hosts this one may have none, which is no error then. True, too, of a channel that only other hosts have.
   */
  readonly isShard?: boolean;
  /**
   * The hosts that read the channel together: this one alone until the job has asked for its communicator. From then on all of
   * them make the same passes, each of which gives this host's share of the rows: those of its shard, or, where several hosts
   * have all rows, every `turns`-th run of `run` rows; none where it does not have the channel. Of a channel of files (`content: 'files'`) each host has all that it got.
   */
  readonly hosts?: ChannelHosts;
  /**
   * The files as they are, in file order (paths sorted by bytes).
   * @throws ClientError E_CHANNEL in Pipe mode, which has no files
   */
  files(): readonly ChannelFile[];
}

/** A channel of files. @template A the attributes that its definition declares */
export interface FileChannel<A extends string = never> extends AnyChannel {
  /**
   * One pass over all objects: files in file order; in Pipe mode the records of the next epoch's FIFO.
   * @throws ClientError for a stream that is damaged or ends within an object
   */
  items(): AsyncIterable<ChannelItem<A>>;
}

/** A channel of rows. @template F the precision of passes that do not say: that of the definition */
export interface Channel<F extends Precision = Precision> extends AnyChannel {
  /**
   * One pass over all rows, in file order (paths sorted by bytes). In Pipe mode each call reads the next epoch's FIFO.
   * The arrays of a block are reused: they are valid until the next block is asked for. Sparse rows are made dense; see
   * ValuePolicy.
   * @throws ClientError naming file, line and column of the first bad value
   */
  blocks<Q extends Precision = F>(options?: BlockOptions<Q>): AsyncIterable<Block<FloatsOf<Q>>>;
  /** As `blocks`, with sparse rows left sparse: libsvm, and RecordIO-protobuf with keys. */
  blocksAsStored<Q extends Precision = F>(
    options?: BlockOptions<Q>,
  ): AsyncIterable<Block<FloatsOf<Q>> | SparseBlock<FloatsOf<Q>>>;
}

/** A channel of rows or of files: asking for what it does not have is an error. */
export interface EitherChannel<A extends string = never, F extends Precision = Precision>
  extends Channel<F>,
    FileChannel<A> {
  /** What the job gave: rows, or files of one of the definition's `fileTypes`. */
  readonly content: 'rows' | 'files';
}

/** A channel as it is opened, whatever its definition. */
export type OpenedChannel = EitherChannel<string>;

/**
 * The channels of a job by name: one that is declared required is there, any other may be undefined. On several hosts they are
 * those of all hosts once the job has asked for its communicator; before that a required one that this host lacks is an error.
 */
export type JobChannels<C extends ChannelDefinitions, F extends Precision = Precision> = {
  readonly [Name in keyof C]:
    | JobChannel<C[Name], F>
    | (C[Name] extends { readonly required: true } ? never : undefined);
};

/** Files have no rows, and rows are no files; `content` says which a channel has that may have either. */
type JobChannel<D extends ChannelDefinition, F extends Precision> = D extends { readonly content: 'files' }
  ? FileChannel<AttributesOf<D>>
  : D extends { readonly fileTypes: FileTypes }
    ? EitherChannel<AttributesOf<D>, F>
    : Channel<F>;

type AttributesOf<D> = D extends { readonly attributes: readonly (infer A extends string)[] } ? A : never;
