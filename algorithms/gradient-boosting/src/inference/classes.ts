/**
 * Classification outputs of one model: class, probabilities and raw scores, from margins. Two classes have one margin, the
 * log odds of class 1, and so −margin for class 0.
 */
import type { Objective } from '../objectives/index.js';

/** The classes' scores of rows, as the XGBoost container calls them. */
export interface ClassScores {
  readonly classCount: number;
  /** [rows × classes] probabilities; for an objective without them the raw scores. */
  readonly scores: Float32Array;
}

/** @returns raw_scores: probabilities where the objective predicts them, margins otherwise */
export function rawScores(objective: Objective, margins: Float32Array): ClassScores {
  // One that has probabilities but predicts the class has margins for raw scores, as in the XGBoost container.
  const predictsProbabilities = objective.hasProbabilities && objective.outputCount === objective.groupCount;
  if (predictsProbabilities) return probabilities(objective, margins);
  if (objective.task === 'multi-class') return { classCount: objective.groupCount, scores: margins };
  return twoClasses(margins, (margin) => -margin);
}

/** @param objective one that has probabilities */
export function probabilities(objective: Objective, margins: Float32Array): ClassScores {
  const values = objective.transformForMetrics(margins);
  if (objective.task === 'multi-class') return { classCount: objective.groupCount, scores: values };
  return twoClasses(values, (probability) => 1 - probability);
}

/** The class that the objective itself predicts. @returns [rows] */
export function predictedLabels(objective: Objective, margins: Float32Array): Int32Array {
  const { task, groupCount, decisionThreshold = 0 } = objective;
  if (task !== 'multi-class') {
    return Int32Array.from(objective.transformForMetrics(margins), (value) => (value > decisionThreshold ? 1 : 0));
  }
  const labels = new Int32Array(margins.length / groupCount);
  for (let row = 0; row < labels.length; row++) labels[row] = largest(margins, row * groupCount, groupCount);
  return labels;
}

/** Index of the largest of `count` values from `start` on, the first of equals. */
export function largest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index++) if (values[start + index]! > values[start + best]!) best = index;
  return best;
}

// --- internal ---

function twoClasses(values: Float32Array, ofClass0: (value: number) => number): ClassScores {
  const scores = new Float32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    scores[2 * row] = ofClass0(values[row]!);
    scores[2 * row + 1] = values[row]!;
  }
  return { classCount: 2, scores };
}
