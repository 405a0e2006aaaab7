/**
 * Classification outputs of one model: class, probabilities and raw scores, from margins. Two classes have one margin, the
 * log odds of class 1, and so −margin for class 0.
 */
import { bothClasses, largestIndex } from '@algo/contract';
import type { ObjectiveResponse } from '../objectives/response.js';

/** The classes' scores of rows, as the XGBoost container calls them. */
export interface ClassScores {
  readonly classCount: number;
  /** [rows × classes] probabilities; for an objective without them the raw scores. */
  readonly scores: Float32Array;
}

/** @returns raw_scores: probabilities where the objective predicts them, margins otherwise */
export function rawScores(objective: ObjectiveResponse, margins: Float32Array): ClassScores {
  // One that has probabilities but predicts the class has margins for raw scores, as in the XGBoost container.
  const predictsProbabilities = objective.hasProbabilities && !objective.predictsClass;
  if (predictsProbabilities) return probabilities(objective, margins);
  if (objective.task === 'multi-class') return { classCount: objective.groupCount, scores: margins };
  return { classCount: 2, scores: bothClasses(margins, (margin) => -margin) };
}

/** @param objective one that has probabilities */
export function probabilities(objective: ObjectiveResponse, margins: Float32Array): ClassScores {
  const values = objective.transformForMetrics(margins);
  if (objective.task === 'multi-class') return { classCount: objective.groupCount, scores: values };
  return { classCount: 2, scores: bothClasses(values, (probability) => 1 - probability) };
}

/** The class that the objective itself predicts. @returns [rows] */
export function predictedLabels(objective: ObjectiveResponse, margins: Float32Array): Int32Array {
  const { task, groupCount, decisionThreshold = 0 } = objective;
  if (task !== 'multi-class') {
    return Int32Array.from(objective.transformForMetrics(margins), (value) => (value > decisionThreshold ? 1 : 0));
  }
  const labels = new Int32Array(margins.length / groupCount);
  for (let row = 0; row < labels.length; row++) labels[row] = largestIndex(margins, row * groupCount, groupCount);
  return labels;
}
