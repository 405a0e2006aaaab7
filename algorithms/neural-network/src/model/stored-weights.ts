/**
 * The content of weights.bin, in order: the network's own weights between those of the two scaling layers. Scaling is
 * a BatchNormalization with fixed statistics, so that any program that reads a LayersModel standardizes as training did.
 */
import type { NetworkDefinition, Scaling, TrainedNetwork } from '../network/definition.js';
import { weightDefinitions } from '../network/weights.js';
import { NAMES } from './files.js';

export interface StoredWeight {
  /** `layer/weight` */
  readonly name: string;
  readonly shape: readonly number[];
}

/** Weights by name and shape, in the order of the file. */
export function storedWeights(definition: NetworkDefinition): StoredWeight[] {
  const { imageShape, numericColumns, outputCount } = definition;
  const inputChannels = imageShape ? imageShape[2] : numericColumns.length;
  return [
    ...(inputChannels > 0 ? scalingWeights(NAMES.inputScaling, inputChannels) : []),
    ...weightDefinitions(definition),
    ...(definition.task === 'regression' ? scalingWeights(NAMES.outputScaling, outputCount) : []),
  ];
}

/** The values of all stored weights by name. */
export function storedValues({ inputScaling, outputScaling, weights }: TrainedNetwork): Map<string, Float32Array> {
  const values = new Map(weights);
  for (const [name, value] of Object.entries(standardization(inputScaling))) {
    values.set(`${NAMES.inputScaling}/${name}`, value);
  }
  for (const [name, value] of Object.entries(outputScaling ? restoration(outputScaling) : {})) {
    values.set(`${NAMES.outputScaling}/${name}`, value);
  }
  return values;
}

// --- internal ---

/** The weights of a BatchNormalization layer; with epsilon 0 it gives gamma · (x − mean) ÷ √variance + beta. */
type ScalingWeights = Record<(typeof SCALING_WEIGHTS)[number], Float32Array>;

/** In the layer's own order. */
const SCALING_WEIGHTS = ['gamma', 'beta', 'moving_mean', 'moving_variance'] as const;

/** A variance of float32 must be neither 0 nor infinite, with room for a backend that takes its reciprocal. */
const VARIANCE_LIMITS = [1e-30, 1e30] as const;

function scalingWeights(layer: string, channels: number): StoredWeight[] {
  return SCALING_WEIGHTS.map((name) => ({ name: `${layer}/${name}`, shape: [channels] }));
}

/**
 * (x − mean) ÷ deviation. What float32 cuts off the mean is made good by beta: means far from 0, such as years, would
 * shift a standardized column visibly.
 */
function standardization({ means, deviations }: Scaling): ScalingWeights {
  const variances = deviations.map((deviation) => deviation ** 2);
  const isPlain = variances.map((variance) => Number(variance >= VARIANCE_LIMITS[0] && variance <= VARIANCE_LIMITS[1]));
  return {
    gamma: Float32Array.from(deviations, (deviation, i) => (isPlain[i] ? 1 : 1 / deviation)),
    beta: Float32Array.from(means, (mean, i) => (Math.fround(mean) - mean) / deviations[i]!),
    moving_mean: Float32Array.from(means),
    moving_variance: Float32Array.from(variances, (variance, i) => (isPlain[i] ? variance : 1)),
  };
}

/** y · deviation + mean. */
function restoration({ means, deviations }: Scaling): ScalingWeights {
  return {
    gamma: Float32Array.from(deviations),
    beta: Float32Array.from(means),
    moving_mean: new Float32Array(means.length),
    moving_variance: new Float32Array(means.length).fill(1),
  };
}
