/** The algorithm: its definition with what runs in training and in serving. */
import { defineAlgorithm } from '@algo/contract';
import { definition } from './definition.js';
import { load } from './model.js';
import { predict } from './predict.js';
import { train } from './train.js';

export const exampleAlgorithm = defineAlgorithm(definition, {
  train,
  load,
  predict,
});
