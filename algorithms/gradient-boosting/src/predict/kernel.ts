/**
 * The WebAssembly kernels of prediction (assembly/predict.ts) with their types. The module is compiled on first use; each
 * predictor has an instance and a memory of its own.
 */
import { kernelBytes } from './kernel.generated.js';

/** Bytes of one page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

/** Addresses and counts, as assembly/predict.ts documents them. */
export interface PredictionKernel {
  predictRows(
    quantizer: number,
    trees: number,
    treeCount: number,
    rows: number,
    rowCount: number,
    margins: number,
    outputs: number,
    codes: number,
    sums: number,
    blockGroups: number,
  ): void;
  predictRow(quantizer: number, trees: number, treeCount: number, row: number, margins: number, codes: number): void;
}

export interface KernelMemory {
  readonly buffer: ArrayBuffer;
}

/** @throws RangeError when the machine has no room for so many pages */
export function createMemory(pages: number): KernelMemory {
  return new WebAssembly.Memory({ initial: pages });
}

export function instantiateKernel(memory: KernelMemory): PredictionKernel {
  compiled ??= new WebAssembly.Module(kernelBytes);
  // The compiler of the kernel checks its exports; their types cannot be seen from here.
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as PredictionKernel;
}

// --- internal ---

let compiled: object | undefined;

/** The part of the standard's interface used here: TypeScript has it only together with the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly Memory: new (limits: { readonly initial: number }) => KernelMemory;
};
