/** The types of index.cjs. */
export * from '@tensorflow/tfjs-core';
export * as data from '@tensorflow/tfjs-data';
