/**
 * Input channels of a training job: which files a channel has, and its rows as blocks, alike in File, FastFile and
 * Pipe mode. Source: AWS guide "How Amazon SageMaker Provides Training Information" (CONTRACT.md, channels).
 */
import type { Block, BlockOptions } from './formats/block.js';
import type { MediaType } from './formats/media-type.js';

/** One channel of a running job. */
export interface Channel {
  readonly name: string;
  readonly contentType: MediaType;
  /** FastFile is 'File': the same directory, read on demand. */
  readonly mode: 'File' | 'Pipe';
  /**
   * One pass over all rows, in file order (paths sorted by bytes). In Pipe mode each call reads the next epoch's FIFO.
   * The arrays of a block are reused: they are valid until the next block is asked for.
   * @throws ClientError naming file, line and column of the first bad value
   */
  blocks(options?: BlockOptions): AsyncIterable<Block>;
}
