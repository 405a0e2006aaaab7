/**
 * The WebAssembly kernel that turns lines into numbers (assembly/csv.ts), with types. Each reader has an instance of it.
 */
import type { WebAssemblyGlobal } from '@algo/numerics';
import { kernelFactory, type NumberKernel } from '../text/number-kernel.js';
import { kernelBytes } from './kernel.generated.js';

/** What `parse` returns; the same numbers stand in assembly/csv.ts. */
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

type Parse = (start: number, end: number, row: number, rowLimit: number) => number;

/** The exports of assembly/csv.ts; offsets and sizes are bytes of `memory`. */
export interface CsvKernel extends NumberKernel {
  /** After `parse`: rows now in the block, start of the first line not consumed, column of the problem from 1. */
  readonly rows: WebAssemblyGlobal;
  readonly position: WebAssemblyGlobal;
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
  readonly parse64: Parse;
  readonly parse32: Parse;
}

/** A new instance with one page of memory. */
export const createCsvKernel = kernelFactory<CsvKernel>(kernelBytes);
