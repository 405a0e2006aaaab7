/**
 * Predictions on their way out, held to what the definition promises before a format writes them.
 */
import { AlgorithmError } from '../errors.js';
import type { OutputDefinition, PredictionColumn, Predictions } from '../prediction.js';
import { isTexts } from './text/write-rows.js';

type Outputs = Readonly<Record<string, OutputDefinition>>;

/**
 * Holds what `predict` returned to what the definition promises.
 * @throws AlgorithmError E_ALGORITHM on an undeclared, missing or wrongly sized column
 */
export function checkPredictions(predictions: Predictions, rows: number, outputs: Outputs): void {
  for (const name in predictions) {
    if (!Object.hasOwn(predictions, name)) continue;
    if (!Object.hasOwn(outputs, name)) {
      const declared = Object.keys(outputs).join(', ');
      throw new AlgorithmError('E_ALGORITHM', `predict: "${name}" is not a declared output; declared: ${declared}.`);
    }
    checkColumn(name, predictions[name]!, rows);
  }
  for (const name in outputs) {
    if (Object.hasOwn(outputs, name) && !outputs[name]!.optional && !Object.hasOwn(predictions, name)) {
      throw new AlgorithmError('E_ALGORITHM', `predict: expected a column "${name}"; received none of that name.`);
    }
  }
}

// --- internal ---

function checkColumn(name: string, column: PredictionColumn, rows: number): void {
  const { values, width } = 'width' in column ? column : { values: column, width: 1 };
  if (!(ArrayBuffer.isView(values) || Array.isArray(values)) || !Number.isInteger(width) || width < 1) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `predict: "${name}" must be a typed array, a list of text, or { values, width } with width ≥ 1.`,
    );
  }
  const wrong = isTexts(values) ? values.findIndex((value) => typeof value !== 'string') : -1;
  if (wrong >= 0) {
    const received = typeof values[wrong];
    throw new AlgorithmError('E_ALGORITHM', `predict: "${name}" must contain only text; received ${received}.`);
  }
  checkLength(name, values.length, rows * width);
}

function checkLength(name: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new AlgorithmError('E_ALGORITHM', `predict: "${name}" must have ${expected} values; received ${length}.`);
}
