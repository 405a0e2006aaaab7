/** What the objectives of a family have in common, by XGBoost's names: their parameters, and how they read labels. */

/** `reg:linear` was renamed; any other name is as it was. */
export function nameOfToday<Name extends string>(name: Name): Name | 'reg:squarederror' {
  return name === 'reg:linear' ? 'reg:squarederror' : name;
}

/** Whether it learns several label columns together, each a target of its own. */
export function isMultiTargetName(name: string): boolean {
  return /^(reg:(?!quantileerror|expectileerror)|binary:)/.test(name);
}

/** Whether it learns one of several classes. */
export function isMultiClassName(name: string): boolean {
  return name.startsWith('multi:');
}

/** Whether it learns the order of rows within queries. */
export function isRankingName(name: string): boolean {
  return name.startsWith('rank:');
}

const SCALED = ['binary:logistic', 'binary:logitraw', 'reg:squarederror', 'reg:linear', 'reg:logistic', 'reg:gamma'];
const RANKING = ['rank:pairwise', 'rank:ndcg', 'rank:map'];

/** The objectives that read a parameter, by its name as a hyperparameter. */
export const OBJECTIVE_PARAMETERS = {
  scale_pos_weight: SCALED,
  quantile_alpha: ['reg:quantileerror'],
  expectile_alpha: ['reg:expectileerror'],
  huber_slope: ['reg:pseudohubererror'],
  tweedie_variance_power: ['reg:tweedie'],
  aft_loss_distribution: ['survival:aft'],
  aft_loss_distribution_scale: ['survival:aft'],
  lambdarank_pair_method: RANKING,
  lambdarank_num_pair_per_sample: RANKING,
  lambdarank_normalization: RANKING,
  lambdarank_score_normalization: RANKING,
  lambdarank_unbiased: RANKING,
  lambdarank_bias_norm: RANKING,
  ndcg_exp_gain: RANKING,
} as const satisfies Readonly<Record<string, readonly string[]>>;
