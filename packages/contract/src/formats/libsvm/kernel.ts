/**
 * The WebAssembly kernel that turns libsvm lines into sparse rows (assembly/libsvm.ts), with types. Each reader has an
 * instance of it.
 */
import type { WebAssemblyGlobal } from '@algo/numerics';
import { kernelFactory, type LineKernel } from '../text/number-kernel.js';
import { kernelBytes } from './kernel.generated.js';

/** What `parse` returns; the same numbers are in assembly/libsvm.ts. */
export const STOPPED = {
  /** Out of lines or of rows. */
  done: 0,
  /** Out of room for entries. */
  full: 1,
  blankLine: 2,
  commentLine: 3,
  badLabel: 4,
  badWeight: 5,
  weightPresence: 6,
  badQuery: 7,
  queryPresence: 8,
  badPair: 9,
  badIndex: 10,
  repeated: 11,
  badValue: 12,
  missing: 13,
  infinite: 14,
  outOfRange: 15,
  labelOutOfRange: 16,
  weightOutOfRange: 17,
} as const;

/** `weights` and `queries` of the kernel when rows have them. */
export const PRESENT = 2;

/** The exports of assembly/libsvm.ts; offsets are bytes of `memory`. */
export interface LibsvmKernel extends LineKernel {
  /** After a parse: where the bad token starts. */
  readonly tokenAt: WebAssemblyGlobal;
  readonly repeatedColumn: WebAssemblyGlobal;
  /** The largest column of this pass, from 1; 0 before any entry. */
  readonly columns: WebAssemblyGlobal;
  readonly weights: WebAssemblyGlobal;
  readonly queries: WebAssemblyGlobal;
  configure(
    hasLabel: boolean,
    indexBase: number,
    columnLimit: number,
    refuseMissing: boolean,
    refuseInfinite: boolean,
    magnitudeLimit: number,
  ): void;
  place(
    labels: number,
    weights: number,
    queries: number,
    rowStarts: number,
    indices: number,
    values: number,
    entries: number,
  ): void;
}

/** A new instance with one page of memory. */
export const createLibsvmKernel = kernelFactory<LibsvmKernel>(kernelBytes);
