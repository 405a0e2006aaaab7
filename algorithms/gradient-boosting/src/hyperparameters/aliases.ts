/** XGBoost's other names of hyperparameters. Apart from the rules, which a server does without. */
export const hyperparameterAliases = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
  n_estimators: 'num_round',
  num_boost_round: 'num_round',
  random_state: 'seed',
  n_jobs: 'nthread',
} as const;
