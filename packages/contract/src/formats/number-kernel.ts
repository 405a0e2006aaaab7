/**
 * Instances of the WebAssembly kernels that read numbers from text (assembly/csv.ts, assembly/libsvm.ts), each with a
 * memory of its own. A kernel is compiled on first use.
 */
import { powersOfFive } from './csv/powers-of-five.js';

/** Bytes of one page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

/** An exported global. */
export interface Global {
  readonly value: number;
}

/** The memory that a kernel works in. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  /** @throws RangeError when the machine or the 4 GiB address space has no room */
  grow(pages: number): number;
}

/** A kernel's own exports beside its memory. */
export interface NumberKernel {
  readonly memory: Memory;
  readonly FREE_OFFSET: Global;
}

/**
 * A function that makes new instances of one kernel, with one page of memory.
 * @param bytes compiled from a kernel whose exports are K's, without the memory
 */
export function kernelFactory<K extends NumberKernel>(bytes: Uint8Array): () => K {
  let compiled: Module | undefined;
  return () => {
    compiled ??= new WebAssembly.Module(bytes);
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
    const exports = new WebAssembly.Instance(compiled, imports).exports as K & Setup;
    exports.initialize();
    return { ...exports, memory };
  };
}

// --- internal ---

let powers: BigUint64Array | undefined;

/** What every kernel exports for this file alone. */
interface Setup {
  readonly POWERS_OFFSET: Global;
  initialize(): void;
}

type Module = object;

/** The part of the standard's interface used here: TypeScript has it only together with the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (module: Module, imports: object) => { readonly exports: unknown };
  readonly Memory: new (limits: { readonly initial: number }) => Memory;
};
