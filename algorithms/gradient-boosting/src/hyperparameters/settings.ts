/** From SageMaker's names to ours: the one place where a hyperparameter in snake_case becomes a parameter in camelCase. */

import type { TreeParameters } from '../engine/tree-parameters.js';
import { DEFAULT_PARAMETERS, type ObjectiveName, type ObjectiveParameters } from '../objectives/index.js';
import type { Hyperparameters } from './index.js';

/** XGBoost's own default of max_delta_step for counts, whose gradients have no bound. */
const POISSON_MAX_DELTA_STEP = 0.7;

/** What the growth of each tree is controlled by. */
export function treeParameters(values: Hyperparameters): TreeParameters {
  return {
    eta: values.eta,
    gamma: values.gamma,
    maxDepth: values.max_depth,
    maxLeaves: values.max_leaves,
    growPolicy: values.grow_policy,
    minChildWeight: values.min_child_weight,
    maxDeltaStep: maxDeltaStep(values),
    lambda: values.lambda,
    alpha: values.alpha,
    subsample: values.subsample,
    samplingMethod: values.sampling_method,
    colsampleBytree: values.colsample_bytree,
    colsampleBylevel: values.colsample_bylevel,
    colsampleBynode: values.colsample_bynode,
    monotoneConstraints: values.monotone_constraints ?? [],
    interactionConstraints: values.interaction_constraints ?? [],
    maxCatToOnehot: values.max_cat_to_onehot,
    maxCatThreshold: values.max_cat_threshold,
  };
}

/** Everything an objective or metric can be told. @param targetCount label columns */
export function completeObjectiveParameters(values: Hyperparameters, targetCount = 1): ObjectiveParameters {
  const pairs = values.lambdarank_num_pair_per_sample;
  return {
    targetCount,
    classCount: values.num_class ?? DEFAULT_PARAMETERS.classCount,
    scalePosWeight: values.scale_pos_weight,
    huberSlope: values.huber_slope,
    quantileAlpha: values.quantile_alpha ?? DEFAULT_PARAMETERS.quantileAlpha,
    expectileAlpha: values.expectile_alpha ?? DEFAULT_PARAMETERS.expectileAlpha,
    tweedieVariancePower: values.tweedie_variance_power,
    maxDeltaStep: maxDeltaStep(values),
    aftLossDistribution: values.aft_loss_distribution,
    aftLossDistributionScale: values.aft_loss_distribution_scale,
    lambdarankPairMethod: values.lambdarank_pair_method,
    ...(pairs !== undefined && { lambdarankNumPairPerSample: pairs }),
    lambdarankNormalization: values.lambdarank_normalization,
    lambdarankScoreNormalization: values.lambdarank_score_normalization,
    lambdarankUnbiased: values.lambdarank_unbiased,
    lambdarankBiasNorm: values.lambdarank_bias_norm,
    ndcgExpGain: values.ndcg_exp_gain,
  };
}

/** The objective under its name of today: `reg:linear` was renamed. */
export function objectiveName({ objective }: Hyperparameters): ObjectiveName {
  return objective === 'reg:linear' ? 'reg:squarederror' : objective;
}

// --- internal ---

function maxDeltaStep({ max_delta_step, objective }: Hyperparameters): number {
  return max_delta_step ?? (objective === 'count:poisson' ? POISSON_MAX_DELTA_STEP : 0);
}
