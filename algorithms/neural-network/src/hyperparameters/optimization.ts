/** Hyperparameters of training: epochs, batches, the optimizer, its learning rate, penalties, early stopping. */
import { fixed, tunable } from '@algo/contract';
import { z } from 'zod';
import { NETWORK_METRICS } from '../evaluation/index.js';

const MAX_EPOCHS = 100_000;
/** With a larger penalty all weights would become 0. */
const MAX_PENALTY = 1000;

export const optimization = {
  epochs: tunable(z.int().min(1).max(MAX_EPOCHS).default(30), 'Passes over the training data.', { from: 5, to: 200 }),
  batch_size: tunable(
    z.int().min(1).max(1_000_000).default(64),
    'Number of rows per step. Larger batches use a GPU better.',
    { from: 16, to: 1024 },
  ),
  optimizer: fixed(
    z.enum(['adam', 'adamw', 'sgd']).default('adam'),
    'adam, adamw (Adam with decoupled weight decay), or sgd (stochastic gradient descent with momentum).',
  ),
  learning_rate: tunable(
    z.number().gt(0).max(10).optional(),
    'Step size of the optimizer. Default: 0.001, or 0.01 with sgd.',
    { from: 0.0001, to: 0.1, scale: 'Logarithmic' },
  ),
  momentum: tunable(
    z.number().min(0).lt(1).optional(),
    'sgd: fraction of the previous step that is added to the next. Default: 0.9.',
  ),
  beta_1: tunable(
    z.number().min(0).lt(1).optional(),
    'adam, adamw: decay rate of the mean of the gradients. Default: 0.9.',
  ),
  beta_2: tunable(
    z.number().min(0).lt(1).optional(),
    'adam, adamw: decay rate of the mean of the squared gradients. Default: 0.999.',
  ),
  epsilon: fixed(
    z.number().gt(0).max(1).optional(),
    'adam, adamw: added to the root of the mean of the squared gradients. Default: 1e-8.',
  ),
  lr_schedule: fixed(
    z.enum(['constant', 'cosine', 'step']).default('constant'),
    'Schedule of the learning rate. constant: no change; cosine: down to 0 along half a cosine; step: multiplied by lr_step_factor every lr_step_epochs.',
  ),
  lr_step_epochs: fixed(
    z.int().min(1).max(MAX_EPOCHS).optional(),
    'step: number of epochs between two changes. Default: a third of the epochs, rounded up.',
  ),
  lr_step_factor: tunable(z.number().gt(0).max(1).optional(), 'step: factor of each change. Default: 0.1.'),
  warmup_epochs: fixed(
    z.number().min(0).max(MAX_EPOCHS).default(0),
    'Number of epochs, possibly fractional, in which the rate rises from 0 to learning_rate.',
  ),
  weight_decay: tunable(
    z.number().min(0).max(MAX_PENALTY).optional(),
    'adamw, sgd: fraction of each weight, times the learning rate, that every step subtracts. Default: 0.01 with adamw, 0 with sgd.',
  ),
  l1: tunable(
    z.number().min(0).max(MAX_PENALTY).default(0),
    'Penalty on the absolute values of the weights, without biases, added to the loss.',
    { from: 0.000001, to: 0.01 },
  ),
  l2: tunable(
    z.number().min(0).max(MAX_PENALTY).default(0),
    'Penalty on half the squares of the weights, without biases, added to the loss.',
    { from: 0.000001, to: 0.1 },
  ),
  clip_norm: tunable(
    z.number().min(0).max(1e9).default(0),
    'Maximum norm of the gradient of all weights together; a larger gradient is scaled down to it. 0 means no limit.',
  ),
  early_stopping_patience: fixed(
    z.int().min(1).max(MAX_EPOCHS).optional(),
    'Stop if early_stopping_metric has not improved for this many epochs, and keep the weights of the best epoch. Default: no early stopping.',
  ),
  early_stopping_metric: fixed(
    z.enum(NETWORK_METRICS.map(({ name }) => `validation:${name}` as const)).optional(),
    'Metric of the validation data that decides early stopping. Default: validation:loss, or in a tuning job the tuned metric.',
  ),
};
