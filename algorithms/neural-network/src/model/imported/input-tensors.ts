/** Rows of a request as the tensors that a model takes: columns in order, in the shapes and types of its inputs. */
import { ClientError } from '@algo/contract';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { featureCountOf, type ModelInput } from './inputs.js';

/**
 * A tensor for each input, in order, with its name; the caller disposes them.
 * @param features [rows × columns of all inputs]
 * @throws ClientError E_DATA_NUMBER for a fraction where a model takes whole numbers, E_DATA_RANGE for a number beyond
 *   what float32 holds
 */
export function inputTensors(
  inputs: readonly ModelInput[],
  features: Float64Array | Float32Array,
  rows: number,
): ReadonlyMap<Tensor, string> {
  const columns = featureCountOf(inputs);
  let first = 0;
  const values = inputs.map((input) => {
    const { dtype, size } = input;
    const part = dtype === 'float32' ? new Float32Array(rows * size) : new Int32Array(rows * size);
    for (let row = 0; row < rows; row++) {
      const start = row * columns + first;
      const own = features.subarray(start, start + size);
      if (input.limits) requireWhole(input, own, input.limits);
      part.set(own, row * size);
      if (dtype === 'float32') requireFinite(input, own);
    }
    first += size;
    return part;
  });
  // All values are checked before the first tensor is made, so that none is left behind by an error.
  return new Map(
    inputs.map(({ name, shape, dtype }, index) => [tensor(values[index]!, [rows, ...shape], dtype), name]),
  );
}

// --- internal ---

function requireWhole(
  { label }: ModelInput,
  values: Float64Array | Float32Array,
  [low, high]: readonly [number, number],
): void {
  const wrong = values.find((value) => !(Number.isInteger(value) && value >= low && value <= high));
  if (wrong === undefined) return;
  throw new ClientError(
    'E_DATA_NUMBER',
    `Input "${label}" of the model takes whole numbers from ${low} to ${high}; received ${wrong}.`,
  );
}

function requireFinite({ label }: ModelInput, values: Float64Array | Float32Array): void {
  if (values instanceof Float32Array) return;
  const wrong = values.find((value) => Number.isFinite(value) && !Number.isFinite(Math.fround(value)));
  if (wrong === undefined) return;
  throw new ClientError(
    'E_DATA_RANGE',
    `Input "${label}" of the model takes float32 numbers, up to 3.4e38 in size; received ${wrong}.`,
  );
}
