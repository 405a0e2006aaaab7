/** Hyperparameters of the learning task: the objective, its parameters, and the metrics. */
import { fixed, nameList, numberList, tunable } from '@algo/contract';
import { z } from 'zod';
import { AFT_DISTRIBUTIONS, PAIR_METHODS } from '../objectives/parameters.js';
import { OBJECTIVE_NAMES } from '../objectives/response.js';

/** Quantiles or expectiles; each is an output. */
const levels = () =>
  numberList({
    rule: 'a list of numbers in [0, 1] in ascending order, such as 0.1,0.5,0.9',
    holds: (level) => level >= 0 && level <= 1,
  }).optional();

export const objective = () => ({
  objective: fixed(
    z.enum(OBJECTIVE_NAMES).default('reg:squarederror'),
    'What to predict. reg: a number (quantileerror and absoluteerror: the median or other quantiles); binary: one of two classes; multi: one of num_class classes; count: a count; rank: an order within queries; survival: a time.',
  ),
  num_class: fixed(
    z.int().min(2).max(65_535).optional(),
    'Number of classes for multi:softmax and multi:softprob; labels are 0 to num_class - 1. Not needed if labels are text.',
  ),
  eval_metric: fixed(
    nameList('comma-separated names, such as logloss,auc').optional(),
    "Metrics to report in each round, comma-separated, such as logloss,auc,error@0.7. The last one decides early stopping. Default: the objective's own metric.",
  ),
  scale_pos_weight: fixed(
    z.number().gt(0).max(1e9).default(1),
    'Factor for the weights of rows with label 1. For rare positives, use about the number of negative rows / positive rows.',
  ),
  quantile_alpha: fixed(levels(), 'reg:quantileerror: the quantiles to predict, such as 0.1,0.5,0.9. Default 0.5.'),
  expectile_alpha: fixed(levels(), 'reg:expectileerror: the expectiles to predict, such as 0.1,0.5,0.9. Default 0.5.'),
  huber_slope: fixed(
    z.number().gt(0).default(1),
    'reg:pseudohubererror: error above which the loss is approximately linear.',
  ),
  tweedie_variance_power: tunable(
    z.number().min(1).lt(2).default(1.5),
    'reg:tweedie: variance as a power of the mean; near 2 like gamma, near 1 like Poisson.',
  ),
  aft_loss_distribution: fixed(
    z.enum(AFT_DISTRIBUTIONS).default('normal'),
    'survival:aft: distribution of the error of the logarithm of time.',
  ),
  aft_loss_distribution_scale: tunable(
    z.number().gt(0).max(1e6).default(1),
    'survival:aft: scale of that distribution.',
  ),
  lambdarank_pair_method: fixed(
    z.enum(PAIR_METHODS).default('topk'),
    'rank: how pairs are formed: topk compares each of the top documents with all below it, mean samples random pairs for each document.',
  ),
  lambdarank_num_pair_per_sample: fixed(
    z.int().min(1).max(1_000_000).optional(),
    'rank: number of top documents (topk, default 32), or of pairs per document (mean, default 1).',
  ),
  lambdarank_normalization: fixed(z.boolean().default(true), "rank: divide a query's gradients by their size."),
  lambdarank_score_normalization: fixed(
    z.boolean().default(true),
    "rank: divide a pair's change of the metric by the difference of its scores.",
  ),
  lambdarank_unbiased: fixed(
    z.boolean().default(false),
    'rank: estimate the position bias of clicks and correct for it. Rows must be in the order in which they were shown.',
  ),
  lambdarank_bias_norm: fixed(
    z.number().min(0).max(100).default(1),
    'rank: position biases are raised to 1 / (1 + this).',
  ),
  ndcg_exp_gain: fixed(z.boolean().default(true), 'rank: true: the gain of relevance r is 2^r - 1; false: it is r.'),
});
