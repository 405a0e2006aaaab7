/** Hyperparameters of the network: its layers and its inputs. */
import { fixed, isWhole, numberList, tunable } from '@algo/contract';
import { z } from 'zod';
import type { ActivationName } from '../network/definition.js';

/** A layer of more units has a gigabyte of weights with the next one of its size. */
const MAX_UNITS = 16_384;
const MAX_FILTERS = 4096;
const MAX_SIDE = 4096;
const MAX_COLUMN = 1_000_000;
/** linear is not among them: layers without an activation are one layer. */
const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish'] as const satisfies readonly ActivationName[];

/** No layers of a kind. */
const NONE = { none: [] as readonly number[] };

export const network = {
  hidden_units: fixed(
    numberList({
      rule: `none, or comma-separated widths of layers in [1, ${MAX_UNITS}], such as 128,64`,
      holds: isWhole(1, MAX_UNITS),
      words: NONE,
    }).optional(),
    'Widths of the dense layers between input and output, or none for no such layers. Default: 128,64, or 128 with input_shape.',
  ),
  activation: fixed(
    z.enum(ACTIVATIONS).default('relu'),
    'Activation function of all hidden layers. gelu is the exact form; swish is also called SiLU.',
  ),
  dropout: tunable(
    z.number().min(0).max(0.95).default(0),
    'Fraction of values set to 0 in training, after each dense layer and after the convolutions of an image.',
    { from: 0, to: 0.6 },
  ),
  batch_normalization: fixed(
    z.boolean().default(false),
    'Whether each hidden layer is normalized with the statistics of its batch, before its activation.',
  ),
  categorical_features: fixed(
    numberList({
      rule: `comma-separated column numbers in [0, ${MAX_COLUMN}], label and weight not counted, such as 0,3`,
      holds: isWhole(0, MAX_COLUMN),
    }).optional(),
    'Columns whose numbers are categories, such as 0,3; each column gets an embedding. Columns are counted from 0, without label and weight.',
  ),
  embedding_dimensions: fixed(
    z.int().min(1).max(1024).optional(),
    'Width of each embedding. Default: 1.6 n^0.56 for n categories, at most 600.',
  ),
  input_shape: fixed(
    numberList({
      rule: `height, width and channels in [1, ${MAX_SIDE}], comma-separated, such as 8,8,1`,
      holds: isWhole(1, MAX_SIDE),
    }).optional(),
    'Height, width and channels if a row is an image, such as 8,8,1. Its columns are row by row, channels last.',
  ),
  convolution_filters: fixed(
    numberList({
      rule: `none, or comma-separated numbers of filters in [1, ${MAX_FILTERS}], such as 32,64`,
      holds: isWhole(1, MAX_FILTERS),
      words: NONE,
    }).optional(),
    'Images: number of filters of each convolution layer; max pooling follows each layer. Default: 32,64.',
  ),
  kernel_size: fixed(
    z.int().min(1).max(15).optional(),
    'Images: side of the square convolution kernels; must be odd. Default: 3.',
  ),
  pool_size: fixed(
    z.int().min(1).max(8).optional(),
    'Images: side of the pooling windows. 1 means no pooling. An image smaller than the window is not pooled. Default: 2.',
  ),
};
