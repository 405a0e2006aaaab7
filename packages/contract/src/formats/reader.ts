/**
 * What a channel and the reader of a data format agree on: the channel opens streams of bytes, the reader makes blocks
 * of them. Reading is pulled, into memory of the reader, so that bytes are copied once.
 */
import type { BlockOptions, Blocks, ValuePolicy } from './block.js';
import type { TextColumns } from './categories/text-columns.js';
import type { NamedColumns } from './column-names.js';
import type { MediaType } from './media-type.js';
import type { Place } from './place.js';

/** Bytes in order, unpacked. */
export interface ByteStream {
  /**
   * Fills `target` from its start; the number of bytes written, 0 only at the end. `target` must not be empty. A file
   * answers synchronously, which is several times faster than a promise for each piece.
   */
  read(target: Uint8Array): number | Promise<number>;
  /** Ends the stream early or after its end; more than once is harmless. */
  close(): void;
}

/** One file of a channel, or one epoch of a Pipe channel. */
export interface DataSource {
  /** Path relative to the channel, as `Block.source` gives it. */
  readonly name: string;
  /** As messages name it: `train/part-2.csv`. */
  readonly label: string;
  /** The file itself, for formats that are not read from front to back; absent in Pipe mode. */
  readonly path?: string;
  /** The open file of an object that came through a pipe, for such formats; whoever opened it closes it. */
  readonly descriptor?: number;
  /** Whether objects follow one another without a sign of where one begins: an epoch of a Pipe channel. */
  readonly isPipe?: boolean;
  open(): ByteStream | Promise<ByteStream>;
}

/** The sources of a pass in their order: files, which are all known, or the objects of a pipe as they come. */
export type Sources = Iterable<DataSource> | AsyncIterable<DataSource>;

/** How to read: the caller's wishes, and the algorithm's rules for values. */
export interface ReadSettings extends BlockOptions {
  readonly contentType: MediaType;
  readonly policy: ValuePolicy;
  /** The columns of the training data, which others are matched with by name; undefined where they have no names. */
  columns?(): NamedColumns | undefined | Promise<NamedColumns | undefined>;
  /** Which columns hold text; absent: none. */
  readonly texts?: TextColumns | undefined;
}

/** What is known of a format's channels without the code that reads them, which is loaded when it is first used. */
export interface ChannelReader {
  /** What the position of a row counts. */
  readonly unit: Place['unit'];
  /** Whether it takes records apart that the service wrapped (RecordWrapperType RecordIO). */
  readonly readsRecordIO: boolean;
  /** Whether folder names such as `y=0` are columns. */
  readonly readsFolders?: boolean;
  /** Whether it is not read from front to back, so that the objects of a pipe become files first. */
  readonly needsFiles?: boolean;
  /** Whether columns may hold text; default false. */
  readonly hasText?: boolean;
  /** Names of the content type's parameters that a channel may have; any other is refused. */
  readonly parameters: readonly string[];
  /**
   * @param owner as messages begin: `Channel "train"`
   * @throws ClientError E_CONTENT_TYPE for parameters that it cannot follow
   */
  checkContentType(contentType: MediaType, owner: string): void;
  /** Whether the rows of such a content type have names of columns. */
  hasNames(contentType: MediaType): boolean;
  load(): Promise<BlockReader>;
}

/** Reads the rows of one content type. */
export interface BlockReader {
  /**
   * The names of a source's columns, for a format that may have them; undefined where it has none. Settings as for the
   * pass that needs them.
   */
  columnsOf?(source: DataSource, settings: ReadSettings): NamedColumns | undefined | Promise<NamedColumns | undefined>;
  /** Whether the first rows of one of the sources have text, for a format that may have it. */
  hasText?(sources: Sources, settings: ReadSettings): boolean | Promise<boolean>;
  /**
   * One pass over all sources in their order. A source without rows yields no block.
   * @throws ClientError naming file, line and column of the first bad value
   */
  read(sources: Sources, settings: ReadSettings): Blocks;
}
