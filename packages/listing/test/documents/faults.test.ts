/** Requests with one fault each: AWS's model refuses them by member and rule, which AWS's clients do not. */
import { describe, expect, it } from 'vitest';
import { documentsOf, type NamedDocument, requestProblem } from '../../src/documents/documents.js';
import { sourceOf } from '../../src/material.js';
import { materialOf } from '../support/material.js';

/** Member and value; undefined removes the member. Items of lists have their number in the path. */
type Fault = readonly [path: string, value: unknown, expected: RegExp];

const training = 'TrainingSpecification';
const inference = 'InferenceSpecification';
const profile = 'ValidationSpecification.ValidationProfiles.0';
const trainingJob = `${profile}.TrainingJobDefinition`;
const transformJob = `${profile}.TransformJobDefinition`;
const hyperparameter = `${training}.SupportedHyperParameters.0`;
const channel = `${training}.TrainingChannels.0`;
const long = (length: number) => 'x'.repeat(length);
const many = <T>(count: number, item: T) => Array.from({ length: count }, () => item);
const missing = /Member must not be null/;
const tooLong = (max: number) => new RegExp(`Member must have length less than or equal to ${max}`);
const tooShort = (min: number) => new RegExp(`Member must have length greater than or equal to ${min}`);
const tooSmall = (min: number) => new RegExp(`Member must have value greater than or equal to ${min}`);
const noneOf = (value: string) => new RegExp(`Member must satisfy enum value set: \\[[^\\]]*${value}`);
const pattern = /Member must satisfy regular expression pattern/;
const notOf = (type: string) => new RegExp(`can not be converted to an? ${type}`);
const unknown = /Member must be one that botocore [\d.]+ knows/;

const ALGORITHM: readonly Fault[] = [
  ['AlgorithmName', undefined, missing],
  ['AlgorithmName', long(64), tooLong(63)],
  ['AlgorithmName', 'a_b', pattern],
  ['AlgorithmName', 'a-', pattern],
  ['AlgorithmName', '', pattern],
  ['AlgorithmName', 7, notOf('String')],
  ['AlgorithmDescription', long(1025), tooLong(1024)],
  ['AlgorithmDescription', 'two\nlines', pattern],
  ['Capabilities', {}, unknown],
  ['CertifyForMarketplace', 'yes', notOf('Boolean')],
  ['Tags', many(51, { Key: 'a', Value: 'b' }), tooLong(50)],
  ['Tags', [{ Key: '', Value: 'b' }], tooShort(1)],
  ['Tags', [{ Key: 'a' }], missing],
  [training, undefined, missing],
  [`${training}.TrainingImage`, undefined, missing],
  [`${training}.TrainingImage`, 'an image', pattern],
  [`${training}.TrainingImage`, long(256), tooLong(255)],
  [`${training}.TrainingImageDigest`, 'sha256:1', pattern],
  [`${training}.SupportedTrainingInstanceTypes`, undefined, missing],
  [`${training}.SupportedTrainingInstanceTypes`, ['ml.c5.large'], noneOf('ml.m5.large')],
  [`${training}.SupportsDistributedTraining`, 1, notOf('Boolean')],
  [`${training}.TrainingChannels`, [], tooShort(1)],
  [`${channel}.Name`, 'two words', pattern],
  [`${channel}.Name`, long(65), tooLong(64)],
  [`${channel}.Description`, long(1025), tooLong(1024)],
  [`${channel}.SupportedContentTypes`, undefined, missing],
  [`${channel}.SupportedInputModes`, [], tooShort(1)],
  [`${channel}.SupportedInputModes`, ['Stream'], noneOf('Pipe')],
  [`${channel}.SupportedCompressionTypes`, ['Zip'], noneOf('Gzip')],
  [`${hyperparameter}.Name`, long(257), tooLong(256)],
  [`${hyperparameter}.Name`, 'a\tb', pattern],
  [`${hyperparameter}.Description`, long(1025), tooLong(1024)],
  [`${hyperparameter}.Type`, 'Boolean', noneOf('FreeText')],
  [`${hyperparameter}.DefaultValue`, long(2501), tooLong(2500)],
  [`${hyperparameter}.DefaultValue`, 3, notOf('String')],
  [`${hyperparameter}.Range`, { CategoricalParameterRangeSpecification: { Values: [] } }, tooShort(1)],
  [`${hyperparameter}.Range`, { IntegerParameterRangeSpecification: { MinValue: '1' } }, missing],
  [`${training}.SupportedHyperParameters`, many(101, { Name: 'a', Type: 'FreeText' }), tooLong(100)],
  [`${training}.MetricDefinitions`, many(41, { Name: 'a', Regex: 'b' }), tooLong(40)],
  [`${training}.MetricDefinitions.0.Regex`, long(501), tooLong(500)],
  [`${training}.MetricDefinitions.0.Name`, undefined, missing],
  [`${training}.SupportedTuningJobObjectiveMetrics.0.Type`, 'Best', noneOf('Maximize')],
  [`${inference}.Containers`, [], tooShort(1)],
  [`${inference}.Containers`, many(16, { Image: 'a' }), tooLong(15)],
  [`${inference}.Containers.0.ModelDataUrl`, 'model.tar.gz', pattern],
  [`${inference}.SupportedTransformInstanceTypes`, [], tooShort(1)],
  [`${inference}.SupportedTransformInstanceTypes`, ['ml.t2.medium'], noneOf('ml.m5.large')],
  [`${inference}.SupportedRealtimeInferenceInstanceTypes`, ['m5.large'], noneOf('ml.m5.large')],
  [`${inference}.SupportedResponseMIMETypes`, ['*/*'], /regular expression pattern/],
  ['ValidationSpecification.ValidationRole', 'role', tooShort(20)],
  ['ValidationSpecification.ValidationRole', 'arn:aws:iam::12:role/validation', pattern],
  ['ValidationSpecification.ValidationProfiles', [], tooShort(1)],
  [`${profile}.ProfileName`, 'sample data', pattern],
  [`${trainingJob}.TrainingInputMode`, undefined, missing],
  [`${trainingJob}.InputDataConfig`, [], tooShort(1)],
  [`${trainingJob}.HyperParameters`, { method: 7 }, notOf('String')],
  [`${trainingJob}.InputDataConfig.0.DataSource.S3DataSource.S3DataType`, 'Folder', noneOf('S3Prefix')],
  [`${trainingJob}.InputDataConfig.0.DataSource.S3DataSource.S3Uri`, 'bucket/key', pattern],
  [`${trainingJob}.OutputDataConfig.S3OutputPath`, undefined, missing],
  [`${trainingJob}.ResourceConfig.InstanceCount`, 1.5, notOf('Integer')],
  [`${trainingJob}.StoppingCondition.MaxRuntimeInSeconds`, 0, tooSmall(1)],
  [`${trainingJob}.Environment`, { A: 'b' }, unknown],
  [`${transformJob}.MaxPayloadInMB`, -1, tooSmall(0)],
  [`${transformJob}.BatchStrategy`, 'Batch', noneOf('MultiRecord')],
  [`${transformJob}.TransformInput.SplitType`, 'Row', noneOf('Line')],
  [`${transformJob}.TransformInput.DataSource`, undefined, missing],
  [`${transformJob}.TransformOutput.AssembleWith`, 'Comma', noneOf('Line')],
  [`${transformJob}.TransformOutput.Accept`, long(257), tooLong(256)],
  [`${transformJob}.TransformResources.InstanceCount`, 0, tooSmall(1)],
];

const PACKAGE: readonly Fault[] = [
  ['ModelPackageName', 'a.b', pattern],
  ['ModelPackageDescription', 'tab\there', pattern],
  ['SourceAlgorithmSpecification.SourceAlgorithms', [], tooShort(1)],
  ['SourceAlgorithmSpecification.SourceAlgorithms.0.AlgorithmName', undefined, missing],
  ['SourceAlgorithmSpecification.SourceAlgorithms.0.ModelDataUrl', long(1025), tooLong(1024)],
  [`${profile}.TransformJobDefinition`, undefined, missing],
  ['ModelApprovalStatus', 'Yes', noneOf('Approved')],
];

/** @returns a copy of the document in which the member has that value */
function withFault({ document, ...named }: NamedDocument, path: string, value: unknown): NamedDocument {
  const copy = structuredClone(document) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop()!;
  const parent = names.reduce<Record<string, unknown>>((found, name) => found[name] as Record<string, unknown>, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return { ...named, document: copy };
}

/** As AWS names a member in its errors: `trainingSpecification.trainingChannels.1.member.name`. */
function memberOf(path: string): string {
  const names = path.split('.').map((name) => (/^\d+$/.test(name) ? `${Number(name) + 1}.member` : name));
  return names.map((name) => name.charAt(0).toLowerCase() + name.slice(1)).join('.');
}

describe.each([
  ['create-algorithm.json', ALGORITHM],
  ['create-model-package-from-algorithm.json', PACKAGE],
] as const)('%s', (file, faults) => {
  const titled = faults.map(([path, value, expected]) => [path, expected, value] as const);
  it.each(titled)('with a fault in %s is refused by member and rule: %s', async (path, expected, value) => {
    const documents = documentsOf(sourceOf(await materialOf('linear-regression')));
    const document = documents.find((one) => one.file === file)!;

    const problem = requestProblem(withFault(document, path, value));

    expect(problem).toMatch(expected);
    expect(problem).toContain(`'${memberOf(path)}`);
    expect(requestProblem(document)).toBeUndefined();
  });
});
