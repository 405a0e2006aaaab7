/** A model of another program: its outputs side by side, whatever they mean. */
import { ClientError } from '@algo/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoadedForeignModel } from '../model/index.js';
import { type RowPart, rowCount, type Scorer, type Scores } from './scorer.js';

/** Rows at once of a model whose layers are not looked into. */
const DEFAULT_ROWS = 256;

/** @param maxRows most rows at once, for a model that takes any number */
export function createForeignScorer(model: LoadedForeignModel, maxRows = DEFAULT_ROWS): Scorer {
  const { batchSize, featureCount } = model;
  const takes = batchSize ?? maxRows;
  return {
    featureCount,
    maxRows: takes,
    isImmediate: false,
    async score(parts) {
      const rows = rowCount(parts);
      const features = joinRows(parts, batchSize ?? rows, featureCount);
      const outputs = await model.run(features, batchSize ?? rows);
      try {
        return await joinOutputs(outputs, batchSize ?? rows, rows);
      } finally {
        for (const output of outputs) output.dispose();
      }
    },
  };
}

// --- internal ---

/** All rows, and rows of zeros up to `total`. */
function joinRows(parts: readonly RowPart[], total: number, featureCount: number): Float64Array | Float32Array {
  const [only] = parts;
  if (only && only.rows === total) return only.features.subarray(0, total * featureCount);
  const joined = new Float64Array(total * featureCount);
  let offset = 0;
  for (const { features, rows } of parts) {
    joined.set(features.subarray(0, rows * featureCount), offset);
    offset += rows * featureCount;
  }
  return joined;
}

/** The first `rows` of `total` rows, the outputs side by side. */
async function joinOutputs(outputs: readonly Tensor[], total: number, rows: number): Promise<Scores> {
  const columns = await Promise.all(
    outputs.map(async (output) => ({ output, values: await numbersOf(output, total) })),
  );
  const widths = columns.map(({ values }) => values.length / total);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const joined = new Float32Array(rows * width);
  let first = 0;
  for (const [index, { values }] of columns.entries()) {
    const own = widths[index]!;
    for (let row = 0; row < rows; row++) {
      joined.set(values.subarray(row * own, (row + 1) * own), row * width + first);
    }
    first += own;
  }
  return { values: joined, width };
}

async function numbersOf(output: Tensor, rows: number): Promise<Float32Array | Int32Array | Uint8Array> {
  if (output.dtype === 'string' || output.dtype === 'complex64') {
    throw unservable(`must be numbers; received ${output.dtype}`);
  }
  if (output.shape[0] !== rows || output.size === 0) {
    throw unservable(`must have one entry for each of ${rows} rows; received the shape [${output.shape.join(' × ')}]`);
  }
  return output.data<'float32' | 'int32' | 'bool'>();
}

function unservable(problem: string): ClientError {
  return new ClientError('E_MODEL', `The model's outputs ${problem}.`);
}
