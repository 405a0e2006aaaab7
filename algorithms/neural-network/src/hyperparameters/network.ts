/** Hyperparameters of the network: its layers, and what goes into them. */
import { z } from 'zod';
import type { ActivationName } from '../network/definition.js';
import { isWhole, numberList } from './fields.js';

/** A layer of more units has a gigabyte of weights with the next one of its size. */
const MAX_UNITS = 16_384;
const MAX_FILTERS = 4096;
const MAX_SIDE = 4096;
const MAX_COLUMN = 1_000_000;
/** linear is not among them: layers without an activation are one layer. */
const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'] as const satisfies readonly ActivationName[];

export const network = {
  hidden_units: numberList('none, or widths of layers between commas, such as 128,64', isWhole(1, MAX_UNITS), {
    none: [] as readonly number[],
  })
    .optional()
    .meta({
      description:
        'Dense layers between input and output, by their widths; none: no such layer. Default 128,64; with input_shape 128.',
      tunable: false,
    }),
  activation: z.enum(ACTIVATIONS).default('relu').meta({
    description: 'Activation of all hidden layers. gelu is the exact one, swish is also called SiLU.',
    tunable: false,
  }),
  dropout: z.number().min(0).max(0.95).default(0).meta({
    description:
      'Share of values set to 0 in training behind each dense layer, and behind the convolutions of an image. Tuning: 0 to 0.6.',
    tunable: true,
  }),
  batch_normalization: z.boolean().default(false).meta({
    description: 'Whether each hidden layer is normalized by the statistics of its batch, before its activation.',
    tunable: false,
  }),
  categorical_features: numberList(
    'column numbers from 0 between commas, label and weight not counted, such as 0,3',
    isWhole(0, MAX_COLUMN),
  )
    .optional()
    .meta({
      description:
        'Columns, counted from 0 without label and weight, whose numbers are names of categories, such as 0,3: each gets an embedding.',
      tunable: false,
    }),
  embedding_dimensions: z.int().min(1).max(1024).optional().meta({
    description: 'Width of each embedding. Default by the number of categories n: 1.6 n^0.56, at most 600.',
    tunable: false,
  }),
  input_shape: numberList('height, width and channels between commas, such as 8,8,1', isWhole(1, MAX_SIDE))
    .optional()
    .meta({
      description:
        'Height, width and channels when a row is an image, such as 8,8,1; its columns go row by row, channels last.',
      tunable: false,
    }),
  convolution_filters: numberList(
    'none, or numbers of filters between commas, such as 32,64',
    isWhole(1, MAX_FILTERS),
    {
      none: [] as readonly number[],
    },
  )
    .optional()
    .meta({
      description: 'Images: convolution layers by their filters, each followed by max pooling. Default 32,64.',
      tunable: false,
    }),
  kernel_size: z.int().min(1).max(15).optional().meta({
    description: 'Images: side of the square convolution kernels, odd. Default 3.',
    tunable: false,
  }),
  pool_size: z.int().min(1).max(8).optional().meta({
    description:
      'Images: side of the pooling windows; 1: no pooling. An image smaller than it is not pooled. Default 2.',
    tunable: false,
  }),
};
