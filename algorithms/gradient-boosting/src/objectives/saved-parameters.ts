/** The objective's own parameters as XGBoost's model files have them: text under XGBoost's names. */

import type { ObjectiveParameters } from './parameters.js';

/** Only those that the objective has; XGBoost's reader takes the shortest decimal of a float. */
export function savedParameters(name: string, parameters: ObjectiveParameters): Readonly<Record<string, string>> {
  switch (name) {
    case 'reg:squarederror':
    case 'reg:logistic':
    case 'reg:gamma':
    case 'binary:logistic':
    case 'binary:logitraw':
      return { scale_pos_weight: String(parameters.scalePosWeight) };
    case 'multi:softmax':
    case 'multi:softprob':
      return { num_class: String(parameters.classCount) };
    case 'reg:pseudohubererror':
      return { huber_slope: String(parameters.huberSlope) };
    case 'reg:tweedie':
      return { tweedie_variance_power: String(parameters.tweedieVariancePower) };
    case 'reg:quantileerror':
      return { quantile_alpha: list(parameters.quantileAlpha) };
    case 'reg:expectileerror':
      return { expectile_alpha: list(parameters.expectileAlpha) };
    case 'count:poisson':
      return { max_delta_step: String(parameters.maxDeltaStep) };
    case 'survival:aft':
      return {
        aft_loss_distribution: parameters.aftLossDistribution,
        aft_loss_distribution_scale: String(parameters.aftLossDistributionScale),
      };
    case 'rank:pairwise':
    case 'rank:ndcg':
    case 'rank:map':
      return {
        lambdarank_pair_method: parameters.lambdarankPairMethod,
        ...(parameters.lambdarankNumPairPerSample !== undefined && {
          lambdarank_num_pair_per_sample: String(parameters.lambdarankNumPairPerSample),
        }),
        lambdarank_normalization: flag(parameters.lambdarankNormalization),
        lambdarank_score_normalization: flag(parameters.lambdarankScoreNormalization),
        lambdarank_unbiased: flag(parameters.lambdarankUnbiased),
        lambdarank_bias_norm: String(parameters.lambdarankBiasNorm),
        ndcg_exp_gain: flag(parameters.ndcgExpGain),
      };
    default:
      return {};
  }
}

// --- internal ---

function list(values: readonly number[]): string {
  return `[${values.join(',')}]`;
}

function flag(value: boolean): string {
  return value ? '1' : '0';
}
