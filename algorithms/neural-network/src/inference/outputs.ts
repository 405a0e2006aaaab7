/**
 * The keys of a prediction: `score`, and those of SageMaker's own containers (SAGEMAKER_INFERENCE_OUTPUT, or
 * the parameter `output` of Accept). Which of them a model has depends on its task.
 */
import {
  allClasses,
  bothClasses,
  CLASS_OUTPUTS,
  largestIndex,
  namedClasses,
  type OutputDefinition,
  type Predictions,
} from '@algo/contract';
import type { Task } from '../network/definition.js';
import type { Scores } from './scorer.js';

export const OUTPUTS = {
  score: {
    description:
      'The prediction: a number or one for each label column (regression), the probability of class 1 (binary), of each class (multiclass); the output of an imported model.',
    optional: true,
  },
  ...CLASS_OUTPUTS,
  predicted_score: { description: 'Regression: the same as score.', optional: true },
} as const satisfies Readonly<Record<string, OutputDefinition>>;

export type OutputName = keyof typeof OUTPUTS;

/** The task that a model was trained for; unknown for an imported model. */
export type ServedTask = Task | 'unknown';

/** The outputs that can be requested from a model. */
export interface ServedOutputs {
  readonly task: ServedTask;
  /** The keys that fit the model, in order. */
  readonly names: readonly string[];
  /** Those returned if a request names none. */
  readonly defaults: readonly string[];
  /** Names of the classes; undefined where they are numbers. */
  readonly classNames?: readonly string[] | undefined;
}

/** The outputs that fit a task. */
export function outputsOf(task: Task, classNames?: readonly string[]): ServedOutputs {
  const names: OutputName[] =
    task === 'regression'
      ? ['score', 'predicted_score']
      : ['score', 'predicted_label', 'labels', 'probability', 'probabilities'];
  return { task, names, defaults: ['score'], classNames };
}

/** The outputs of an imported model: `score`, or its own names if there are several. */
export function importedOutputs(own: readonly string[]): ServedOutputs {
  const names = own.length === 1 ? ['score'] : own;
  return { task: 'unknown', names, defaults: names };
}

/** The reason for these outputs, for messages. */
export function subjectOf({ task }: ServedOutputs): string {
  return task === 'unknown' ? 'an imported model' : `task "${task}"`;
}

/** The columns of an answer, from the scores of its rows. */
export function outputColumns(chosen: readonly string[], outputs: ServedOutputs, scores: Scores): Predictions {
  const { task, names, classNames } = outputs;
  if (task === 'unknown') {
    const columns = [scores, ...(scores.others ?? [])];
    return Object.fromEntries(chosen.map((name) => [name, columns[names.indexOf(name)]!]));
  }
  return Object.fromEntries(chosen.map((name) => [name, column(name as OutputName, { task, classNames }, scores)]));
}

// --- internal ---

function column(
  name: OutputName,
  { task, classNames }: { readonly task: Task; readonly classNames: readonly string[] | undefined },
  scores: Scores,
): Predictions[string] {
  switch (name) {
    case 'score':
    case 'predicted_score':
      return scores;
    case 'predicted_label':
      return namedClasses(predictedLabels(task, scores), classNames);
    case 'labels':
      return allClasses(scores.values.length / scores.width, task === 'binary' ? 2 : scores.width, classNames);
    case 'probability':
      return task === 'binary' ? scores : largest(scores);
    case 'probabilities':
      return task === 'binary' ? { values: bothClasses(scores.values, (value) => 1 - value), width: 2 } : scores;
  }
}

function predictedLabels(task: Task, { values, width }: Scores): Int32Array {
  const labels = new Int32Array(values.length / width);
  for (let row = 0; row < labels.length; row++) {
    labels[row] = task === 'binary' ? Number(values[row]! > 0.5) : largestIndex(values, row * width, width);
  }
  return labels;
}

function largest({ values, width }: Scores): Scores {
  const chosen = Float32Array.from({ length: values.length / width }, (_, row) => {
    const start = row * width;
    return values[start + largestIndex(values, start, width)]!;
  });
  return { values: chosen, width: 1 };
}
