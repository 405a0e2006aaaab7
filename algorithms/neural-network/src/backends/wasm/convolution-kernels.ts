/**
 * Signatures of the convolution kernels; assembly/convolution*.ts document their arguments.
 */

export interface ConvolutionKernels {
  /** Returns the bytes of scratch; the next kernel called must be one of the others here. */
  planConvolution(
    images: number,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    filters: number,
    kernelHeight: number,
    kernelWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    threads: number,
    isBack: boolean,
  ): number;
  convolve(
    input: number,
    kernel: number,
    bias: number,
    activation: number,
    ceiling: number,
    output: number,
    activated: number,
    scratch: number,
  ): void;
  convolveBack(
    input: number,
    kernel: number,
    output: number,
    preActivation: number,
    gradient: number,
    activation: number,
    inputGradient: number,
    kernelGradient: number,
    biasGradient: number,
    scratch: number,
  ): void;
}
