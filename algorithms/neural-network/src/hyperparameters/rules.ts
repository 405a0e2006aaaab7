/**
 * Rules between hyperparameters. A value without effect is refused: it is a sign that the caller expects something
 * else.
 */
import { type MetricName, metricsOf } from '../evaluation/index.js';
import type { Hyperparameters } from './index.js';
import { DEFAULT_STEP_FACTOR, defaultStepEpochs } from './settings.js';

/** One sentence for each rule that is broken. */
export function checkHyperparameters(values: Hyperparameters): readonly string[] {
  return [
    ...uselessValues(values),
    ...normalizationProblems(values),
    ...classProblems(values),
    ...imageProblems(values),
    ...rateProblems(values),
    ...stoppingProblems(values),
  ];
}

// --- internal ---

interface Need {
  readonly names: readonly (keyof Hyperparameters)[];
  /** The setting that the names require. */
  readonly only: string;
  isMet(values: Hyperparameters): boolean;
  /** The actual setting. */
  given(values: Hyperparameters): string;
}

const optimizerGiven = ({ optimizer }: Hyperparameters) => `optimizer "${optimizer}"`;

/** Hyperparameters that only have an effect if another has a certain value. */
const NEEDS: readonly Need[] = [
  {
    names: ['num_classes'],
    only: 'objective multiclass',
    isMet: ({ objective }) => objective === 'multiclass',
    given: ({ objective }) => `objective "${objective}"`,
  },
  {
    names: ['class_weights'],
    only: 'objective binary or multiclass',
    isMet: ({ objective }) => objective !== 'regression',
    given: ({ objective }) => `objective "${objective}"`,
  },
  {
    names: ['convolution_filters', 'kernel_size', 'pool_size'],
    only: 'images',
    isMet: ({ input_shape }) => input_shape !== undefined,
    given: () => 'no "input_shape"',
  },
  {
    names: ['kernel_size', 'pool_size'],
    only: 'convolutions',
    isMet: (values) => values.input_shape === undefined || hasConvolutions(values),
    given: () => 'convolution_filters "none"',
  },
  {
    names: ['activation', 'dropout', 'batch_normalization'],
    only: 'hidden layers',
    isMet: hasHiddenLayers,
    given: ({ input_shape }) => `hidden_units "none"${input_shape ? ' and convolution_filters "none"' : ''}`,
  },
  {
    names: ['momentum'],
    only: 'optimizer sgd',
    isMet: ({ optimizer }) => optimizer === 'sgd',
    given: optimizerGiven,
  },
  {
    names: ['beta_1', 'beta_2', 'epsilon'],
    only: 'optimizer adam or adamw',
    isMet: ({ optimizer }) => optimizer !== 'sgd',
    given: optimizerGiven,
  },
  {
    names: ['weight_decay'],
    only: 'optimizer adamw or sgd',
    isMet: ({ optimizer }) => optimizer !== 'adam',
    given: optimizerGiven,
  },
  {
    names: ['lr_step_epochs', 'lr_step_factor'],
    only: 'lr_schedule step',
    isMet: ({ lr_schedule }) => lr_schedule === 'step',
    given: ({ lr_schedule }) => `lr_schedule "${lr_schedule}"`,
  },
  {
    names: ['early_stopping_metric'],
    only: 'early stopping',
    isMet: ({ early_stopping_patience }) => early_stopping_patience !== undefined,
    given: () => 'no "early_stopping_patience"',
  },
  {
    names: ['threads'],
    only: 'backend auto, tensorflow or wasm',
    isMet: ({ backend }) => backend !== 'webgpu' && backend !== 'cpu',
    given: ({ backend }) => `backend "${backend}"`,
  },
];

/**
 * Values that mean the same as leaving the hyperparameter out: the defaults in README. Tools send every default of an
 * algorithm, even if it does not apply.
 */
function neutralValues({ epochs }: Hyperparameters): Partial<Record<keyof Hyperparameters, readonly unknown[]>> {
  return {
    activation: ['relu'],
    dropout: [0],
    batch_normalization: [false],
    convolution_filters: ['32,64'],
    kernel_size: [3],
    pool_size: [2],
    momentum: [0.9],
    beta_1: [0.9],
    beta_2: [0.999],
    epsilon: [1e-8],
    weight_decay: [0, 0.01],
    lr_step_epochs: [defaultStepEpochs(epochs)],
    lr_step_factor: [DEFAULT_STEP_FACTOR],
    early_stopping_metric: ['validation:loss'],
  };
}

function hasConvolutions({ input_shape, convolution_filters }: Hyperparameters): boolean {
  return input_shape !== undefined && convolution_filters?.length !== 0;
}

function hasHiddenLayers(values: Hyperparameters): boolean {
  return values.hidden_units?.length !== 0 || hasConvolutions(values);
}

function uselessValues(values: Hyperparameters): string[] {
  const neutral = neutralValues(values);
  const asks = (name: keyof Hyperparameters) => {
    const value = values[name];
    return value !== undefined && !neutral[name]?.includes(Array.isArray(value) ? value.join() : value);
  };
  return NEEDS.filter((need) => !need.isMet(values)).flatMap(({ names, only, given }) =>
    names
      .filter(asks)
      .map(
        (name) =>
          `Hyperparameter "${name}" is only for ${only}; received "${values[name]}" with ${given(values)}. Leave it out.`,
      ),
  );
}

function normalizationProblems({ batch_normalization, batch_size }: Hyperparameters): string[] {
  if (!batch_normalization || batch_size > 1) return [];
  return [
    `Hyperparameter "batch_size" must be at least 2 with "batch_normalization"; received "${batch_size}": a single row cannot be normalized.`,
  ];
}

function classProblems({ objective, num_classes, class_weights }: Hyperparameters): string[] {
  if (objective === 'regression') return [];
  if (class_weights === undefined || class_weights === 'balanced') return [];
  const classes = objective === 'binary' ? 2 : num_classes;
  const problems: string[] = [];
  if (classes !== undefined && class_weights.length !== classes) {
    problems.push(
      `Hyperparameter "class_weights" must have ${classes} weights, one per class; received ${class_weights.length}.`,
    );
  }
  if (class_weights.every((weight) => weight === 0)) {
    problems.push(
      `Hyperparameter "class_weights" must have a weight above 0; received "${class_weights}", which leaves nothing to learn.`,
    );
  }
  return problems;
}

/** The maximum number of columns that the readers accept. */
const MAX_PIXELS = 16_777_216;

function imageProblems({ input_shape, kernel_size, categorical_features }: Hyperparameters): string[] {
  if (input_shape === undefined) return [];
  const problems: string[] = [];
  if (input_shape.length !== 3) {
    problems.push(
      `Hyperparameter "input_shape" must be height, width and channels; received "${input_shape}". A grey image has 1 channel: 8,8,1.`,
    );
  } else if (input_shape.reduce((size, side) => size * side, 1) > MAX_PIXELS) {
    problems.push(
      `Hyperparameter "input_shape" must have at most ${MAX_PIXELS} values together; received "${input_shape}".`,
    );
  }
  if (kernel_size !== undefined && kernel_size % 2 === 0) {
    problems.push(
      `Hyperparameter "kernel_size" must be odd, so that a kernel has a centre; received "${kernel_size}".`,
    );
  }
  if (categorical_features) {
    problems.push(
      `Hyperparameter "categorical_features" is only for tables; received "${categorical_features}" with input_shape "${input_shape}". Leave one of them out.`,
    );
  }
  return problems;
}

function rateProblems({ warmup_epochs, epochs, lr_schedule, lr_step_epochs }: Hyperparameters): string[] {
  const problems: string[] = [];
  if (warmup_epochs > epochs) {
    problems.push(
      `Hyperparameter "warmup_epochs" must be at most epochs, ${epochs}; received "${warmup_epochs}": the learning rate would never be reached.`,
    );
  }
  const isDefault = lr_step_epochs === defaultStepEpochs(epochs);
  if (lr_schedule === 'step' && lr_step_epochs !== undefined && lr_step_epochs >= epochs && !isDefault) {
    problems.push(
      `Hyperparameter "lr_step_epochs" must be less than epochs, ${epochs}; received "${lr_step_epochs}": the learning rate would never change.`,
    );
  }
  return problems;
}

function stoppingProblems({ objective, early_stopping_metric }: Hyperparameters): string[] {
  if (early_stopping_metric === undefined) return [];
  const names = metricsOf(objective);
  const name = early_stopping_metric.slice('validation:'.length) as MetricName;
  if (names.includes(name)) return [];
  return [
    `Hyperparameter "early_stopping_metric" must be ${names.map((own) => `validation:${own}`).join(' or ')} with objective "${objective}"; received "${early_stopping_metric}".`,
  ];
}
