/** How good a network is on labelled rows. */

export { isBetter, type Metric, type MetricName, metricsOf, NETWORK_METRICS } from './metrics.js';
export { createScorer, type ScoredRows, type Scorer, type ScorerOptions, type Scores } from './scorer.js';
