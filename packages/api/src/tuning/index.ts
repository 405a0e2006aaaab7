/** @algo/api/tuning: the strategies of tuning jobs, for a program that runs the training jobs itself. */

// Plan a tuning job

export type { Hyperparameters } from './search-space.js';
export { findUnsupported, readTuningConfig, type TunableSpecification } from './tuning-config.js';
export { createTuningPlan, OBJECTIVE_HYPERPARAMETER, type TuningPlan } from './tuning-plan.js';

// Decide while it runs

export { findBestTrial, isMeasured, type Trial } from './trial.js';
export { nextHyperparameters, progressOf, trialsToStop } from './tuning-step.js';

// Errors

export { ServiceError } from '../service-error.js';
