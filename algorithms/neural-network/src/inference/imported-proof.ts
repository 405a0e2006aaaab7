/**
 * Whether a backend computes an imported model as plain JavaScript does. Kernels of TensorFlow.js for wasm take
 * whole numbers for floats here and there, and answer without an error: only the comparison shows it.
 */
import { onReference } from '../backends/reference.js';
import {
  type ImportedModelFiles,
  type LoadedImportedModel,
  loadImportedModel,
  type ModelInput,
} from '../model/index.js';
import { createImportedScorer } from './imported-scorer.js';
import type { Scores } from './scorer.js';

/**
 * What is wrong with the answers of `model`, in words; undefined when they are those of plain JavaScript, or if that
 * cannot be decided.
 */
export async function disprove(model: LoadedImportedModel, files: ImportedModelFiles): Promise<string | undefined> {
  const rows = model.batchSize ?? PROBES;
  const features = probeRows(model.inputs, rows);
  const score = (one: LoadedImportedModel) => createImportedScorer(one, rows).score({ features, rows });
  const found = columnsOf(await score(model));
  const expected = await onReference(async () => {
    try {
      const reference = await loadImportedModel(files);
      try {
        return columnsOf(await score(reference));
      } finally {
        reference.dispose();
      }
    } catch {
      return undefined; // nothing to compare with
    }
  });
  if (!expected) return undefined;
  for (const [index, name] of model.outputNames.entries()) {
    const wrong = firstDifference(found[index]!, expected[index]!);
    if (wrong) return `for one row it predicts ${wrong[0]} as output "${name}" and cpu predicts ${wrong[1]}`;
  }
  return undefined;
}

/** A kernel that ran, as TensorFlow.js's profiler reports it. */
export interface RunKernel {
  readonly name: string;
  readonly inputShapes: readonly (readonly number[])[];
  readonly outputShapes: readonly (readonly number[])[];
}

/** Multiplications, roughly, that these kernels did. */
export function workOf(kernels: readonly RunKernel[]): number {
  return kernels.reduce((sum, { name, inputShapes, outputShapes }) => {
    const [, second = []] = inputShapes;
    const outputs = outputShapes.reduce((size, shape) => size + sizeOf(shape), 0);
    if (/Conv/.test(name)) return sum + outputs * sizeOf(second.slice(0, -1));
    return sum + outputs * (/MatMul/.test(name) ? second.slice(-2).reduce((most, size) => Math.max(most, size), 1) : 1);
  }, 0);
}

/** Plain JavaScript takes two or three seconds for as many multiplications. */
export const MAX_WORK = 5e8;

// --- internal ---

const PROBES = 2;

/** Rounding, also that of a GPU: share of the largest value of an output. */
const TOLERANCE = 1e-2;

/** Rows of numbers between −1 and 1, without a pattern; of whole numbers 0 and 1, which every table of embeddings has. */
function probeRows(inputs: readonly ModelInput[], rows: number): Float64Array {
  const row = inputs.flatMap(({ dtype, size }) => Array.from({ length: size }, () => dtype));
  return Float64Array.from({ length: rows * row.length }, (_, at) => {
    const fraction = ((at + 1) * 0.6180339887498949) % 1;
    return row[at % row.length] === 'float32' ? 2 * fraction - 1 : Math.round(fraction);
  });
}

function columnsOf(scores: Scores): readonly Scores[] {
  return [scores, ...(scores.others ?? [])];
}

function firstDifference(found: Scores, expected: Scores): readonly [number, number] | undefined {
  let scale = 0;
  for (const value of expected.values) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  for (let index = 0; index < expected.values.length; index++) {
    const [a, b] = [found.values[index]!, expected.values[index]!];
    if (Object.is(a, b) || a === b || Math.abs(a - b) <= TOLERANCE * scale) continue;
    return [a, b];
  }
  return undefined;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}
