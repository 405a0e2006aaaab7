import { readHyperparameters } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { hyperparameterAliases, hyperparameters } from '../src/hyperparameters/index.js';
import { checkHyperparameters } from '../src/hyperparameters/rules.js';
import { settingsOf } from '../src/hyperparameters/settings.js';
import { decidingMetric, embeddingWidth } from '../src/job/plan.js';
import { describeLayers } from '../src/job/start-model.js';

const definition = { hyperparameters, checkHyperparameters, hyperparameterAliases };

/** What a job with these texts would train with. @throws ClientError as the job fails */
const parse = (given: Readonly<Record<string, string>>) =>
  readHyperparameters(definition, { objective: 'regression', ...given }).values;
const layers = (given: Readonly<Record<string, string>>) => describeLayers(settingsOf(parse(given)).layers);

describe('hyperparameters', () => {
  it('have defaults except for the objective', () => {
    const values = parse({});

    expect(values).toMatchObject({ epochs: 30, batch_size: 64, optimizer: 'adam', activation: 'relu', seed: 0 });
    expect(settingsOf(values).rule).toEqual({
      name: 'adam',
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      momentum: 0.9,
      l1: 0,
      l2: 0,
      weightDecay: 0,
      clipNorm: 0,
    });
    expect(settingsOf(values).schedule.learningRate).toBe(0.001);
  });

  it('have other defaults with other optimizers', () => {
    const adamw = parse({ optimizer: 'adamw' });
    const sgd = parse({ optimizer: 'sgd' });

    expect(settingsOf(adamw).rule.weightDecay).toBe(0.01);
    expect(settingsOf(sgd).rule).toMatchObject({ weightDecay: 0, momentum: 0.9 });
    expect(settingsOf(sgd).schedule.learningRate).toBe(0.01);
  });

  it('are also accepted under the names of SageMaker’s own algorithms', () => {
    const values = parse({ mini_batch_size: '32', lr: '0.1', num_epochs: '3', random_state: '9' });

    expect(values).toMatchObject({ batch_size: 32, learning_rate: 0.1, epochs: 3, seed: 9 });
  });

  it.each([
    ['128,64', [128, 64]],
    ['[128, 64]', [128, 64]],
    ['(128,)', [128]],
    ['16', [16]],
    ['none', []],
    ['', undefined],
    ['128,0', undefined],
    ['128,6.5', undefined],
    ['128;64', undefined],
    ['20000', undefined],
  ])('parse hidden_units "%s" as %j', (text, expected) => {
    if (expected) expect(parse({ hidden_units: text }).hidden_units).toEqual(expected);
    else expect(() => parse({ hidden_units: text })).toThrow(/"hidden_units" .*comma-separated widths of layers/);
  });

  it('parse class_weights as balanced or as numbers', () => {
    const balanced = parse({ objective: 'binary', class_weights: 'balanced' });
    const given = parse({ objective: 'multiclass', num_classes: '3', class_weights: '1, 2.5,0' });

    expect(balanced.class_weights).toBe('balanced');
    expect(given.class_weights).toEqual([1, 2.5, 0]);
  });

  it('define the layers for a table', () => {
    expect(layers({})).toBe('dense 128 relu, dense 64 relu');
    expect(layers({ hidden_units: 'none' })).toBe('none');
    expect(layers({ hidden_units: '8', dropout: '0.5', activation: 'tanh' })).toBe('dense 8 tanh, dropout 0.5');
    expect(layers({ hidden_units: '8,4', batch_normalization: 'true', dropout: '0.1' })).toBe(
      'dense 8 linear, normalization, relu, dropout 0.1, dense 4 linear, normalization, relu, dropout 0.1',
    );
  });

  it('define the layers for an image, with pooling while it is large enough', () => {
    expect(layers({ input_shape: '8,8,1', dropout: '0.5' })).toBe(
      'convolution 32 (3 × 3) relu, pooling 2 × 2, convolution 64 (3 × 3) relu, pooling 2 × 2, flatten, dropout 0.5, dense 128 relu, dropout 0.5',
    );
    expect(layers({ input_shape: '3,9,1', convolution_filters: '4,5,6', kernel_size: '5', hidden_units: 'none' })).toBe(
      'convolution 4 (5 × 5) relu, pooling 2 × 2, convolution 5 (5 × 5) relu, convolution 6 (5 × 5) relu, flatten',
    );
    expect(layers({ input_shape: '4,4,1', pool_size: '1', convolution_filters: '2', hidden_units: '3' })).toBe(
      'convolution 2 (3 × 3) relu, flatten, dense 3 relu',
    );
    expect(layers({ input_shape: '4,4,1', convolution_filters: 'none', dropout: '0.5' })).toBe(
      'flatten, dense 128 relu, dropout 0.5',
    );
  });

  it('give layers the names that TensorFlow.js uses', () => {
    const names = settingsOf(parse({ input_shape: '8,8,1', batch_normalization: 'true' })).layers.map(
      ({ name }) => name,
    );

    expect(names.slice(0, 5)).toEqual([
      'conv2d_1',
      'batch_normalization_1',
      'activation_1',
      'max_pooling2d_1',
      'conv2d_2',
    ]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('widen an embedding with its number of categories', () => {
    expect([2, 10, 1000, 100_000].map(embeddingWidth)).toEqual([2, 6, 77, 600]);
  });

  it('use the tuned metric for early stopping unless another is set', () => {
    const metrics = ['loss', 'accuracy', 'auc'] as const;
    expect(decidingMetric(undefined, metrics)).toBe('loss');
    expect(decidingMetric('validation:auc', metrics)).toBe('auc');
    expect(decidingMetric('train:auc', metrics)).toBe('loss');
  });

  it.each<[Record<string, string>, string]>([
    [{ num_classes: '3' }, '"num_classes" is only for objective multiclass; received "3" with objective "regression"'],
    [{ class_weights: '1,2' }, '"class_weights" is only for objective binary or multiclass'],
    [{ objective: 'binary', class_weights: '1,2,3' }, '"class_weights" must have 2 weights, one per class; received 3'],
    [{ objective: 'binary', class_weights: '0,0' }, '"class_weights" must have a weight above 0'],
    [
      { objective: 'binary', class_weights: '1,-1' },
      'balanced, or a comma-separated weight in [0, 1000000000] for each class',
    ],
    [{ kernel_size: '5' }, '"kernel_size" is only for images; received "5" with no "input_shape"'],
    [{ convolution_filters: '8' }, '"convolution_filters" is only for images'],
    [{ input_shape: '8,8' }, '"input_shape" must be height, width and channels; received "8,8"'],
    [{ input_shape: '4096,4096,4' }, 'must have at most 16777216 values together'],
    [{ input_shape: '8,8,1', kernel_size: '4' }, '"kernel_size" must be odd'],
    [{ input_shape: '8,8,1', categorical_features: '1' }, '"categorical_features" is only for tables'],
    [{ momentum: '0.8' }, '"momentum" is only for optimizer sgd; received "0.8" with optimizer "adam"'],
    [
      { input_shape: '8,8,1', convolution_filters: 'none', kernel_size: '5' },
      '"kernel_size" is only for convolutions; received "5" with convolution_filters "none"',
    ],
    [{ input_shape: '8,8,1', convolution_filters: 'none', pool_size: '3' }, '"pool_size" is only for convolutions'],
    [
      { hidden_units: 'none', dropout: '0.5' },
      '"dropout" is only for hidden layers; received "0.5" with hidden_units "none"',
    ],
    [{ hidden_units: 'none', activation: 'tanh' }, '"activation" is only for hidden layers'],
    [{ hidden_units: 'none', batch_normalization: 'true' }, '"batch_normalization" is only for hidden layers'],
    [
      { input_shape: '8,8,1', hidden_units: 'none', convolution_filters: 'none', dropout: '0.5' },
      'with hidden_units "none" and convolution_filters "none"',
    ],
    [{ batch_normalization: 'true', batch_size: '1' }, '"batch_size" must be at least 2 with "batch_normalization"'],
    [{ lr_schedule: 'step', lr_step_epochs: '30' }, '"lr_step_epochs" must be less than epochs, 30; received "30"'],
    [{ optimizer: 'sgd', beta_2: '0.9' }, '"beta_2" is only for optimizer adam or adamw'],
    [{ optimizer: 'sgd', epsilon: '0.1' }, '"epsilon" is only for optimizer adam or adamw'],
    [{ lr_step_epochs: '5' }, '"lr_step_epochs" is only for lr_schedule step'],
    [{ pool_size: '3' }, '"pool_size" is only for images'],
    [{ backend: 'webgpu', threads: '2' }, '"threads" is only for backend auto, tensorflow or wasm'],
    [{ optimizer: 'sgd', beta_1: '0.8' }, '"beta_1" is only for optimizer adam or adamw'],
    [{ weight_decay: '0.1' }, '"weight_decay" is only for optimizer adamw or sgd'],
    [{ lr_step_factor: '0.5' }, '"lr_step_factor" is only for lr_schedule step'],
    [{ warmup_epochs: '31' }, '"warmup_epochs" must be at most epochs, 30; received "31"'],
    [{ early_stopping_metric: 'validation:rmse' }, '"early_stopping_metric" is only for early stopping'],
    [
      { early_stopping_patience: '3', early_stopping_metric: 'validation:auc' },
      'must be validation:loss or validation:rmse or validation:mae with objective "regression"; received "validation:auc"',
    ],
    [{ backend: 'cpu', threads: '2' }, '"threads" is only for backend auto, tensorflow or wasm'],
    [{ objective: 'classification' }, '"objective" must be one of regression, binary, multiclass'],
    [{ hiden_units: '3' }, 'did you mean "hidden_units"?'],
  ])('that are invalid are refused: %j', (given, message) => {
    expect(() => parse(given)).toThrow(message);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['momentum', { momentum: '0.9' }, { optimizer: 'adam' }],
    ['beta_1, beta_2, epsilon', { beta_1: '0.9', beta_2: '0.999', epsilon: '1e-8' }, { optimizer: 'sgd' }],
    ['weight_decay', { weight_decay: '0' }, { optimizer: 'adam' }],
    ['weight_decay of adamw', { weight_decay: '0.01' }, { optimizer: 'adam' }],
    ['kernel_size, pool_size', { kernel_size: '3', pool_size: '2', convolution_filters: '32,64' }, {}],
    [
      'those of convolutions',
      { kernel_size: '3', pool_size: '2' },
      { input_shape: '8,8,1', convolution_filters: 'none' },
    ],
    [
      'those of hidden layers',
      { dropout: '0', activation: 'relu', batch_normalization: 'false' },
      { hidden_units: 'none' },
    ],
    ['lr_step_epochs, lr_step_factor', { lr_step_epochs: '10', lr_step_factor: '0.1' }, { lr_schedule: 'cosine' }],
    ['lr_step_epochs of one epoch', { lr_step_epochs: '1', epochs: '1' }, { lr_schedule: 'step' }],
    ['early_stopping_metric', { early_stopping_metric: 'validation:loss' }, {}],
    [
      'csv_weights, clip_norm, warmup_epochs',
      { csv_weights: '0', clip_norm: '0', warmup_epochs: '0', l1: '0', l2: '0' },
      {},
    ],
    ['dropout behind convolutions', { dropout: '0.5' }, { input_shape: '8,8,1', hidden_units: 'none' }],
  ])('accept the default of %s if it has no effect', (_, given, beside) => {
    expect(() => parse({ ...given, ...beside })).not.toThrow();
  });
});
