/** An input channel as an algorithm declares it, and as its running job gets it. */
import type { Block, BlockOptions, SparseBlock } from '../formats/block.js';
import type { MediaType } from '../formats/media-type.js';

/** What an algorithm says of one of its channels. */
export interface ChannelDefinition {
  readonly description: string;
  readonly required?: boolean;
  /** Media types the algorithm reads, the default (when a job gives none) first. */
  readonly contentTypes: readonly [string, ...string[]];
  /** Default: both. FastFile is seen as File. */
  readonly inputModes?: readonly ('File' | 'Pipe')[];
  /** Default: both. A `.gz` file is unpacked whatever the mode. */
  readonly compressionTypes?: readonly ('None' | 'Gzip')[];
}

export type ChannelDefinitions = Readonly<Record<string, ChannelDefinition>>;

/** One file of a channel, for content that is not rows. */
export interface ChannelFile {
  /** Relative to the channel, `/` between folders. */
  readonly name: string;
  /** Where it lies on this machine. */
  readonly path: string;
}

/** One channel of a running job. */
export interface Channel {
  readonly name: string;
  readonly contentType: MediaType;
  /** FastFile is 'File': the same directory, read on demand. */
  readonly mode: 'File' | 'Pipe';
  /**
   * One pass over all rows, in file order (paths sorted by bytes). In Pipe mode each call reads the next epoch's FIFO.
   * The arrays of a block are reused: they are valid until the next block is asked for. Sparse rows are made dense; see
   * ValuePolicy.
   * @throws ClientError naming file, line and column of the first bad value
   */
  blocks(options?: BlockOptions): AsyncIterable<Block>;
  /** As `blocks`, with sparse rows left sparse: libsvm, and what of RecordIO-protobuf has keys. */
  blocksAsStored(options?: BlockOptions): AsyncIterable<Block | SparseBlock>;
  /**
   * The files as they are, in file order: for a channel that holds no rows, such as a model to go on from.
   * @throws ClientError E_CHANNEL in Pipe mode, which has no files
   */
  files(): readonly ChannelFile[];
}
