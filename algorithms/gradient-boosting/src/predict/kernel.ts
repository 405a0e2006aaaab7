/** The WebAssembly kernels of prediction (assembly/predict.ts) with their types, compiled when first used. */
import { createKernelLoader } from '@algo/numerics';
import { kernelBytes } from './kernel.generated.js';

/** Addresses and counts, as assembly/predict.ts documents them. */
export interface PredictionKernel {
  predictRows(batch: number, isShared: boolean): void;
  predictRow(quantizer: number, trees: number, treeCount: number, row: number, margins: number, codes: number): void;
}

export const predictionKernel = createKernelLoader<PredictionKernel>(kernelBytes);
