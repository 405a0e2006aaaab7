/** Hyperparameters of the learning task: the objective, its parameters, and the metrics. */
import { nameList, numberList } from '@algo/contract';
import { z } from 'zod';
import { AFT_DISTRIBUTIONS, OBJECTIVE_NAMES, PAIR_METHODS } from '../objectives/index.js';

/** Quantiles or expectiles; each is an output. */
const levels = () =>
  numberList({
    rule: 'a list of numbers in [0, 1] in ascending order, such as 0.1,0.5,0.9',
    holds: (level) => level >= 0 && level <= 1,
  }).optional();

export const objective = {
  objective: z.enum(OBJECTIVE_NAMES).default('reg:squarederror').meta({
    description:
      'What to predict. reg: a number (quantileerror and absoluteerror: the median or other quantiles); binary: one of two classes; multi: one of num_class classes; count: a count; rank: an order within queries; survival: a time.',
    tunable: false,
  }),
  num_class: z.int().min(2).max(65_535).optional().meta({
    description: 'Number of classes for multi:softmax and multi:softprob; labels are 0 to num_class - 1.',
    tunable: false,
  }),
  eval_metric: nameList('comma-separated names, such as logloss,auc').optional().meta({
    description:
      "Metrics to report in each round, comma-separated, such as logloss,auc,error@0.7. The last one decides early stopping. Default: the objective's own metric.",
    tunable: false,
  }),
  scale_pos_weight: z.number().gt(0).max(1e9).default(1).meta({
    description:
      'Factor for the weights of rows with label 1. For rare positives, use about the number of negative rows / positive rows.',
    tunable: false,
  }),
  quantile_alpha: levels().meta({
    description: 'reg:quantileerror: the quantiles to predict, such as 0.1,0.5,0.9. Default 0.5.',
    tunable: false,
  }),
  expectile_alpha: levels().meta({
    description: 'reg:expectileerror: the expectiles to predict, such as 0.1,0.5,0.9. Default 0.5.',
    tunable: false,
  }),
  huber_slope: z.number().gt(0).default(1).meta({
    description: 'reg:pseudohubererror: error above which the loss is approximately linear.',
    tunable: false,
  }),
  tweedie_variance_power: z.number().min(1).lt(2).default(1.5).meta({
    description: 'reg:tweedie: variance as a power of the mean; near 2 like gamma, near 1 like Poisson.',
    tunable: true,
  }),
  aft_loss_distribution: z.enum(AFT_DISTRIBUTIONS).default('normal').meta({
    description: 'survival:aft: distribution of the error of the logarithm of time.',
    tunable: false,
  }),
  aft_loss_distribution_scale: z.number().gt(0).max(1e6).default(1).meta({
    description: 'survival:aft: scale of that distribution.',
    tunable: true,
  }),
  lambdarank_pair_method: z.enum(PAIR_METHODS).default('topk').meta({
    description:
      'rank: how pairs are formed: topk compares each of the top documents with all below it, mean samples random pairs for each document.',
    tunable: false,
  }),
  lambdarank_num_pair_per_sample: z.int().min(1).max(1_000_000).optional().meta({
    description: 'rank: number of top documents (topk, default 32), or of pairs per document (mean, default 1).',
    tunable: false,
  }),
  lambdarank_normalization: z.boolean().default(true).meta({
    description: "rank: divide a query's gradients by their size.",
    tunable: false,
  }),
  lambdarank_score_normalization: z.boolean().default(true).meta({
    description: "rank: divide a pair's change of the metric by the difference of its scores.",
    tunable: false,
  }),
  lambdarank_unbiased: z.boolean().default(false).meta({
    description:
      'rank: estimate the position bias of clicks and correct for it. Rows must be in the order in which they were shown.',
    tunable: false,
  }),
  lambdarank_bias_norm: z.number().min(0).max(100).default(1).meta({
    description: 'rank: position biases are raised to 1 / (1 + this).',
    tunable: false,
  }),
  ndcg_exp_gain: z.boolean().default(true).meta({
    description: 'rank: true: the gain of relevance r is 2^r - 1; false: it is r.',
    tunable: false,
  }),
};
