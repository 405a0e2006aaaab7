/**
 * The WebAssembly kernel that turns lines into numbers (assembly/csv.ts), with types. Each reader has an instance of it.
 */
import type { WebAssemblyGlobal } from '@algo/numerics';
import type { ValuePolicy } from '../block.js';
import { isMissingText } from '../categories/missing.js';
import { magnitudeLimit } from '../float32-range.js';
import { kernelFactory, type LineKernel, type ParseLines } from '../text/number-kernel.js';
import { kernelBytes } from './kernel.generated.js';
import type { CsvLayout } from './layout.js';

/** What `parse` returns; the same numbers are in assembly/csv.ts. */
export const PROBLEM = {
  none: 0,
  badNumber: 1,
  badColumns: 2,
  openQuote: 3,
  textAfterQuote: 4,
  blankLine: 5,
  missing: 6,
  infinite: 7,
  badWeight: 8,
  outOfRange: 9,
} as const;

/** What a column holds; an open one may turn out to hold numbers or text in a file. */
export const KIND = { number: 0, text: 1, open: 2 } as const;
export const ROLE = { feature: 0, label: 1, weight: 2 } as const;
/** Bytes that the table of columns takes for each; see assembly/csv/columns.ts. */
export const COLUMN_BYTES = 16;

/** The exports of assembly/csv.ts; offsets and sizes are bytes of `memory`. */
export interface CsvKernel extends LineKernel {
  /** After a parse: the column of the problem, from 1. */
  readonly column: WebAssemblyGlobal;
  configure(
    labelCount: number,
    hasWeights: boolean,
    featureCount: number,
    refuseMissing: boolean,
    refuseInfinite: boolean,
    magnitudeLimit: number,
    labelsOffset: number,
    weightsOffset: number,
    featuresOffset: number,
  ): void;
  /** The number that the bytes [start, end) spell. */
  parseDecimal(start: number, end: number): number;
  /** Bytes that the table of texts takes. */
  readonly CODES_BYTES: WebAssemblyGlobal;
  configureColumns(tableOffset: number, columnCount: number, codesOffset: number): void;
  /** By the table of columns. */
  readonly parseColumns: ParseLines;
  /** Who knows the categories of text columns. */
  readonly texts: TextHost;
}

export interface TextHost {
  /**
   * The code of the text in `bytes`, NaN for one that stands for a missing value.
   * @param column from 0
   * @param isQuoted whether quotes in it are doubled
   */
  codeOf(bytes: Uint8Array, column: number, isQuoted: boolean): number;
  /**
   * Takes a number in a column that may hold text: the first of each file.
   * @param bytes with blanks, quotes and the separator that may be around it @param column from 0
   */
  numberAt(bytes: Uint8Array, column: number): void;
}

/** A new instance with one page of memory. */
export function createCsvKernel(): CsvKernel {
  const texts: TextHost = { codeOf: () => Number.NaN, numberAt: () => undefined };
  const kernel = create((memory) => ({
    codeOf: (start, length, column, isQuoted) =>
      texts.codeOf(new Uint8Array(memory.buffer, start!, length!), column!, isQuoted === 1),
    numberAt(start, end, column) {
      texts.numberAt(new Uint8Array(memory.buffer, start!, end! - start!), column!);
      return 0;
    },
    isMissing: (start, end) =>
      isMissingText(Buffer.from(memory.buffer, start!, Math.min(end! - start!, SHORT)).toString('latin1')),
  }));
  return { ...kernel, texts };
}

/** Sets the columns of a line, the rules for values, and where the arrays of the block are. */
export function configureKernel(kernel: CsvKernel, layout: CsvLayout, policy: ValuePolicy): void {
  kernel.configure(
    layout.labelCount,
    layout.hasWeights,
    layout.featureColumns,
    policy.missingValues === 'refuse',
    policy.infiniteValues === 'refuse',
    magnitudeLimit(policy),
    layout.labelsOffset,
    layout.weightsOffset,
    layout.featuresOffset,
  );
}

// --- internal ---

/** No text that stands for a missing value is as long. */
const SHORT = 16;
const create = kernelFactory<Omit<CsvKernel, 'texts'>>(kernelBytes);
