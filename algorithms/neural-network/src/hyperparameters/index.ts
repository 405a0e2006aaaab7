/**
 * The hyperparameters: the task, the network, the training, the job. Each group is a file in hyperparameters/;
 * rules.ts has the rules between them.
 */
import { z } from 'zod';
import { job } from './job.js';
import { network } from './network.js';
import { optimization } from './optimization.js';
import { task } from './task.js';

export const hyperparameters = z.object({ ...task, ...network, ...optimization, ...job });

export type Hyperparameters = z.output<typeof hyperparameters>;

/** Names that SageMaker's own algorithms and other libraries have for the same. */
export const hyperparameterAliases = {
  mini_batch_size: 'batch_size',
  lr: 'learning_rate',
  num_epochs: 'epochs',
  num_class: 'num_classes',
  beta1: 'beta_1',
  beta2: 'beta_2',
  eps: 'epsilon',
  random_state: 'seed',
} as const;
