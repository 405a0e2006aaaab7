/** What a trained model says about rows: margins, leaves, contributions; and which features it uses. */

export { baseMargins } from './base-margin.js';
export { createExplainer, type Explainer } from './explainer.js';
export { featureImportance, IMPORTANCE_TYPES, type ImportanceType } from './importance.js';
export { linearContributions, linearMargins } from './linear.js';
export { compilePredictor, type Predictor } from './predictor.js';
export { bestRange, type IterationRange, roundCount } from './range.js';
export { type WalkOptions, walkLeaves, walkMargins } from './reference-predictor.js';
