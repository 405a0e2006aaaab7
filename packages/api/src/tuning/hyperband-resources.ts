/**
 * How many epochs Hyperband gives to a job. Without MaxResource, SageMaker reads it from a static hyperparameter with the
 * number of epochs.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperbandStrategyConfig.html
 */
import { parseInteger } from './number-text.js';
import type { Hyperparameters } from './search-space.js';

/** Resources are epochs: the number of values of the objective metric that a job has written. */
export interface HyperbandResources {
  /** No job is stopped before; ≥ 1. */
  readonly min: number;
  /** Every job is stopped here; ≥ min. */
  readonly max: number;
}

/** SageMaker's shape. */
export interface HyperbandStrategyConfig {
  readonly MinResource?: number;
  readonly MaxResource?: number;
}

const EPOCHS = ['epochs', 'numepochs', 'n-epochs', 'n_epochs', 'num_epochs'];
const MAX_EPOCHS = 20_000;

/** The resources, and what is wrong with them; with mistakes, the resources are not to be used. */
export function readHyperbandResources(
  config: HyperbandStrategyConfig | undefined,
  staticHyperparameters: Hyperparameters,
): { readonly resources: HyperbandResources; readonly mistakes: readonly string[] } {
  const min = config?.MinResource ?? 1;
  const max = config?.MaxResource ?? inferEpochs(staticHyperparameters);
  const resources = { min, max: max ?? min };
  if (max === undefined) {
    const names = EPOCHS.join(', ');
    return { resources, mistakes: [`Strategy Hyperband needs MaxResource, or a static hyperparameter of ${names}.`] };
  }
  const mistakes: string[] = [];
  if (max > MAX_EPOCHS) mistakes.push(`MaxResource must be at most ${MAX_EPOCHS} epochs; received ${max}.`);
  if (min < 1 || min > max) mistakes.push(`MinResource must be in [1, MaxResource ${max}]; received ${min}.`);
  return { resources, mistakes };
}

// --- internal ---

function inferEpochs(staticHyperparameters: Hyperparameters): number | undefined {
  const values = EPOCHS.flatMap((name) => parseInteger(staticHyperparameters[name] ?? '') ?? []);
  return values.find((value) => value > 0);
}
