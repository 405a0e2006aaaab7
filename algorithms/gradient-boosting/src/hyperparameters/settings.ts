/**
 * From SageMaker's names to ours: the one place where a hyperparameter in snake_case becomes a setting in camelCase. A
 * job makes its settings once; everything behind its plan reads these.
 */
import type { UnseenCategories } from '@algo/contract';
import type { DartParameters } from '../engine/dart.js';
import type { TreeParameters } from '../engine/tree-parameters.js';
import {
  DEFAULT_PARAMETERS,
  isMultiClassName,
  nameOfToday,
  type ObjectiveName,
  type ObjectiveParameters,
} from '../objectives/index.js';
import type { Hyperparameters } from './index.js';

/** What a job was asked for. */
export interface Settings {
  /** Under its name of today. */
  readonly objective: ObjectiveName;
  /** Of objective and metrics, for one label column; without `classCount` for the smallest number of classes. */
  readonly parameters: ObjectiveParameters;
  /** Classes of a multi-class objective; undefined where labels have to say. */
  readonly classCount: number | undefined;
  /** In the unit of predictions; undefined: estimated. */
  readonly baseScore: number | undefined;
  /** Names of the metrics asked for; none: the objective's own. */
  readonly metrics: readonly string[];
  readonly rounds: number;
  readonly earlyStoppingRounds: number | undefined;
  readonly numParallelTree: number;
  readonly tree: TreeParameters;
  /** Undefined for booster gbtree. */
  readonly dart: DartParameters | undefined;
  readonly maxBin: number;
  /** Columns from 0. */
  readonly categoricalFeatures: readonly number[] | undefined;
  readonly unseenCategories: UnseenCategories;
  readonly seed: number;
  readonly hasWeights: boolean;
  /** Undefined: one for each allowed CPU. */
  readonly threads: number | undefined;
  /** Undefined without cross-validation. */
  readonly folds: number | undefined;
  readonly repetitions: number;
  /** Whether a stop leaves the rounds so far as the model. */
  readonly savesAtStop: boolean;
}

export function settingsOf(values: Hyperparameters): Settings {
  return {
    objective: nameOfToday(values.objective),
    parameters: objectiveParameters(values),
    classCount: values.num_class,
    baseScore: values.base_score,
    metrics: values.eval_metric ?? [],
    rounds: values.num_round,
    earlyStoppingRounds: values.early_stopping_rounds,
    numParallelTree: values.num_parallel_tree,
    tree: treeParameters(values),
    dart: values.booster === 'dart' ? dartParameters(values) : undefined,
    maxBin: values.max_bin,
    categoricalFeatures: values.categorical_features,
    unseenCategories: values.unseen_categories,
    seed: values.seed,
    hasWeights: values.csv_weights === 1,
    threads: values.nthread,
    folds: values._kfold,
    repetitions: values._num_cv_round,
    savesAtStop: values.save_model_on_termination,
  };
}

// --- internal ---

/** XGBoost's own default of max_delta_step for counts, whose gradients have no bound. */
const POISSON_MAX_DELTA_STEP = 0.7;

function treeParameters(values: Hyperparameters): TreeParameters {
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

function objectiveParameters(values: Hyperparameters): ObjectiveParameters {
  const pairs = values.lambdarank_num_pair_per_sample;
  return {
    targetCount: 1,
    classCount: values.num_class ?? (isMultiClassName(values.objective) ? 2 : DEFAULT_PARAMETERS.classCount),
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

function dartParameters(values: Hyperparameters): DartParameters {
  return {
    rateDrop: values.rate_drop,
    oneDrop: values.one_drop === 1,
    skipDrop: values.skip_drop,
    sampleType: values.sample_type,
    normalizeType: values.normalize_type,
  };
}

function maxDeltaStep({ max_delta_step, objective }: Hyperparameters): number {
  return max_delta_step ?? (objective === 'count:poisson' ? POISSON_MAX_DELTA_STEP : 0);
}
