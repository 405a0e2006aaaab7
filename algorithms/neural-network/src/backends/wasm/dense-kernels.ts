/**
 * Signatures of the kernels for matrix products and dense layers; assembly/dense.ts documents their arguments.
 */

export interface DenseKernels {
  product(
    a: number,
    isATransposed: boolean,
    b: number,
    packed: number,
    rows: number,
    columns: number,
    depth: number,
    bias: number,
    activation: number,
    preActivation: number,
    output: number,
  ): void;
  productScratchBytes(columns: number, depth: number): number;
  denseBack(
    input: number,
    kernel: number,
    output: number,
    preActivation: number,
    outputGradient: number,
    activation: number,
    rows: number,
    inputs: number,
    units: number,
    inputGradient: number,
    kernelGradient: number,
    biasGradient: number,
    scratch: number,
  ): void;
  denseBackScratchBytes(rows: number, inputs: number, units: number): number;
}
