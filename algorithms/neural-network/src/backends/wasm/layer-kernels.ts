/**
 * The kernels beside matrix products, with their types. What their arguments mean stands at the functions themselves, in
 * assembly/.
 */

export interface LayerKernels {
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
  normalizeBatchBack(
    input: number,
    gradient: number,
    gamma: number,
    mean: number,
    inverse: number,
    inputGradient: number,
    gammaGradient: number,
    betaGradient: number,
    partials: number,
    factors: number,
    rows: number,
    channels: number,
  ): void;

  // optimizer.ts
  updateWeights(rule: number, isLarge: boolean): void;

  // pooling.ts
  maxPool(
    input: number,
    output: number,
    rows: number,
    height: number,
    width: number,
    channels: number,
    size: number,
  ): void;
  maxPoolBack(
    input: number,
    output: number,
    gradient: number,
    result: number,
    rows: number,
    height: number,
    width: number,
    channels: number,
    size: number,
  ): void;

  // rows.ts
  gatherRows(table: number, indices: number, output: number, rows: number, width: number, entries: number): void;
  scatterRows(gradient: number, indices: number, table: number, rows: number, width: number, entries: number): void;
  copyColumns(from: number, fromStride: number, to: number, toStride: number, rows: number, width: number): void;
  copyWords(from: number, to: number, count: number): void;
}
