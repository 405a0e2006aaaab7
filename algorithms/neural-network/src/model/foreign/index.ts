/** Models that other programs saved. */

export { adoptModel, modelFile } from './adopt.js';
export { type LoadedForeignModel, loadForeignModel, unusable } from './load.js';
