/**
 * First weights: uniform as Glorot & Bengio 2010 have it, normal as He et al. 2015, cut at two deviations as in Keras.
 * Each weight draws from a stream of its own, so that it starts the same whatever precedes it.
 */
import { createRandom, normal, type Random, streamSeed } from '@algo/numerics';
import type { NetworkDefinition, Weights } from './definition.js';
import { sizeOf, type WeightDefinition, weightDefinitions } from './weights.js';

/** Half the width of embeddings' uniform distribution, as in Keras. */
const EMBEDDING_LIMIT = 0.05;
/** Deviation of a normal distribution that is cut at two deviations. */
const CUT_NORMAL_DEVIATION = 0.87962566103423978;

/** Weights by name. The same seed gives the same weights on every backend and machine. */
export function initializeWeights(definition: NetworkDefinition, seed: number): Weights {
  const definitions = weightDefinitions(definition);
  return new Map(
    definitions.map((weight, index) => [weight.name, initialValues(weight, createRandom(streamSeed(seed, index)))]),
  );
}

// --- internal ---

function initialValues({ initializer, shape }: WeightDefinition, random: Random): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  const { fanIn, fanOut } = fans(shape);
  switch (initializer) {
    case 'zeros':
      return values;
    case 'ones':
      return values.fill(1);
    case 'embeddingUniform':
      return values.map(() => uniform(random, EMBEDDING_LIMIT));
    case 'glorotUniform': {
      const limit = Math.sqrt(6 / (fanIn + fanOut));
      return values.map(() => uniform(random, limit));
    }
    case 'heNormal': {
      const deviation = Math.sqrt(2 / fanIn) / CUT_NORMAL_DEVIATION;
      return values.map(() => deviation * cutNormal(random));
    }
  }
}

/** Connections into and out of a unit: of a convolution, times the positions of its kernel. */
function fans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  const positions = sizeOf(shape.slice(0, -2));
  return { fanIn: positions * (shape.at(-2) ?? 1), fanOut: positions * shape.at(-1)! };
}

function uniform(random: Random, limit: number): number {
  return (2 * random.uniform() - 1) * limit;
}

function cutNormal(random: Random): number {
  let value = normal(random);
  while (Math.abs(value) > 2) value = normal(random);
  return value;
}
