/**
 * The functions that the compiled kernels export, by the file of assembly/ that documents their arguments: addresses in
 * bytes, and counts.
 */

export interface Kernel {
  // pool.ts
  threadCount(): number;

  // column-sums.ts
  sumColumns(matrix: number, rows: number, columns: number, sums: number): void;

  // dense.ts
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

  // convolution.ts
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

  // constants.ts
  writeConstants(): void;

  // elementwise.ts
  activate(input: number, output: number, count: number, activation: number): void;
  activateBack(
    input: number,
    output: number,
    gradient: number,
    result: number,
    count: number,
    activation: number,
  ): void;
  softmax(input: number, output: number, rows: number, columns: number): void;
  dropout(input: number, output: number, count: number, key: number, threshold: number, scale: number): void;

  // loss.ts
  loss(
    name: number,
    outputs: number,
    labels: number,
    weights: number,
    gradient: number,
    result: number,
    slots: number,
    rows: number,
    columns: number,
    scale: number,
  ): void;

  // normalization.ts
  normalize(
    input: number,
    output: number,
    gamma: number,
    beta: number,
    mean: number,
    variance: number,
    factors: number,
    rows: number,
    channels: number,
    epsilon: number,
  ): void;
  normalizeBatch(
    input: number,
    output: number,
    gamma: number,
    beta: number,
    movingMean: number,
    movingVariance: number,
    newMean: number,
    newVariance: number,
    mean: number,
    inverse: number,
    partials: number,
    factors: number,
    rows: number,
    channels: number,
    epsilon: number,
    momentum: number,
  ): void;
  // normalization-back.ts
  normalizationSums(
    input: number,
    gradient: number,
    mean: number,
    inverse: number,
    gammaGradient: number,
    betaGradient: number,
    partials: number,
    rows: number,
    channels: number,
  ): void;
  normalizationGradient(
    input: number,
    gradient: number,
    gamma: number,
    mean: number,
    inverse: number,
    gammaSums: number,
    betaSums: number,
    inputGradient: number,
    factors: number,
    rows: number,
    channels: number,
    count: number,
  ): void;

  // optimizer.ts
  updateWeights(rule: number, isLarge: boolean): void;

  // pooling.ts
  planPooling(rows: number, height: number, width: number, channels: number, size: number): void;
  maxPool(input: number, output: number): void;
  maxPoolBack(input: number, output: number, gradient: number, result: number): void;

  // rows.ts
  gatherRows(table: number, indices: number, output: number, rows: number, width: number, entries: number): void;
  scatterRows(gradient: number, indices: number, table: number, rows: number, width: number, entries: number): void;
  copyColumns(from: number, fromStride: number, to: number, toStride: number, rows: number, width: number): void;
  copyWords(from: number, to: number, count: number): void;
}
