/**
 * What is said of every metric before any is made, by name in the order of the alphabet: for the definition of the
 * algorithm and its documents. How each is computed is in its own file, which a server does not load.
 */
export type Goal = 'minimize' | 'maximize';

export interface MetricDescription {
  readonly goal: Goal;
  readonly description: string;
}

export const METRIC_DESCRIPTIONS = {
  accuracy: { goal: 'maximize', description: 'share of rows whose class is predicted' },
  'aft-nloglik': { goal: 'minimize', description: 'negative log-likelihood of the accelerated failure time model' },
  auc: { goal: 'maximize', description: 'area under the ROC curve' },
  aucpr: { goal: 'maximize', description: 'area under the precision-recall curve' },
  balanced_accuracy: { goal: 'maximize', description: 'mean recall over the classes of the labels' },
  'cox-nloglik': {
    goal: 'minimize',
    description: 'negative log partial likelihood of proportional hazards, per event',
  },
  error: { goal: 'minimize', description: 'share of rows on the wrong side of the threshold 0.5, or t of error@t' },
  expectile: { goal: 'minimize', description: 'mean asymmetric square over the levels of expectile_alpha' },
  f1: { goal: 'maximize', description: 'mean F1 score over classes' },
  f1_binary: { goal: 'maximize', description: 'F1 score of class 1' },
  f1_macro: { goal: 'maximize', description: 'mean F1 score over classes' },
  'gamma-deviance': { goal: 'minimize', description: 'deviance of gamma regression' },
  'gamma-nloglik': { goal: 'minimize', description: 'negative log-likelihood of gamma regression' },
  'interval-regression-accuracy': {
    goal: 'maximize',
    description: 'share of rows whose predicted time is inside their bounds',
  },
  logloss: { goal: 'minimize', description: 'negative log-likelihood of binary labels' },
  mae: { goal: 'minimize', description: 'mean absolute error' },
  map: { goal: 'maximize', description: 'mean average precision of the first k rows of each query' },
  mape: { goal: 'minimize', description: 'mean absolute error as a fraction of the label' },
  merror: { goal: 'minimize', description: 'share of rows whose most likely class is not their label' },
  mlogloss: { goal: 'minimize', description: 'negative log-likelihood of class labels' },
  mphe: { goal: 'minimize', description: 'mean pseudo-Huber error with slope huber_slope' },
  mse: { goal: 'minimize', description: 'mean squared error' },
  ndcg: { goal: 'maximize', description: 'normalised discounted cumulative gain of the first k rows of each query' },
  'poisson-nloglik': { goal: 'minimize', description: 'negative log-likelihood of counts' },
  pre: { goal: 'maximize', description: 'precision of the first k rows of each query' },
  precision: { goal: 'maximize', description: 'precision of class 1' },
  precision_macro: { goal: 'maximize', description: 'mean precision over classes' },
  precision_micro: { goal: 'maximize', description: 'precision over all classes together' },
  quantile: { goal: 'minimize', description: 'mean pinball loss over the levels of quantile_alpha' },
  r2: { goal: 'maximize', description: 'coefficient of determination' },
  recall: { goal: 'maximize', description: 'recall of class 1' },
  recall_macro: { goal: 'maximize', description: 'mean recall over classes' },
  recall_micro: { goal: 'maximize', description: 'recall over all classes together' },
  rmse: { goal: 'minimize', description: 'root of the mean squared error' },
  rmsle: { goal: 'minimize', description: 'root of the mean squared error of ln(1 + value)' },
  'tweedie-nloglik': {
    goal: 'minimize',
    description: 'negative log-likelihood of Tweedie regression with variance power p',
  },
} as const satisfies Readonly<Record<string, MetricDescription>>;

export type MetricName = keyof typeof METRIC_DESCRIPTIONS;
