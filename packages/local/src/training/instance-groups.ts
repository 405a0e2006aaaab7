/**
 * The instance groups of a training job, each with instances of a type of its own (a heterogeneous cluster), and the channels
 * that are for some of them only. A job that has none is one group, under the name that the platform gives it.
 * Sources: API InstanceGroup, ResourceConfig and S3DataSource; issue 6089 of aws/sagemaker-python-sdk (all channels or none).
 */
import { MAX_HOSTS } from '../container/cluster-network.js';
import { ArgumentError } from '../errors.js';
import type { ChannelInput } from './channel-input.js';

export interface InstanceGroup {
  readonly name: string;
  /** In resourceconfig.json; default ml.m5.xlarge. */
  readonly instanceType?: string | undefined;
  /** In [1, 250], together with the other groups. */
  readonly instanceCount: number;
}

/** Of a job. */
export interface JobInstances {
  /** In resourceconfig.json; default ml.m5.xlarge. */
  readonly instanceType?: string | undefined;
  /** Hosts that train together, in [1, 250]; default 1. */
  readonly instanceCount?: number | undefined;
  /** Groups of hosts, 1 to 5, in place of the two; all of them train together. */
  readonly instanceGroups?: readonly InstanceGroup[] | undefined;
}

/** As many as one network has addresses for. */
export const MAX_INSTANCES = MAX_HOSTS;
const MAX_GROUPS = 5;
const ONLY_GROUP = 'homogeneousCluster';

/** @throws ArgumentError for the first rule about instances that the request breaks */
export function checkInstances(
  { instanceType, instanceCount, instanceGroups }: JobInstances,
  channels: Readonly<Record<string, ChannelInput>>,
): void {
  if (instanceGroups) {
    if (instanceType !== undefined || instanceCount !== undefined) {
      const [member, value] =
        instanceType === undefined ? ['InstanceCount', instanceCount] : ['InstanceType', instanceType];
      throw new ArgumentError(
        `InstanceGroups must be in place of InstanceType and InstanceCount; received ${member} ${value}, too.`,
      );
    }
    checkGroups(instanceGroups);
  } else checkCount('InstanceCount', instanceCount ?? 1);
  checkNames(
    Object.entries(channels),
    instanceGroups?.map(({ name }) => name),
  );
}

/** At least one. */
export function groupsOf({ instanceType, instanceCount = 1, instanceGroups }: JobInstances): readonly InstanceGroup[] {
  return instanceGroups ?? [{ name: ONLY_GROUP, instanceType, instanceCount }];
}

/** Of all groups. */
export function instanceCountOf(instances: JobInstances): number {
  return groupsOf(instances).reduce((sum, { instanceCount }) => sum + instanceCount, 0);
}

/** Whether the hosts of a group get a channel. */
export function isForGroup({ instanceGroupNames }: ChannelInput, group: string): boolean {
  return instanceGroupNames?.includes(group) ?? true;
}

// --- internal ---

function checkGroups(groups: readonly InstanceGroup[]): void {
  if (groups.length < 1 || groups.length > MAX_GROUPS) {
    throw new ArgumentError(`InstanceGroups must have 1 to ${MAX_GROUPS} groups; received ${groups.length}.`);
  }
  for (const { name, instanceCount } of groups) {
    if (name.length < 1 || name.length > 64) {
      throw new ArgumentError(`InstanceGroupName must have 1 to 64 characters; received "${name}".`);
    }
    checkCount(`InstanceCount of group "${name}"`, instanceCount);
  }
  const repeated = repeatedIn(groups.map(({ name }) => name));
  if (repeated !== undefined) {
    throw new ArgumentError(`InstanceGroups must have different names; received "${repeated}" twice.`);
  }
  checkCount('InstanceCount of all groups together', instanceCountOf({ instanceGroups: groups }));
}

function checkCount(what: string, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_INSTANCES) return;
  throw new ArgumentError(
    `${what} must be a whole number in [1, ${MAX_INSTANCES}] on this machine; received ${count}.`,
  );
}

/** @param groups of the job; undefined: it has none of its own */
function checkNames(
  channels: readonly [name: string, channel: ChannelInput][],
  groups: readonly string[] | undefined,
): void {
  for (const [channel, { instanceGroupNames: names }] of channels) {
    if (!names) continue;
    const what = `Channel "${channel}": InstanceGroupNames`;
    if (!groups)
      throw new ArgumentError(
        `${what} must name groups of the job, which has none; received ${names.map((name) => `"${name}"`).join(', ')}.`,
      );
    if (names.length < 1 || names.length > MAX_GROUPS) {
      throw new ArgumentError(`${what} must have 1 to ${MAX_GROUPS} names; received ${names.length}.`);
    }
    const unknown = names.find((name) => !groups.includes(name));
    if (unknown !== undefined) {
      throw new ArgumentError(`${what} must be groups of the job: ${groups.join(', ')}; received "${unknown}".`);
    }
    const repeated = repeatedIn(names);
    if (repeated !== undefined) throw new ArgumentError(`${what} must differ; received "${repeated}" twice.`);
  }
  const [without, having] = [false, true].map((has) =>
    channels.filter(([, { instanceGroupNames }]) => (instanceGroupNames !== undefined) === has).map(([name]) => name),
  );
  if (without!.length === 0 || having!.length === 0) return;
  throw new ArgumentError(
    `All channels must have InstanceGroupNames, or none; received them for ${having!.join(', ')} and not for ${without!.join(', ')}.`,
  );
}

function repeatedIn(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index);
}
