/** A HyperParameterTuningJobConfig that is read from a file, checked as the API checks it. */
import { serviceModel } from '../model/service-model.js';
import { validateInput } from '../model/validate-input.js';
import type { SearchSpace } from './search-space.js';
import type { TuningJobConfig } from './tuning-plan.js';
import type { Objective } from './warm-start.js';

/** @throws ServiceError SerializationException or ValidationException */
export function readTuningConfig(value: object): TuningJobConfig & TuningJobLimits {
  validateInput(serviceModel('sagemaker'), 'HyperParameterTuningJobConfig', value);
  return value as TuningJobConfig & TuningJobLimits;
}

export interface TuningJobLimits {
  readonly ResourceLimits: { readonly MaxRuntimeInSeconds?: number };
  readonly RandomSeed?: number;
}

/** What an algorithm says of its tuning, in its TrainingSpecification. */
export interface TunableSpecification {
  readonly SupportedTuningJobObjectiveMetrics?: readonly { readonly Type: string; readonly MetricName: string }[];
  readonly SupportedHyperParameters?: readonly { readonly Name: string; readonly IsTunable?: boolean | undefined }[];
}

/** Where a tuning job asks for what the algorithm does not support, one sentence each. */
export function findUnsupported(
  { SupportedTuningJobObjectiveMetrics = [], SupportedHyperParameters = [] }: TunableSpecification,
  { type, metric }: Objective,
  space: SearchSpace,
): string[] {
  const supported = SupportedTuningJobObjectiveMetrics.map(({ Type, MetricName }) => `${Type} ${MetricName}`);
  const problems = supported.includes(`${type} ${metric}`)
    ? []
    : [`The objective must be one of the algorithm's: ${supported.join(', ')}; received ${type} ${metric}.`];
  const fixed = space.filter(({ name }) => SupportedHyperParameters.some((one) => one.Name === name && !one.IsTunable));
  return [...problems, ...fixed.map(({ name }) => `Hyperparameter "${name}" is not tunable in the algorithm.`)];
}
