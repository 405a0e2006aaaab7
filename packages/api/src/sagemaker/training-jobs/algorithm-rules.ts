/**
 * A training job against the specification of its algorithm: channels and how they are read, hyperparameters and their
 * ranges, instance types. All problems are in one error.
 */

import { OBJECTIVE_HYPERPARAMETER } from '../../tuning/tuning-plan.js';
import type { ChannelSpecification, HyperParameterSpecification, TrainingSpecification } from '../algorithms/shapes.js';
import type { Channel } from '../definitions/training-job.js';
import { validationError } from '../resources/context.js';
import { instancesOf } from './instances.js';
import type { TrainingJobMembers } from './shapes.js';

/** @throws ServiceError ValidationException with every rule of the algorithm that the job breaks */
export function checkAgainstAlgorithm(training: TrainingSpecification, job: TrainingJobMembers): void {
  const problems = [
    ...instanceProblems(training, job),
    ...channelProblems(training.TrainingChannels, job),
    ...hyperparameterProblems(training.SupportedHyperParameters ?? [], job.HyperParameters ?? {}),
  ];
  if (problems.length > 0) throw validationError(problems.join(' '));
}

// --- internal ---

function instanceProblems(
  { SupportedTrainingInstanceTypes, SupportsDistributedTraining = false }: TrainingSpecification,
  { ResourceConfig }: TrainingJobMembers,
) {
  const instances = instancesOf(ResourceConfig);
  const known = SupportedTrainingInstanceTypes.join(', ');
  const unknown = [...instances.keys()].filter((type) => !SupportedTrainingInstanceTypes.includes(type));
  const count = [...instances.values()].reduce((sum, own) => sum + own, 0);
  return [
    ...unknown.map((type) => `InstanceType must be one of the algorithm's: ${known}; received "${type}".`),
    ...(count === 1 || SupportsDistributedTraining
      ? []
      : [`InstanceCount must be 1: the algorithm does not support distributed training; received ${count}.`]),
  ];
}

function channelProblems(
  specifications: readonly ChannelSpecification[],
  { InputDataConfig = [], AlgorithmSpecification: { TrainingInputMode } }: TrainingJobMembers,
): readonly string[] {
  const given = new Set(InputDataConfig.map(({ ChannelName }) => ChannelName));
  const missing = specifications
    .filter(({ Name, IsRequired }) => IsRequired && !given.has(Name))
    .map(({ Name }) => `Channel "${Name}" is required by the algorithm.`);
  const broken = InputDataConfig.flatMap((channel) => {
    const specification = specifications.find(({ Name }) => Name === channel.ChannelName);
    if (specification) return ownProblems(specification, channel, channel.InputMode ?? TrainingInputMode);
    const known = specifications.map(({ Name }) => Name).join(', ');
    return [`Channel "${channel.ChannelName}" must be one of the algorithm's: ${known}.`];
  });
  return [...missing, ...broken];
}

function ownProblems(specification: ChannelSpecification, channel: Channel, mode: string): readonly string[] {
  const { SupportedContentTypes, SupportedCompressionTypes = ['None'], SupportedInputModes } = specification;
  const { ChannelName, ContentType, CompressionType = 'None' } = channel;
  const check = (member: string, value: string | undefined, allowed: readonly string[]) =>
    value === undefined || allowed.length === 0 || allowed.includes(value)
      ? []
      : [`Channel "${ChannelName}": ${member} must be one of ${allowed.join(', ')}; received "${value}".`];
  return [
    ...check('ContentType', ContentType, SupportedContentTypes),
    ...check('CompressionType', CompressionType, SupportedCompressionTypes),
    ...check('InputMode', mode, SupportedInputModes),
  ];
}

function hyperparameterProblems(
  specifications: readonly HyperParameterSpecification[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const missing = specifications
    .filter(({ Name, IsRequired }) => IsRequired && !Object.hasOwn(values, Name))
    .map(({ Name }) => `Hyperparameter "${Name}" is required by the algorithm.`);
  const broken = Object.entries(values).flatMap(([name, value]) => {
    // What a tuning job adds to the jobs it starts.
    if (name === OBJECTIVE_HYPERPARAMETER) return [];
    const specification = specifications.find(({ Name }) => Name === name);
    if (specification) return valueProblem(specification, value);
    return [
      `Hyperparameter "${name}" must be one of the algorithm's: ${specifications.map(({ Name }) => Name).join(', ')}.`,
    ];
  });
  return [...missing, ...broken];
}

/** A value is a string, which some clients put into quotes of JSON once more. */
function valueProblem({ Name, Type, Range = {} }: HyperParameterSpecification, text: string): readonly string[] {
  const value = /^".*"$/s.test(text) ? text.slice(1, -1) : text;
  const { IntegerParameterRangeSpecification, ContinuousParameterRangeSpecification } = Range;
  const say = (rule: string) => [`Hyperparameter "${Name}" must be ${rule}; received "${text}".`];
  const choices = Range.CategoricalParameterRangeSpecification?.Values;
  if (Type === 'FreeText') return [];
  if (Type === 'Categorical') return !choices || choices.includes(value) ? [] : say(`one of ${choices.join(', ')}`);
  const isInteger = Type === 'Integer';
  const number = /^\s*$/.test(value) ? Number.NaN : Number(value);
  const bounds = isInteger ? IntegerParameterRangeSpecification : ContinuousParameterRangeSpecification;
  if (isInteger ? !Number.isInteger(number) : !Number.isFinite(number))
    return say(isInteger ? 'an integer' : 'a number');
  if (!bounds || (number >= Number(bounds.MinValue) && number <= Number(bounds.MaxValue))) return [];
  return say(`in [${bounds.MinValue}, ${bounds.MaxValue}]`);
}
