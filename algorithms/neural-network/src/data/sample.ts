/** Every n-th training row, copied: metrics of the training data cost little whatever its size. */
import type { RowNumbers } from '@algo/contract';
import type { NetworkDefinition } from '../network/definition.js';
import { labelWidth } from './labels.js';
import type { Window } from './row-chunks.js';

/** An accuracy over this many rows is correct within 0.8 % (one standard error) at worst. */
export const SAMPLE_ROWS = 4096;
/** Rows of large images are fewer. */
const SAMPLE_BYTES = 64 * 2 ** 20;

/** @param numbers where the rows that will come are among those of all hosts */
export function createSample(definition: NetworkDefinition, { total, first, run, skip }: RowNumbers) {
  const { numericColumns, categoricalInputs, task, outputCount } = definition;
  const width = numericColumns.length;
  const labels = labelWidth(task, outputCount);
  const bytes = definition.featureCount * Float32Array.BYTES_PER_ELEMENT;
  const most = Math.max(1, Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_BYTES / bytes)));
  const step = Math.ceil(total / most);
  const room = Math.ceil(total / step);
  const inputs = {
    rows: room,
    numeric: new Float32Array(room * width),
    categories: categoricalInputs.map(() => new Int32Array(room)),
  };
  const kept = new (task === 'multiclass' ? Int32Array : Float32Array)(room * labels);
  let weights: Float32Array | undefined;
  let seen = 0;
  let count = 0;
  return {
    add(window: Window): void {
      if (window.weights) weights ??= new Float32Array(room);
      for (let row = 0; row < window.rows; row++) {
        const own = seen + row;
        if ((first + own + Math.floor(own / run) * skip) % step !== 0) continue;
        inputs.numeric.set(window.inputs.numeric.subarray(row * width, (row + 1) * width), count * width);
        for (const [input, indices] of window.inputs.categories.entries()) {
          inputs.categories[input]![count] = indices[row]!;
        }
        kept.set(window.labels.subarray(row * labels, (row + 1) * labels), count * labels);
        if (weights && window.weights) weights[count] = window.weights[row]!;
        count += 1;
      }
      seen += window.rows;
    },
    window: (): Window => ({ rows: count, inputs, labels: kept, weights }),
  };
}
