/**
 * The instances of a training job: of one type, or in groups (a heterogeneous cluster), of which channels may name some.
 * Sources: API ResourceConfig, InstanceGroup and S3DataSource; what the service says of requests that break their rules is in
 * issues 5225 and 5564 of aws/sagemaker-python-sdk.
 */
import { MAX_INSTANCES } from '@algo/local';
import type { Channel, InstanceGroup, ResourceConfig } from '../definitions/training-job.js';
import { type SageMaker, validationError } from '../resources/context.js';
import { checkQuota } from '../resources/quotas.js';
import type { TrainingJobBody, TrainingJobMembers } from './shapes.js';
import { TRAINING_JOB } from './state.js';

/** The groups that a job has of its own; clients may send an empty list with InstanceType. */
export function groupsOf({ InstanceGroups = [] }: ResourceConfig): readonly InstanceGroup[] | undefined {
  return InstanceGroups.length > 0 ? InstanceGroups : undefined;
}

/** How many there are of each type. */
export function instancesOf(resources: ResourceConfig): ReadonlyMap<string, number> {
  const { InstanceType = '', InstanceCount = 1 } = resources;
  const counts = new Map<string, number>();
  for (const group of groupsOf(resources) ?? [{ InstanceType, InstanceCount }]) {
    counts.set(group.InstanceType, (counts.get(group.InstanceType) ?? 0) + group.InstanceCount);
  }
  return counts;
}

/** @throws ServiceError ValidationException */
export function checkInstances({ ResourceConfig, InputDataConfig = [] }: TrainingJobMembers): void {
  const { InstanceType, InstanceCount, KeepAlivePeriodInSeconds } = ResourceConfig;
  const groups = groupsOf(ResourceConfig);
  if (!groups) {
    if (InstanceType === undefined) throw validationError('ResourceConfig must have InstanceType.');
    checkCount('InstanceCount', InstanceCount ?? 1);
  } else {
    if (InstanceType !== undefined || InstanceCount !== undefined) {
      throw validationError('InstanceType or InstanceCount cannot be specified with InstanceGroups');
    }
    if (KeepAlivePeriodInSeconds !== undefined) {
      throw validationError('ResourceConfig.KeepAlivePeriodInSeconds must not be with InstanceGroups.');
    }
    checkGroups(groups);
  }
  checkNames(
    InputDataConfig,
    groups?.map(({ InstanceGroupName }) => InstanceGroupName),
  );
}

/**
 * Call it in the transaction that makes the job.
 * @param isAlone whether instances in use do not count
 * @throws ServiceError ResourceLimitExceeded when there are too few left of a type
 */
export function checkTrainingQuota(sageMaker: SageMaker, resources: ResourceConfig, isAlone = false): void {
  for (const [type, count] of instancesOf(resources)) {
    checkQuota(sageMaker, 'training job usage', type, () => (isAlone ? 0 : inUse(sageMaker, type)), count);
  }
}

// --- internal ---

function checkGroups(groups: readonly InstanceGroup[]): void {
  for (const { InstanceGroupName, InstanceCount } of groups) {
    checkCount(`InstanceGroups "${InstanceGroupName}": InstanceCount`, InstanceCount);
  }
  const names = groups.map(({ InstanceGroupName }) => InstanceGroupName);
  const repeated = repeatedIn(names);
  if (repeated !== undefined) {
    throw validationError(`ResourceConfig.InstanceGroups must have different names; received "${repeated}" twice.`);
  }
  checkCount(
    'InstanceCount of all InstanceGroups together',
    groups.reduce((sum, group) => sum + group.InstanceCount, 0),
  );
}

function checkCount(what: string, count: number): void {
  if (count >= 1 && count <= MAX_INSTANCES) return;
  throw validationError(`ResourceConfig.${what} must be in [1, ${MAX_INSTANCES}] on this machine; received ${count}.`);
}

/** @param groups the names of the job's groups; undefined: it has none */
function checkNames(channels: readonly Channel[], groups: readonly string[] | undefined): void {
  const having = channels.filter((channel) => namesOf(channel).length > 0);
  for (const channel of having) {
    const names = namesOf(channel);
    const where = `InputDataConfig channel ${channel.ChannelName}: InstanceGroupNames`;
    if (!groups)
      throw validationError(`${where} must name groups of ResourceConfig.InstanceGroups, which the job does not have.`);
    const unknown = names.find((name) => !groups.includes(name));
    if (unknown !== undefined) {
      throw validationError(
        `${where} must be among the job's InstanceGroups: ${groups.join(', ')}; received "${unknown}".`,
      );
    }
    const repeated = repeatedIn(names);
    if (repeated !== undefined) throw validationError(`${where} must differ; received "${repeated}" twice.`);
  }
  const without = channels.filter((channel) => !having.includes(channel));
  if (having.length === 0 || without.length === 0) return;
  const listOf = (some: readonly Channel[]) => `[${some.map(({ ChannelName }) => ChannelName).join(', ')}]`;
  throw validationError(
    `Some channels have assigned instance groups: ${listOf(having)} while others not: ${listOf(without)}`,
  );
}

function namesOf({ DataSource }: Channel): readonly string[] {
  return DataSource.S3DataSource?.InstanceGroupNames ?? [];
}

function repeatedIn(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index);
}

/** Of jobs that have not ended. */
function inUse({ store }: SageMaker, type: string): number {
  const jobs = ['InProgress', 'Stopping'].flatMap((status) =>
    store.records.ofStatus<TrainingJobBody>(TRAINING_JOB, status),
  );
  return jobs.reduce((sum, { body }) => sum + (instancesOf(body.ResourceConfig).get(type) ?? 0), 0);
}
