/**
 * What a data format is to the SDK: its names, and what can be done with it. Each is one object in `<name>/format.ts`
 * and one line in `formats.ts`; channels, requests, answers and content types all come from there. A program uses one or
 * two of them, so what reads rows is loaded when it is first used.
 */
import type { ErrorCode } from '../errors.js';
import type { Predictions } from '../prediction.js';
import type { Block, SparseBlock, ValuePolicy } from './block.js';
import type { TextColumns } from './categories/text-columns.js';
import type { MediaType } from './media-type.js';
import type { ChannelReader } from './reader.js';

export interface Format {
  /** The service's own name, `type/subtype`. */
  readonly type: string;
  /** Names without a slash, as SageMaker's XGBoost container takes them. */
  readonly shortNames: readonly string[];
  /** Other media types that clients use for it. */
  readonly aliases: readonly string[];
  /** Whether a file that begins so is of this format beyond doubt; for channels whose job gives no content type. */
  isSeen?(start: Buffer): boolean;
  /** Rows of a channel. */
  readonly channel?: ChannelReader;
  /** Rows of a request. */
  readonly request?: RequestReader;
  /** Predictions of an answer. */
  readonly answer?: AnswerWriter;
}

/** What the rows of a request must be. */
export interface RequestRules {
  /** Columns of the model. */
  readonly featureCount: number;
  /** Their names, where the model has them: a format with names is matched by them, in any order. */
  readonly featureNames?: readonly string[];
  readonly policy: ValuePolicy;
  /** Element type of features and values; default 'float64'. */
  readonly precision?: 'float64' | 'float32';
  /** Which columns hold text; absent: none. */
  readonly texts?: TextColumns;
  /** The index of the first column in libsvm when the request does not say; default 0. */
  readonly indexBase?: 0 | 1;
}

export interface RequestReader {
  /** Where each line is a record: whether one that begins with `#` is a comment. */
  readonly lines?: { readonly hasComments: boolean };
  /** Whether records are framed as those of RecordIO. */
  readonly isFramed?: boolean;
  /** Whether the first line of a body of this type is a header line. @throws ClientError E_CONTENT_TYPE */
  headerOf?(type: MediaType): 'absent' | 'present' | 'auto';
  /**
   * Whether a body may be cut before and behind this line: parts that all begin and end with such lines have the rows of their
   * whole body, and one of them cannot be read where that cannot. Absent: it may not be cut.
   */
  standsAlone?(line: Uint8Array): boolean;
  /** Whether a small body takes a time bounded by its bytes, so that the process which owns the sockets may read it. */
  readonly isCheap: boolean;
  /** Names of the content type's parameters that are read; default: none. */
  readonly parameters?: readonly string[];
  /** Whether rows may have text; default false: a model with columns of text takes none of them. */
  readonly hasText?: boolean;
  /** Whether `body` has no rows, in a format where that is no mistake. */
  isEmpty(body: Uint8Array): boolean;
  load(): Promise<ReadRows>;
  /** Takes a body apart, for whoever reads the rows around a bad one; absent: a body is one record. */
  loadRecords?(): Promise<SplitRecords>;
}

/**
 * The rows of `body`, undefined for an empty list of them.
 * @throws ClientError naming the place of the first bad value, E_CONTENT_TYPE for parameters that cannot be followed
 */
export type ReadRows = (body: Uint8Array, type: MediaType, rules: RequestRules) => Block | SparseBlock | undefined;

/** The records of a body that could not be read as a whole; undefined where nobody knows where they begin. */
export type SplitRecords = (body: Uint8Array, type: MediaType, rules: RequestRules) => BodyRecords | undefined;

/** Records of a body, each of which is a row. */
export interface BodyRecords {
  readonly count: number;
  /** Whether a header line is before them. */
  readonly hasHeader?: boolean;
  /** As messages begin: `request row 7`. @param record from 0 */
  place(record: number): string;
  /** Rows of the records in [from, to), not none. Messages count from `from`: `request row 1`. @throws as ReadRows */
  read(from: number, to: number): Block | SparseBlock | undefined;
}

/** A record without a row: a blank line, or one that could not be read. */
export type Gap = 'blank' | BadRecord;

/** What is wrong with a record, as the error of a request says it. */
export interface BadRecord {
  readonly code: ErrorCode;
  readonly message: string;
}

/** How the rows of an answer follow each other. */
export interface AnswerLayout {
  /** Whether the last line of CSV and JSON Lines ends with a line feed. */
  readonly hasFinalNewline: boolean;
  /** Records without a row, in their order, by the number of rows before them. */
  readonly gaps: ReadonlyMap<number, readonly Gap[]>;
  /** Whether these are some rows of a longer document, written without its frame. */
  readonly isFragment?: boolean;
}

/** What is around and between the rows of a document. */
export interface DocumentFrame {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

export interface AnswerWriter {
  /** Whether an answer is one document of text, which needs a line feed before the next one in a file. */
  readonly isDocument: boolean;
  /** Whether an answer begins with the number of its rows, so that it cannot be written part by part. */
  readonly isWhole?: boolean;
  /** Of a format whose answers are not simply row after row. */
  readonly frame?: DocumentFrame;
  /**
   * The body of an answer.
   * @param predictions checked; see checkPredictions
   * @param names the columns to write, in their order
   */
  write(predictions: Predictions, rows: number, names: readonly string[], layout: AnswerLayout): Buffer;
}
