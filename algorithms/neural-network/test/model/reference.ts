/** Predictions of a network in plain float64 loops, written from the definitions: what every format must agree with. */
import type { ActivationName, LayerDefinition, TrainedNetwork } from '../../src/network/definition.js';
import { embeddingName, HEAD_NAME, inputShape, outputShape } from '../../src/network/weights.js';

/** @param features [rows × features] @returns [rows × outputs] */
export function referencePredictions(network: TrainedNetwork, features: ArrayLike<number>, rows: number): Float64Array {
  const { featureCount, outputCount } = network.definition;
  const scores = new Float64Array(rows * outputCount);
  for (let row = 0; row < rows; row++) {
    const values = Array.from({ length: featureCount }, (_, column) => features[row * featureCount + column]!);
    scores.set(predict(network, values), row * outputCount);
  }
  return scores;
}

function predict({ definition, inputScaling, outputScaling, weights }: TrainedNetwork, row: readonly number[]) {
  const { imageShape, numericColumns, categoricalInputs } = definition;
  const standardized = numericColumns.map((column, index) => {
    const channel = imageShape ? index % imageShape[2] : index;
    return (row[column]! - inputScaling.means[channel]!) / inputScaling.deviations[channel]!;
  });
  const embedded = categoricalInputs.flatMap(({ column, values, dimensions }) => {
    const known = values.findIndex((value) => Math.fround(value) === Math.fround(row[column]!));
    const index = known === -1 ? values.length : known;
    const table = weights.get(`${embeddingName(column)}/embeddings`)!;
    return [...table.subarray(index * dimensions, (index + 1) * dimensions)];
  });
  let values = [...standardized, ...embedded];
  let shape = inputShape(definition);
  for (const layer of definition.layers) {
    values = apply(layer, values, shape, weights);
    shape = outputShape(layer, shape);
  }
  const outputs = dense(values, weights.get(`${HEAD_NAME}/kernel`)!, weights.get(`${HEAD_NAME}/bias`)!);
  if (definition.task === 'binary') return outputs.map(ACTIVATIONS.sigmoid);
  if (definition.task === 'multiclass') {
    const powers = outputs.map((output) => Math.exp(output - Math.max(...outputs)));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  }
  return outputs.map((output, i) => output * outputScaling!.deviations[i]! + outputScaling!.means[i]!);
}

function apply(
  layer: LayerDefinition,
  values: number[],
  shape: readonly number[],
  weights: TrainedNetwork['weights'],
): number[] {
  const weight = (name: string) => weights.get(`${layer.name}/${name}`)!;
  switch (layer.kind) {
    case 'dense':
      return dense(values, weight('kernel'), weight('bias')).map(ACTIVATIONS[layer.activation]);
    case 'convolution':
      return convolution(layer, values, shape, weight('kernel'), weight('bias')).map(ACTIVATIONS[layer.activation]);
    case 'maxPooling':
      return maxPooling(layer.size, values, shape);
    case 'activation':
      return values.map(ACTIVATIONS[layer.activation]);
    case 'batchNormalization': {
      const [gamma, beta, mean] = [weight('gamma'), weight('beta'), weight('moving_mean')];
      const variance = weight('moving_variance');
      return values.map((value, i) => {
        const c = i % gamma.length;
        return (gamma[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + layer.epsilon) + beta[c]!;
      });
    }
    default:
      return values;
  }
}

function dense(values: readonly number[], kernel: Float32Array, bias: Float32Array): number[] {
  return Array.from(bias, (start, unit) =>
    values.reduce((sum, value, i) => sum + value * kernel[i * bias.length + unit]!, start),
  );
}

function convolution(
  { kernelSize, filters }: LayerDefinition & { kind: 'convolution' },
  values: readonly number[],
  [height = 0, width = 0, channels = 0]: readonly number[],
  kernel: Float32Array,
  bias: Float32Array,
): number[] {
  const margin = (kernelSize - 1) / 2;
  const result: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let filter = 0; filter < filters; filter++) {
        let sum = bias[filter]!;
        for (let dy = 0; dy < kernelSize; dy++) {
          for (let dx = 0; dx < kernelSize; dx++) {
            const [fromY, fromX] = [y + dy - margin, x + dx - margin];
            if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
            for (let c = 0; c < channels; c++) {
              const value = values[(fromY * width + fromX) * channels + c]!;
              sum += value * kernel[((dy * kernelSize + dx) * channels + c) * filters + filter]!;
            }
          }
        }
        result.push(sum);
      }
    }
  }
  return result;
}

function maxPooling(
  size: number,
  values: readonly number[],
  [height = 0, width = 0, channels = 0]: readonly number[],
): number[] {
  const result: number[] = [];
  for (let y = 0; y + size <= height; y += size) {
    for (let x = 0; x + size <= width; x += size) {
      for (let c = 0; c < channels; c++) {
        let largest = Number.NEGATIVE_INFINITY;
        for (let dy = 0; dy < size; dy++) {
          for (let dx = 0; dx < size; dx++) {
            largest = Math.max(largest, values[((y + dy) * width + x + dx) * channels + c]!);
          }
        }
        result.push(largest);
      }
    }
  }
  return result;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const ACTIVATIONS: Readonly<Record<ActivationName, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid,
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  swish: (x) => x * sigmoid(x),
};

/** Maclaurin series below 3, where it has all digits that matter here; beyond, 1 to six digits and more. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let sum = 0;
  for (let n = 0, term = x; Math.abs(term) > 1e-17 || n < 5; n++, term *= -(x * x) / n) sum += term / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * sum;
}
