/** Predictions of a trained model: margins, leaves, contributions; and its feature importance. */

export { baseMargins } from './base-margin.js';
export { createExplainer, type Explainer } from './explainer.js';
export { featureImportance, IMPORTANCE_TYPES } from './importance.js';
export { linearContributions, linearMargins } from './linear.js';
export { compilePredictor } from './predictor.js';
export { bestRange } from './range.js';
export { walkLeaves, walkMargins } from './reference-predictor.js';
