/**
 * The model of XGBoost's `gblinear` booster: one weight per feature and group, and a bias per group. It can be served
 * but not trained here.
 */
import type { Ensemble } from '../ensemble/tree.js';

/** What a model has whatever its booster. */
export type Learner = Omit<Ensemble, TreeField>;

/** A linear model. Missing values add nothing. */
export interface LinearModel extends Learner {
  readonly booster: 'gblinear';
  /** [(features + 1) × groups], row-major, the biases last. */
  readonly weights: Float32Array;
  /** Boosting rounds that made the weights. */
  readonly rounds: number;
}

/** Any model that XGBoost saves. */
export type XgboostModel = Ensemble | LinearModel;

/** @returns whether the model is of the `gblinear` booster */
export function isLinear(model: XgboostModel): model is LinearModel {
  return model.booster === 'gblinear';
}

// --- internal ---

type TreeField =
  | 'booster'
  | 'trees'
  | 'treeGroup'
  | 'weightDrop'
  | 'numParallelTree'
  | 'leafSize'
  | 'iterationStart'
  | 'categoryNames';
