/** Hyperparameters of training: epochs, batches, the optimizer, its learning rate, penalties, early stopping. */
import { z } from 'zod';
import { NETWORK_METRICS } from '../evaluation/index.js';

const MAX_EPOCHS = 100_000;
/** With a larger penalty all weights would become 0. */
const MAX_PENALTY = 1000;

export const optimization = {
  epochs: z.int().min(1).max(MAX_EPOCHS).default(30).meta({
    description: 'Passes over the training data. Tuning: 5 to 200.',
    tunable: true,
  }),
  batch_size: z.int().min(1).max(1_000_000).default(64).meta({
    description: 'Number of rows per step. Larger batches use a GPU better. Tuning: 16 to 1024.',
    tunable: true,
  }),
  optimizer: z.enum(['adam', 'adamw', 'sgd']).default('adam').meta({
    description: 'adam, adamw (Adam with decoupled weight decay), or sgd (stochastic gradient descent with momentum).',
    tunable: false,
  }),
  learning_rate: z.number().gt(0).max(10).optional().meta({
    description: 'Step size of the optimizer. Default: 0.001, or 0.01 with sgd. Tuning: 0.0001 to 0.1, logarithmic.',
    tunable: true,
  }),
  momentum: z.number().min(0).lt(1).optional().meta({
    description: 'sgd: fraction of the previous step that is added to the next. Default: 0.9.',
    tunable: true,
  }),
  beta_1: z.number().min(0).lt(1).optional().meta({
    description: 'adam, adamw: decay rate of the mean of the gradients. Default: 0.9.',
    tunable: true,
  }),
  beta_2: z.number().min(0).lt(1).optional().meta({
    description: 'adam, adamw: decay rate of the mean of the squared gradients. Default: 0.999.',
    tunable: true,
  }),
  epsilon: z.number().gt(0).max(1).optional().meta({
    description: 'adam, adamw: added to the root of the mean of the squared gradients. Default: 1e-8.',
    tunable: false,
  }),
  lr_schedule: z.enum(['constant', 'cosine', 'step']).default('constant').meta({
    description:
      'Schedule of the learning rate. constant: no change; cosine: down to 0 along half a cosine; step: multiplied by lr_step_factor every lr_step_epochs.',
    tunable: false,
  }),
  lr_step_epochs: z.int().min(1).max(MAX_EPOCHS).optional().meta({
    description: 'step: number of epochs between two changes. Default: a third of the epochs, rounded up.',
    tunable: false,
  }),
  lr_step_factor: z.number().gt(0).max(1).optional().meta({
    description: 'step: factor of each change. Default: 0.1.',
    tunable: true,
  }),
  warmup_epochs: z.number().min(0).max(MAX_EPOCHS).default(0).meta({
    description: 'Number of epochs, possibly fractional, in which the rate rises from 0 to learning_rate.',
    tunable: false,
  }),
  weight_decay: z.number().min(0).max(MAX_PENALTY).optional().meta({
    description:
      'adamw, sgd: fraction of each weight, times the learning rate, that every step subtracts. Default: 0.01 with adamw, 0 with sgd.',
    tunable: true,
  }),
  l1: z.number().min(0).max(MAX_PENALTY).default(0).meta({
    description:
      'Penalty on the absolute values of the weights, without biases, added to the loss. Tuning: 0.000001 to 0.01.',
    tunable: true,
  }),
  l2: z.number().min(0).max(MAX_PENALTY).default(0).meta({
    description:
      'Penalty on half the squares of the weights, without biases, added to the loss. Tuning: 0.000001 to 0.1.',
    tunable: true,
  }),
  clip_norm: z.number().min(0).max(1e9).default(0).meta({
    description:
      'Maximum norm of the gradient of all weights together; a larger gradient is scaled down to it. 0 means no limit.',
    tunable: true,
  }),
  early_stopping_patience: z.int().min(1).max(MAX_EPOCHS).optional().meta({
    description:
      'Stop if early_stopping_metric has not improved for this many epochs, and keep the weights of the best epoch. Default: no early stopping.',
    tunable: false,
  }),
  early_stopping_metric: z
    .enum(NETWORK_METRICS.map(({ name }) => `validation:${name}` as const))
    .optional()
    .meta({
      description:
        'Metric of the validation data that decides early stopping. Default: validation:loss, or in a tuning job the tuned metric.',
      tunable: false,
    }),
};
