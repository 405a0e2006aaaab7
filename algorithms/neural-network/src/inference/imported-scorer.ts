/**
 * An imported model: each of its outputs as columns of its own type, so that whole numbers (int32, classes of an
 * argmax) never pass through float32.
 */
import { ClientError } from '@algo/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoadedImportedModel } from '../model/index.js';
import type { FeatureRows, Scorer, Scores } from './scorer.js';

/** @param maxRows maximum batch size, for a model that takes any number */
export function createImportedScorer(model: LoadedImportedModel, maxRows: number): Scorer {
  const { batchSize, featureCount, imageShape, outputNames } = model;
  return {
    featureCount,
    imageShape,
    maxRows: batchSize ?? maxRows,
    isImmediate: false,
    async score({ features, rows }) {
      const total = batchSize ?? rows;
      const outputs = await model.run(padded({ features, rows }, total, featureCount), total);
      try {
        const read = async (output: Tensor, index: number) =>
          firstRows(await numbersOf(output, outputNames[index]!, total), total, rows);
        const [first, ...others] = await Promise.all(outputs.map(read));
        return others.length > 0 ? { ...first!, others } : first!;
      } finally {
        for (const output of outputs) output.dispose();
      }
    },
  };
}

// --- internal ---

/** The rows, and rows of zeros up to `total`. */
function padded({ features, rows }: FeatureRows, total: number, featureCount: number): Float64Array | Float32Array {
  if (rows === total) return features.subarray(0, total * featureCount);
  const values = new Float64Array(total * featureCount);
  values.set(features.subarray(0, rows * featureCount));
  return values;
}

/** The first `rows` of `total` rows. */
function firstRows(values: Float32Array | Int32Array, total: number, rows: number): Scores {
  const width = values.length / total;
  return { values: rows === total ? values : values.subarray(0, rows * width), width };
}

async function numbersOf(output: Tensor, name: string, rows: number): Promise<Float32Array | Int32Array> {
  const { dtype, shape } = output;
  if (dtype === 'string' || dtype === 'complex64') throw unservable(name, 'must be numbers', dtype);
  if (shape[0] !== rows || output.size === 0) {
    const rule = `must have one entry for each of ${rows} row${rows === 1 ? '' : 's'}`;
    throw unservable(name, rule, `the shape [${shape.join(' × ')}]`);
  }
  const values = await output.data<'float32' | 'int32' | 'bool'>();
  return values instanceof Uint8Array ? Int32Array.from(values) : values;
}

function unservable(name: string, rule: string, received: string): ClientError {
  return new ClientError('E_MODEL', `Output "${name}" of the model ${rule}; received ${received}.`);
}
