/** XGBoost's own model format, JSON and UBJSON: reads what real XGBoost saved. write.ts writes what it loads. */

export { detectFormat, looksLikeModel, otherJson, START_BYTES } from './format.js';
export { isLinear, type LinearModel, type XgboostModel } from './linear.js';
export { readEnsemble, readModel } from './read.js';
