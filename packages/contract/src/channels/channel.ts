/** An input channel as an algorithm declares it, and as its running job gets it. */
import type { Block, BlockOptions, SparseBlock } from '../formats/block.js';
import type { ChannelFormat, DeclaredType } from '../formats/formats.js';
import type { MediaType } from '../formats/media-type.js';

/** What an algorithm says of any of its channels. */
interface AnyChannelDefinition {
  readonly description: string;
  readonly required?: boolean;
  /** Default: both. FastFile is seen as File. */
  readonly inputModes?: readonly ('File' | 'Pipe')[];
  /** Default: both. A `.gz` file is unpacked whatever the mode. */
  readonly compressionTypes?: readonly ('None' | 'Gzip')[];
}

/** A channel of rows. */
export interface RowChannelDefinition extends AnyChannelDefinition {
  readonly content?: 'rows';
  /** Formats the algorithm reads, the default (when a job gives none) first. */
  readonly contentTypes: readonly [DeclaredType<ChannelFormat>, ...DeclaredType<ChannelFormat>[]];
}

/** A channel of files that the algorithm reads itself, such as a model to continue from. */
export interface FileChannelDefinition extends AnyChannelDefinition {
  readonly content: 'files';
  /** Media types of any kind, the default first. */
  readonly contentTypes: readonly [`${string}/${string}`, ...`${string}/${string}`[]];
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

/** One channel of a running job, of whatever content. */
export interface FileChannel {
  readonly name: string;
  readonly contentType: MediaType;
  /** FastFile is 'File': the same directory, read on demand. */
  readonly mode: 'File' | 'Pipe';
  /**
   * The files as they are, in file order (paths sorted by bytes).
   * @throws ClientError E_CHANNEL in Pipe mode, which has no files
   */
  files(): readonly ChannelFile[];
}

/** A channel of rows. */
export interface Channel extends FileChannel {
  /**
   * One pass over all rows, in file order (paths sorted by bytes). In Pipe mode each call reads the next epoch's FIFO.
   * The arrays of a block are reused: they are valid until the next block is asked for. Sparse rows are made dense; see
   * ValuePolicy.
   * @throws ClientError naming file, line and column of the first bad value
   */
  blocks(options?: BlockOptions): AsyncIterable<Block>;
  /** As `blocks`, with sparse rows left sparse: libsvm, and what of RecordIO-protobuf has keys. */
  blocksAsStored(options?: BlockOptions): AsyncIterable<Block | SparseBlock>;
}

/** The channels of a job by name: one that is declared required is there, any other may be undefined. */
export type JobChannels<C extends ChannelDefinitions> = {
  readonly [Name in keyof C]:
    | (C[Name] extends { readonly content: 'files' } ? FileChannel : Channel)
    | (C[Name] extends { readonly required: true } ? never : undefined);
};
