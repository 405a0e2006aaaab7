/** XGBoost's own model format, JSON and UBJSON: read what real XGBoost saved, write what it loads. */

export { describeCategories } from './categories.js';
export { detectFormat, looksLikeModel, otherJson, START_BYTES } from './format.js';
export { isLinear, type LinearModel, type XgboostModel } from './linear.js';
export { readEnsemble, readModel } from './read.js';
export { writeJson, writeUbjson } from './write.js';
