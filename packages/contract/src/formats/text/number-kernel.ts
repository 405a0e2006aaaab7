/**
 * Instances of the WebAssembly kernels that read numbers from text (assembly/csv.ts, assembly/libsvm.ts), each with a
 * memory of its own. A kernel is compiled on first use.
 */
import { createKernelLoader, type WebAssemblyGlobal, type WebAssemblyMemory, webAssembly } from '@algo/numerics';
import { powersOfFive } from './powers-of-five.js';

/** A kernel's own exports besides its memory. */
export interface NumberKernel {
  readonly memory: WebAssemblyMemory;
  readonly FREE_OFFSET: WebAssemblyGlobal;
}

/** A kernel that reads lines into the rows of a block. */
export interface LineKernel extends NumberKernel {
  /** After a parse: rows now in the block, start of the first line not consumed. */
  readonly rows: WebAssemblyGlobal;
  readonly position: WebAssemblyGlobal;
  readonly parse64: ParseLines;
  readonly parse32: ParseLines;
}

/** Reads lines of [start, end) into rows `row` to `rowLimit` − 1; returns why it stopped. */
export type ParseLines = (start: number, end: number, row: number, rowLimit: number) => number;

/** Functions that a kernel of its own kind calls. */
export type KernelHost = Readonly<Record<string, (...values: number[]) => number | boolean>>;

/**
 * A function that makes new instances of one kernel, with one page of memory.
 * @param bytes compiled from a kernel whose exports are K's, without the memory
 */
export function kernelFactory<K extends NumberKernel>(
  bytes: Uint8Array,
): (host?: (memory: WebAssemblyMemory) => KernelHost) => K {
  const kernel = createKernelLoader<K & Setup>(bytes);
  return (host) => {
    const memory = new webAssembly.Memory({ initial: 1 });
    const imports = {
      env: { memory },
      host: {
        ...host?.(memory),
        resolveNumber: (start: number, end: number) =>
          Number(Buffer.from(memory.buffer, start, end - start).toString('latin1')),
        loadPowers: () => {
          powers ??= powersOfFive();
          new BigUint64Array(memory.buffer, exports.POWERS_OFFSET.value, powers.length).set(powers);
        },
      },
    };
    const exports = kernel.instantiate(imports);
    exports.initialize();
    return { ...exports, memory };
  };
}

// --- internal ---

let powers: BigUint64Array | undefined;

/** What every kernel exports for this file alone. */
interface Setup {
  readonly POWERS_OFFSET: WebAssemblyGlobal;
  initialize(): void;
}
