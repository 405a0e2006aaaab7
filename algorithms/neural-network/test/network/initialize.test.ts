import { describe, expect, it } from 'vitest';
import { initializeWeights } from '../../src/network/initialize.js';
import { weightDefinitions } from '../../src/network/weights.js';
import { defineNetwork, dense, IMAGE_LAYERS } from '../support/networks.js';

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const deviation = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

describe('initializeWeights', () => {
  it('fills every weight of a network with its shape', () => {
    const definition = defineNetwork({ imageShape: [6, 6, 1], layers: IMAGE_LAYERS });

    const weights = initializeWeights(definition, 1);

    for (const { name, shape } of weightDefinitions(definition)) {
      expect(weights.get(name)).toHaveLength(shape.reduce((size, side) => size * side, 1));
    }
    expect([...weights.get('normalization_1/gamma')!]).toEqual([1, 1, 1, 1]);
    expect([...weights.get('convolution_1/bias')!]).toEqual([0, 0, 0, 0]);
  });

  it('draws kernels before rectifiers from a truncated normal distribution of variance 2 ÷ inputs', () => {
    const values = initializeWeights(defineNetwork({ columns: 200, layers: [dense('dense_1', 100)] }), 2).get(
      'dense_1/kernel',
    )!;

    // 20,000 draws: half a percent of a standard error
    expect(deviation(values)).toBeCloseTo(Math.sqrt(2 / 200), 2);
    expect(largest(values)).toBeLessThanOrEqual((2 * Math.sqrt(2 / 200)) / 0.8796);
  });

  it('draws other kernels uniformly from ±√(6 ÷ (inputs + outputs)), times the positions for a convolution', () => {
    const layer = {
      kind: 'convolution',
      name: 'convolution_1',
      filters: 10,
      kernelSize: 5,
      activation: 'tanh',
    } as const;
    const definition = defineNetwork({
      imageShape: [8, 8, 20],
      layers: [layer, { kind: 'flatten', name: 'flatten_1' }],
    });
    const limit = Math.sqrt(6 / (25 * 30));

    const values = initializeWeights(definition, 3).get('convolution_1/kernel')!;

    expect(largest(values)).toBeLessThanOrEqual(limit);
    expect(largest(values)).toBeGreaterThan(0.99 * limit);
    expect(deviation(values)).toBeCloseTo(limit / Math.sqrt(3), 2);
  });

  it('uses a separate random stream for each weight, and others for another seed', () => {
    const definition = defineNetwork({ layers: [dense('dense_1', 4), dense('dense_2', 4)] });

    const [one, same, other] = [1, 1, 2].map((seed) => initializeWeights(definition, seed));

    expect(one).toEqual(same);
    expect(one!.get('dense_1/kernel')).not.toEqual(other!.get('dense_1/kernel'));
    expect(one!.get('dense_1/kernel')).not.toEqual(one!.get('dense_2/kernel'));
  });
});
