/** How good a network is on labelled rows. */

export { isBetter, MEASURES, type Measure, type MeasureName, measuresOf } from './metrics.js';
export { createScorer, type ScoredRows, type Scorer, type ScorerOptions, type Scores } from './scorer.js';
