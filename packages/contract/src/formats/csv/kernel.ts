/**
 * The WebAssembly kernel that turns lines into numbers (assembly/csv.ts), with types. It is compiled on first use, and
 * each reader has an instance with a memory of its own.
 */
import { kernelBytes } from './kernel.generated.js';
import { powersOfFive } from './powers-of-five.js';

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
} as const;

type Parse = (start: number, end: number, row: number, rowLimit: number) => number;

/** The exports of assembly/csv.ts; offsets and sizes are bytes of `memory`. */
export interface CsvKernel {
  readonly memory: Memory;
  readonly FREE_OFFSET: Global;
  /** After `parse`: rows now in the block, start of the first line not consumed, column of the problem from 1. */
  readonly rows: Global;
  readonly position: Global;
  readonly column: Global;
  configure(
    labelCount: number,
    hasWeights: boolean,
    featureCount: number,
    refuseMissing: boolean,
    refuseInfinite: boolean,
    labelsOffset: number,
    weightsOffset: number,
    featuresOffset: number,
  ): void;
  readonly parse64: Parse;
  readonly parse32: Parse;
}

/** Bytes of one page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

/** A new instance with one page of memory. */
export function createCsvKernel(): CsvKernel {
  compiled ??= new WebAssembly.Module(kernelBytes);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const imports = {
    env: { memory },
    host: {
      resolveNumber: (start: number, end: number) =>
        Number(Buffer.from(memory.buffer, start, end - start).toString('latin1')),
      loadPowers: () => {
        powers ??= powersOfFive();
        new BigUint64Array(memory.buffer, exports.POWERS_OFFSET.value, powers.length).set(powers);
      },
    },
  };
  // The compiler of the kernel checks its exports; their types cannot be seen from here.
  const exports = new WebAssembly.Instance(compiled, imports).exports as KernelExports;
  exports.initialize();
  return { ...exports, memory };
}

// --- internal ---

let compiled: Module | undefined;
let powers: BigUint64Array | undefined;

interface KernelExports extends Omit<CsvKernel, 'memory'> {
  readonly POWERS_OFFSET: Global;
  initialize(): void;
}

interface Global {
  readonly value: number;
}

interface Memory {
  readonly buffer: ArrayBuffer;
  /** @throws RangeError when the machine or the 4 GiB address space has no room */
  grow(pages: number): number;
}

type Module = object;

/** The part of the standard's interface used here: TypeScript has it only together with the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (module: Module, imports: object) => { readonly exports: unknown };
  readonly Memory: new (limits: { readonly initial: number }) => Memory;
};
