/** The algorithm that `algo new --kind custom` made, its sample data, and the parts of requests that name it: see made_algorithm.py. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './steps.js';

const folder = process.env.SAMPLE_DATA;
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const description = readJson(process.env.DESCRIPTION);
const { trainingJob, transformJob, realTime, relativeTolerance, metricBounds } = readJson(
  join(folder, 'validation-profile.json'),
);
const registry = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

export const Image = `${registry}/support-mail:1.0.0`;
export const RoleArn = 'arn:aws:iam::123456789012:role/Runner';
export const BUCKET = 'js-data';
export const SENTENCES = [
  'The screen flickers when the app is open.',
  'The courier lost my parcel, please send the item again.',
];
const METRIC = 'validation:accuracy';
const InstanceType = 'ml.m5.xlarge';
const ResourceConfig = { InstanceType, InstanceCount: 1, VolumeSizeInGB: 5 };
const s3 = (path) => ({ S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/${path}/` } });

/** Files of the sample data, each with its key. */
export function uploads() {
  const channels = Object.entries(trainingJob.channels).map(([name, { path }]) => [name, path]);
  return [...channels, ['batch', transformJob.input]].flatMap(([name, path]) =>
    readdirSync(join(folder, path)).map((file) => ({
      Key: `${name}/${file}`,
      Body: readFileSync(join(folder, path, file)),
    })),
  );
}

/** @param changes members to change */
export function job(TrainingJobName, changes = {}) {
  return {
    ...{ TrainingJobName, RoleArn, ResourceConfig, HyperParameters: trainingJob.hyperparameters },
    AlgorithmSpecification: {
      TrainingImage: Image,
      TrainingInputMode: 'File',
      MetricDefinitions: description.TrainingSpecification.MetricDefinitions,
    },
    InputDataConfig: Object.entries(trainingJob.channels).map(([ChannelName, { contentType }]) => ({
      ChannelName,
      ContentType: contentType,
      DataSource: s3(ChannelName),
    })),
    OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/out` },
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
    ...changes,
  };
}

/** One that runs until it is stopped, on the instance of which there is one. */
export function waitingJob(name) {
  return job(name, {
    AlgorithmSpecification: { TrainingImage: `${registry}/sum:1.2.3`, TrainingInputMode: 'File' },
    HyperParameters: { behave: 'wait' },
    ResourceConfig: { ...ResourceConfig, InstanceType: 'ml.m5.24xlarge' },
  });
}

export function tuning(HyperParameterTuningJobName) {
  const { TrainingJobName: _, HyperParameters: __, ...definition } = job('');
  const range = { Name: 'smoothing', MinValue: '0.1', MaxValue: '10', ScalingType: 'Logarithmic' };
  return {
    HyperParameterTuningJobName,
    HyperParameterTuningJobConfig: {
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: METRIC },
      ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 2 },
      ParameterRanges: { ContinuousParameterRanges: [range] },
    },
    TrainingJobDefinition: { StaticHyperParameters: {}, ...definition },
  };
}

export function algorithm(AlgorithmName) {
  const { TrainingJobName: _, AlgorithmSpecification: __, RoleArn: ValidationRole, ...definition } = job('');
  const TrainingJobDefinition = { TrainingInputMode: 'File', ...definition };
  return {
    AlgorithmName,
    TrainingSpecification: {
      ...description.TrainingSpecification,
      TrainingImage: Image,
      SupportedTrainingInstanceTypes: [InstanceType],
    },
    InferenceSpecification: {
      ...description.InferenceSpecification,
      Containers: [{ Image }],
      SupportedTransformInstanceTypes: [InstanceType],
      SupportedRealtimeInferenceInstanceTypes: [InstanceType],
    },
    ValidationSpecification: {
      ValidationRole,
      ValidationProfiles: [{ ProfileName: 'sample-data', TrainingJobDefinition }],
    },
  };
}

export function modelPackage(ModelPackageName, AlgorithmName, jobName) {
  const ModelDataUrl = `s3://${BUCKET}/out/${jobName}/output/model.tar.gz`;
  return { ModelPackageName, SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName, ModelDataUrl }] } };
}

export function transform(TransformJobName, ModelName) {
  return {
    ...{ TransformJobName, ModelName },
    TransformInput: { DataSource: s3('batch'), ContentType: 'text/plain', SplitType: 'None' },
    TransformOutput: { S3OutputPath: `s3://${BUCKET}/predicted`, Accept: 'application/json' },
    TransformResources: { InstanceType, InstanceCount: 1 },
  };
}

export function variant(ModelName) {
  return { VariantName: 'all', ModelName, InstanceType, InitialInstanceCount: 1 };
}

/** Requests to an endpoint, each with its stored answer. */
export function samples() {
  return realTime.map(({ input, contentType, expectedOutput }) => ({
    Body: readFileSync(join(folder, input)),
    ContentType: contentType,
    expected: readJson(join(folder, expectedOutput)),
  }));
}

/** Stored outputs of the transform job, by key. */
export function batchOutputs() {
  const stored = join(folder, transformJob.expectedOutput);
  return readdirSync(stored).map((name) => ({ Key: `predicted/${name}`, expected: readJson(join(stored, name)) }));
}

export function checkAnswer(text, expected) {
  const found = JSON.parse(text);
  const isClose = Math.abs(found.probability - expected.probability) <= relativeTolerance * expected.probability;
  check(found.label === expected.label && isClose, { found, expected });
}

export function checkTrained(found) {
  const metric = found.FinalMetricDataList?.find(({ MetricName }) => MetricName === METRIC);
  check(found.TrainingJobStatus === 'Completed' && metric?.Value >= metricBounds[METRIC].atLeast, found);
}
