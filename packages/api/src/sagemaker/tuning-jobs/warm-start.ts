/**
 * The parents of a tuning job that starts warm: what it learns from, and whether they had its data and algorithm.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobWarmStartConfig.html
 */
import { isEnd } from '../../jobs/job-status.js';
import { ServiceError } from '../../service-error.js';
import type { StoredRecord } from '../../store/record.js';
import type { ParentJob, WarmStart } from '../../tuning/warm-start.js';
import type { Channel } from '../definitions/training-job.js';
import { findRecord, type SageMaker, validationError } from '../resources/context.js';
import { trainingImageOf } from '../training-jobs/image.js';
import type { CheckedTrainingJob } from '../training-jobs/shapes.js';
import { type CreateTuningJobRequest, TUNING_JOB, type TuningJobBody } from './shapes.js';
import { trialsOf } from './trials.js';

type WarmStartConfig = NonNullable<CreateTuningJobRequest['WarmStartConfig']>;

/** Parents as they are now: they have ended, and what happens to them later changes nothing. @throws ServiceError */
export function readWarmStart(sageMaker: SageMaker, config: WarmStartConfig): WarmStart {
  const parents = parentsOf(sageMaker, config).map(({ name, status, body }): ParentJob => {
    if (!isEnd(status))
      throw validationError(`Parent tuning job "${name}" must have ended; it is in status ${status}.`);
    const { objective, space, staticHyperparameters } = body.plan;
    return { name, objective, space, staticHyperparameters, trials: trialsOf(sageMaker, body) };
  });
  return { type: config.WarmStartType, parents };
}

/** @throws ServiceError ValidationException with every difference where data and algorithm must be identical */
export function checkParents(sageMaker: SageMaker, config: WarmStartConfig, child: CheckedTrainingJob): void {
  if (config.WarmStartType !== 'IdenticalDataAndAlgorithm') return;
  const differences = parentsOf(sageMaker, config).flatMap(({ name, body }) =>
    findDifferences(sageMaker, body.template, child).map(
      ([what, own, theirs]) =>
        `Parent tuning job "${name}" must have the ${what} of the new job, ${own}, as WarmStartType is IdenticalDataAndAlgorithm; received ${theirs}.`,
    ),
  );
  if (differences.length > 0) throw validationError(differences.join(' '));
}

// --- internal ---

type Difference = readonly [what: string, own: string, theirs: string];

function parentsOf(
  sageMaker: SageMaker,
  { ParentHyperParameterTuningJobs }: WarmStartConfig,
): readonly StoredRecord<TuningJobBody>[] {
  return ParentHyperParameterTuningJobs.map(({ HyperParameterTuningJobName = '' }) =>
    findRecord<TuningJobBody>(sageMaker, TUNING_JOB, HyperParameterTuningJobName, (arn) =>
      validationError(`Parent tuning job ${arn} does not exist.`),
    ),
  );
}

function findDifferences(
  sageMaker: SageMaker,
  parent: CheckedTrainingJob,
  child: CheckedTrainingJob,
): readonly Difference[] {
  const [own, theirs] = [channelsOf(child), channelsOf(parent)];
  const names = new Set([...Object.keys(own), ...Object.keys(theirs)]);
  const compared: readonly Difference[] = [
    ['training image', imageOf(sageMaker, child), imageOf(sageMaker, parent)],
    ...[...names].map(
      (name): Difference => [
        `data of channel "${name}" in InputDataConfig`,
        own[name] ?? 'none',
        theirs[name] ?? 'none',
      ],
    ),
  ];
  return compared.filter(([, one, other]) => one !== other);
}

/**
 * Without tag and digest: a new version is allowed that leaves the algorithm as it was, which cannot be seen here. Jobs that an
 * older server recorded have no resolved image; theirs is what it would be now.
 */
function imageOf(sageMaker: SageMaker, { ResolvedImage, AlgorithmSpecification }: CheckedTrainingJob): string {
  const image = ResolvedImage ?? resolved(sageMaker, AlgorithmSpecification);
  return image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
}

function resolved(sageMaker: SageMaker, specification: CheckedTrainingJob['AlgorithmSpecification']): string {
  try {
    const image = trainingImageOf(sageMaker, specification);
    return sageMaker.programs.resolve?.(image) ?? image;
  } catch (error) {
    if (error instanceof ServiceError) return specification.AlgorithmName!; // deleted since
    throw error;
  }
}

/** Where the data of each channel are. A format may change: a new version of the algorithm may read another. */
function channelsOf({ InputDataConfig = [] }: CheckedTrainingJob): Readonly<Record<string, string>> {
  return Object.fromEntries(InputDataConfig.map((channel) => [channel.ChannelName, sourceOf(channel)]));
}

function sourceOf({ DataSource }: Channel): string {
  const { S3DataType, S3Uri, AttributeNames = [] } = DataSource.S3DataSource!;
  return [S3DataType, S3Uri, ...AttributeNames].join(' ');
}
