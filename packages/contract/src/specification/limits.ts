/**
 * The API's limits on what CreateAlgorithm takes (botocore sagemaker/2017-07-24; CONTRACT.md, definition), so that a
 * definition fails here and not after an upload.
 */
import type { Algorithm } from '../algorithm.js';
import { parseMediaType } from '../formats/media-type.js';
import { metricRegex } from '../training/metrics.js';
import type { HyperParameterSpecification } from './description.js';

/** What the API would refuse in one hyperparameter's specification, a sentence each. */
export function specificationProblems(specification: HyperParameterSpecification): string[] {
  const { Name, Description, Type, Range, IsTunable } = specification;
  const problems: string[] = [];
  if (!/^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]{1,256}$/u.test(Name))
    problems.push(`Hyperparameter name "${Name}" is too long.`);
  if (Description.length < 1 || Description.length > 1024) {
    problems.push(`Hyperparameter "${Name}" must have a description of 1 to 1024 characters in .meta().`);
  }
  if (IsTunable && (Type === 'FreeText' || !Range)) {
    problems.push(`Hyperparameter "${Name}" is tunable, so it must have both bounds or a list of values.`);
  }
  if ((Range?.CategoricalParameterRangeSpecification?.Values.length ?? 1) > 30) {
    problems.push(`Hyperparameter "${Name}" must have at most 30 values.`);
  }
  return problems;
}

/** What the API would refuse in the rest of the definition, a sentence each. */
export function definitionProblems(algorithm: Algorithm): string[] {
  const problems: string[] = [];
  const require = (holds: boolean, sentence: string) => void (holds || problems.push(sentence));
  const channels = Object.entries(algorithm.channels);
  const metrics = Object.keys(algorithm.metrics);
  require(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(
    algorithm.name,
  ), `The name must be letters, digits and hyphens, at most 63; received "${algorithm.name}".`);
  require(/^\d+\.\d+\.\d+/.test(
    algorithm.version,
  ), `The version must be semantic, like 1.0.0; received "${algorithm.version}".`);
  require(algorithm.description.length <=
    1024, `The description must have at most 1024 characters; it has ${algorithm.description.length}.`);
  require(Object.keys(algorithm.hyperparameters.shape).length <= 100, 'There must be at most 100 hyperparameters.');
  require(channels.length >= 1 && channels.length <= 8, `There must be 1 to 8 channels; there are ${channels.length}.`);
  for (const [name] of channels) {
    require(/^[A-Za-z0-9.\-_]{1,64}$/.test(
      name,
    ), `Channel name "${name}" must be letters, digits, ".", "-", "_", at most 64.`);
  }
  require(metrics.length <= 40, `There must be at most 40 metrics; there are ${metrics.length}.`);
  for (const name of metrics) {
    require(name.length <= 255 && metricRegex(name).length <= 500, `Metric name "${name}" is too long.`);
    require(!/\s/.test(name), `Metric name "${name}" must not contain blanks.`);
  }
  const mediaTypes = [
    ...channels.flatMap(([, channel]) => channel.contentTypes),
    ...algorithm.contentTypes.input,
    ...algorithm.contentTypes.output,
  ];
  // The service is told whole names, not the short ones that jobs may use.
  const isWhole = (type: string) => type.includes('/') && parseMediaType(type) !== undefined;
  for (const type of mediaTypes) require(isWhole(type), `"${type}" is not a media type.`);
  require(Object.keys(algorithm.outputs).length >= 1, 'There must be at least one output.');
  return problems;
}
