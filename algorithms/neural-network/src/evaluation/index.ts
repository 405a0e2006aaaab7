/** Metrics of a network on labelled rows. */

export { isBetter, type MetricName, metricsOf, NETWORK_METRICS } from './metrics.js';
export { createScorer, type ScorerOptions, type Scores } from './scorer.js';
