/**
 * Choosing, joining and cutting rows and columns: embeddings, batches, shuffles.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { product, reshape, run } from './kernels.js';

export function gather(x: Tensor, indices: Tensor): Tensor {
  return run('GatherV2', { x, indices }, { axis: 0, batchDims: 0 });
}

export function slice(x: Tensor, first: number, count: number): Tensor {
  const begin = x.shape.map((_, axis) => (axis === 0 ? first : 0));
  return run('Slice', { x }, { begin, size: [count, ...x.shape.slice(1)] });
}

/** Tables up to this size take their gradient from a product with one-hot rows, which adds in a fixed order. */
const ONE_HOT_ENTRIES = 4096;

/**
 * A scatter adds in whatever order a GPU's threads arrive, so that the last bits differ from run to run; small tables
 * avoid it, for large ones the one-hot matrix would cost too much.
 */
export function embedBackward(outputGradient: Tensor, indices: Tensor, entries: number): Tensor {
  if (entries > ONE_HOT_ENTRIES) {
    return run(
      'ScatterNd',
      { indices: reshape(indices, [indices.size, 1]), updates: outputGradient },
      { shape: [entries, outputGradient.shape[1]!] },
    );
  }
  return product(oneHot(indices, entries), outputGradient, true, false);
}

/** An axis of `depth` behind the others, 1 at each index. */
export function oneHot(indices: Tensor, depth: number): Tensor {
  // As integers first: the wasm kernel writes their bits whatever type is asked for.
  const x = run('OneHot', { indices }, { depth, onValue: 1, offValue: 0, dtype: 'int32' });
  return run('Cast', { x }, { dtype: 'float32' });
}
