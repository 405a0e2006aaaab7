/** Cutting rows, and the gradient of an embedding, in one operation each. */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { Operations } from '../../operations/operations.js';
import type { Attribute } from './addon.js';
import type { Calls } from './calls.js';

export function createRows(calls: Calls, composed: Operations): Pick<Operations, 'slice' | 'embedBackward'> {
  const index = calls.type('Index', 'int32');
  const ofType: Readonly<Record<string, readonly Attribute[]>> = {
    float32: [calls.type('T', 'float32'), index],
    int32: [calls.type('T', 'int32'), index],
  };
  const segments = [calls.float, calls.type('Tindices', 'int32'), calls.type('Tnumsegments', 'int32')];
  return {
    slice(input, first, count) {
      const begin = input.shape.map((_, axis) => (axis === 0 ? first : 0));
      const size = [count, ...input.shape.slice(1)];
      return calls.run('Slice', ofType[input.dtype]!, [input, integers(begin), integers(size)]);
    },
    /** On a GPU the rows would be added in the order in which threads arrive. */
    embedBackward: (outputGradient, indices, entries) =>
      calls.isGpu
        ? composed.embedBackward(outputGradient, indices, entries)
        : calls.run('UnsortedSegmentSum', segments, [outputGradient, indices, integerScalar(entries)]),
  };
}

// --- internal ---

function integers(values: readonly number[]): Tensor {
  return engine().makeTensor(Int32Array.from(values), [values.length], 'int32');
}

function integerScalar(value: number): Tensor {
  return engine().makeTensor(Int32Array.of(value), [], 'int32');
}
