/**
 * The keys of a prediction: `score`, those of the SageMaker XGBoost container (SAGEMAKER_INFERENCE_OUTPUT), leaves and
 * explanations. Which of them a model has depends on its objective.
 */
import { CLASS_OUTPUTS, type OutputDefinition } from '@algo/contract';
import type { ObjectiveResponse } from '../objectives/response.js';

export const OUTPUTS = {
  score: {
    description: 'The prediction, as in XGBoost; the default output.',
    optional: true,
  },
  ...CLASS_OUTPUTS,
  raw_score: {
    description:
      'The score before a class is chosen: the probability for binary:logistic and multi:softprob, as in the XGBoost container; the margin for other classification.',
    optional: true,
  },
  raw_scores: { description: 'The raw score of each class.', optional: true },
  predicted_score: { description: 'Regression, counts, ranking, survival: the same as score.', optional: true },
  leaves: { description: 'Node index of the leaf in each tree.', optional: true },
  contributions: {
    description:
      'Contribution of each feature to the margin (SHAP values), followed by the expected margin; they sum to the margin. With several classes, one such list after the other.',
    optional: true,
  },
  interactions: {
    description: 'The same for pairs of features: (features + 1) × (features + 1) values, row by row.',
    optional: true,
  },
} as const satisfies Readonly<Record<string, OutputDefinition>>;

export type OutputName = keyof typeof OUTPUTS;

/** Outputs that a linear model (booster gblinear) does not have. */
export const TREES_ONLY: readonly OutputName[] = ['leaves', 'interactions'];

/** The outputs that fit an objective. */
export function outputsOf(objective: ObjectiveResponse): readonly OutputName[] {
  return OUTPUT_NAMES.filter((name) => fits(name, objective));
}

/** Whether each row gets one class of several; a binary objective with several targets gives one per target. */
export function isClassification({ task, groupCount }: ObjectiveResponse): boolean {
  return task === 'multi-class' || (task === 'binary' && groupCount === 1);
}

// --- internal ---

const OUTPUT_NAMES = Object.keys(OUTPUTS) as OutputName[];

function fits(name: OutputName, objective: ObjectiveResponse): boolean {
  switch (name) {
    case 'predicted_label':
    case 'labels':
    case 'raw_score':
    case 'raw_scores':
      return isClassification(objective);
    case 'probability':
    case 'probabilities':
      return (objective.hasProbabilities ?? false) && isClassification(objective);
    case 'predicted_score':
      return !isClassification(objective);
    default:
      return true;
  }
}
