/** The columns of a classification: classes as numbers or by their names, from the scores of rows. */
import type { OutputDefinitions } from './prediction.js';

/** The outputs of a classification that SageMaker's own containers have, for models with other tasks, too. */
export const CLASS_OUTPUTS = {
  predicted_label: { description: 'Classification: the most likely class.', optional: true },
  labels: { description: 'Classification: the classes, in the order of their scores.', optional: true },
  probability: {
    description: 'Classification: the probability of class 1 of two, or of the predicted class of several.',
    optional: true,
  },
  probabilities: { description: 'Classification: the probability of each class.', optional: true },
} as const satisfies OutputDefinitions;

/** Index of the largest of `count` scores from `start`, the first of equals. */
export function largestIndex(scores: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) if (scores[start + index]! > scores[start + best]!) best = index;
  return best;
}

/** Classes by their names, where they have some. */
export function namedClasses(
  classes: Int32Array,
  names: readonly string[] | undefined,
): Int32Array | readonly string[] {
  return names ? Array.from(classes, (index) => names[index]!) : classes;
}

/** All classes in order, for each row: the output `labels`. */
export function allClasses(
  rows: number,
  classCount: number,
  names: readonly string[] | undefined,
): { readonly values: Int32Array | readonly string[]; readonly width: number } {
  const classes = new Int32Array(rows * classCount);
  for (let at = 0; at < classes.length; at++) classes[at] = at % classCount;
  return { values: namedClasses(classes, names), width: classCount };
}

/**
 * Scores of two classes from those of class 1.
 * @param values [rows] @param ofClass0 the score of class 0 by that of class 1 @returns [rows × 2]
 */
export function bothClasses(values: ArrayLike<number>, ofClass0: (ofClass1: number) => number): Float32Array {
  const scores = new Float32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    scores[2 * row] = ofClass0(values[row]!);
    scores[2 * row + 1] = values[row]!;
  }
  return scores;
}
