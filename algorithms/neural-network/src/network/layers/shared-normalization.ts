/**
 * Batch normalization in training by the statistics of a batch of which several hosts have rows. Each computes the mean and
 * variance of its own; they are joined in float64 by two sums over the hosts (Chan, Golub & LeVeque 1979), and the input's
 * gradient takes a third one. The gradients of the weights stay sums of this host's rows, as those of all layers do.
 */
import type { Communicator } from '@algo/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import { download, upload } from '../../operations/composed/kernels.js';
import { moved } from '../../operations/composed/normalization.js';
import type { NormalizationInputs, Operations } from '../../operations/operations.js';
import type { LayerPlace, SharedLayer, WeightTensors } from './layer.js';

type Inputs = Omit<NormalizationInputs, 'input'> & { readonly input: Tensor | undefined };

export function createSharedNormalization(
  operations: Operations,
  momentum: number,
  place: LayerPlace,
  inputsOf: (input: Tensor | undefined, weights: WeightTensors) => Inputs,
): SharedLayer {
  let inputs: Inputs;
  let statistics: { readonly mean: Tensor; readonly inverse: Tensor; readonly count: number };
  return {
    async forward(given, pass, hosts) {
      inputs = inputsOf(given, pass);
      const { input, gamma, movingMean, movingVariance, epsilon, ...others } = inputs;
      const own = input && (await ownStatistics(operations, { ...inputs, input }));
      const { count, means, variances } = joined(own, gamma.size, hosts);
      const [mean, variance] = [uploaded(means), uploaded(variances)];
      statistics = { count, mean, inverse: uploaded(variances.map((value) => 1 / Math.sqrt(value + epsilon))) };
      pass.moved[place.moving] = moved(movingMean, mean, momentum);
      pass.moved[place.moving + 1] = moved(movingVariance, variance, momentum);
      return (
        input && operations.normalize({ ...others, input, gamma, epsilon, movingMean: mean, movingVariance: variance })
      );
    },
    async backward(outputGradient, pass, needsInputGradient, hosts) {
      const { input, gamma } = inputs;
      const { mean, inverse, count } = statistics;
      const rows = input && outputGradient && { input, outputGradient, mean, inverse };
      const own = rows && operations.normalizationSums(rows);
      if (own) {
        pass.gradients[place.trainable] = own.gamma;
        pass.gradients[place.trainable + 1] = own.beta;
      }
      if (!needsInputGradient) return undefined;
      const sums = new Float64Array(2 * gamma.size);
      if (own) {
        const [ofGamma, ofBeta] = await Promise.all([download(own.gamma), download(own.beta)]);
        sums.set(ofGamma);
        sums.set(ofBeta, gamma.size);
      }
      hosts.sum(sums);
      if (!rows) return undefined;
      const meansFrom = (first: number) => uploaded(sums.subarray(first, first + gamma.size).map((sum) => sum / count));
      return operations.normalizationGradient({
        ...{ ...rows, gamma },
        means: { gamma: meansFrom(0), beta: meansFrom(gamma.size) },
      });
    },
  };
}

// --- internal ---

/** Of the rows of one host; of images, of all their pixels. */
interface Statistics {
  readonly count: number;
  /** [channels] each; population variances */
  readonly means: ArrayLike<number>;
  readonly variances: ArrayLike<number>;
}

async function ownStatistics(operations: Operations, inputs: NormalizationInputs): Promise<Statistics> {
  // What a momentum of 0 moves the moving statistics to are the batch's own.
  const { movingMean, movingVariance } = operations.normalizeBatch({ ...inputs, momentum: 0 });
  const [means, variances] = await Promise.all([download(movingMean), download(movingVariance)]);
  return { count: inputs.input.size / inputs.gamma.size, means, variances };
}

function joined(own: Statistics | undefined, channels: number, hosts: Communicator) {
  const sums = new Float64Array(channels + 1);
  if (own) {
    for (let channel = 0; channel < channels; channel++) sums[channel] = own.count * own.means[channel]!;
    sums[channels] = own.count;
  }
  hosts.sum(sums);
  const count = sums[channels]!;
  const means = sums.subarray(0, channels).map((value) => value / count);
  const variances = new Float64Array(channels);
  if (own) {
    for (let channel = 0; channel < channels; channel++) {
      const distance = own.means[channel]! - means[channel]!;
      variances[channel] = own.count * (own.variances[channel]! + distance * distance);
    }
  }
  hosts.sum(variances);
  return { count, means, variances: variances.map((value) => value / count) };
}

function uploaded(values: Float64Array): Tensor {
  return upload(Float32Array.from(values), [values.length]);
}
