/**
 * Where XGBoost stores each objective's own parameters in a model, and what it writes when a parameter is at its
 * default.
 */
import { OBJECTIVE_NAMES, type ObjectiveName } from '../objectives/response.js';

/** Name of the entry that holds the parameters, and their defaults as XGBoost writes them. */
interface ObjectiveEntry {
  readonly container?: string;
  readonly defaults?: Readonly<Record<string, string>>;
  /** Entries of no use today, without which older versions do not load the model. Reading passes them over. */
  readonly forOlder?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const SCALED: ObjectiveEntry = { container: 'reg_loss_param', defaults: { scale_pos_weight: '1' } };
const MULTI_CLASS: ObjectiveEntry = { container: 'softmax_multiclass_param' };
const RANKING: ObjectiveEntry = {
  container: 'lambdarank_param',
  defaults: {
    lambdarank_bias_norm: '1',
    lambdarank_normalization: '1',
    // XGBoost's mark for "not given": the largest uint32.
    lambdarank_num_pair_per_sample: '4294967295',
    lambdarank_pair_method: 'topk',
    lambdarank_score_normalization: '1',
    lambdarank_unbiased: '0',
    ndcg_exp_gain: '1',
  },
  // XGBoost 1.7 and before.
  forOlder: { lambda_rank_param: { fix_list_weight: '0', num_pairsample: '1' } },
};

const OBJECTIVES: Readonly<Record<ObjectiveName, ObjectiveEntry>> = {
  'reg:squarederror': SCALED,
  'reg:linear': SCALED,
  'reg:logistic': SCALED,
  'reg:gamma': SCALED,
  // XGBoost 3.0 and before.
  'reg:squaredlogerror': { forOlder: { reg_loss_param: { scale_pos_weight: '1' } } },
  'reg:absoluteerror': {},
  'reg:pseudohubererror': { container: 'pseudo_huber_param', defaults: { huber_slope: '1' } },
  'reg:tweedie': { container: 'tweedie_regression_param', defaults: { tweedie_variance_power: '1.5' } },
  'reg:quantileerror': { container: 'quantile_loss_param', defaults: { quantile_alpha: '[5E-1]' } },
  'reg:expectileerror': { container: 'expectile_loss_param', defaults: { expectile_alpha: '[5E-1]' } },
  'binary:logistic': SCALED,
  'binary:logitraw': SCALED,
  'binary:hinge': {},
  'count:poisson': { container: 'poisson_regression_param', defaults: { max_delta_step: '0.699999988' } },
  'multi:softmax': MULTI_CLASS,
  'multi:softprob': MULTI_CLASS,
  'rank:pairwise': RANKING,
  'rank:ndcg': RANKING,
  'rank:map': RANKING,
  'survival:cox': {},
  'survival:aft': {
    container: 'aft_loss_param',
    defaults: { aft_loss_distribution: 'normal', aft_loss_distribution_scale: '1' },
  },
};

/** Entries that only older versions of XGBoost ask for, by name. */
export function olderParameters(objective: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return entryOf(objective).forOlder ?? {};
}

/** Entry of the model's `objective` object that holds the parameters; undefined when the objective has none. */
export function parameterContainer(objective: string): string | undefined {
  return entryOf(objective).container;
}

/** The parameters to write: the given ones over XGBoost's defaults. */
export function completeParameters(
  objective: string,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { ...entryOf(objective).defaults, ...given };
}

// --- internal ---

function entryOf(objective: string): ObjectiveEntry {
  const name = OBJECTIVE_NAMES.find((known) => known === objective);
  return name ? OBJECTIVES[name] : {};
}
