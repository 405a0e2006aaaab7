/**
 * The tree a container finds below /opt/ml, created in a folder of this machine; SAGEMAKER_BASE_DIR gives the program
 * its path. The configuration files have every key that the platform writes, no more and no fewer: code that passes
 * here must not meet a missing key there. Sources: AWS guide "How Amazon SageMaker Provides Training Information" and
 * the logs of real jobs (current_group_name, instance_groups).
 *
 * This is not shared with the SDK, so that each finds mistakes of the other.
 */
import { existsSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ArgumentError } from '../errors.js';
import { makeFolder } from '../files/folder.js';
import { removeTree } from '../files/remove-tree.js';
import type { ChannelInput, InputMode } from '../training/channel-input.js';
import { groupsOf, type InstanceGroup, isForGroup } from '../training/instance-groups.js';
import type { TrainingJobRequest } from '../training/training-request.js';

/** In a working folder whose `opt` and `home` were made here. */
const MARK_FILE = '.algo-container';

/** Folders and files below the base. */
export interface OptMlTree {
  readonly base: string;
  readonly config: string;
  readonly data: string;
  readonly model: string;
  /** Of a multi-model endpoint, which makes it. */
  readonly models: string;
  readonly outputData: string;
  readonly failure: string;
}

export interface OptMl extends OptMlTree {
  /** HOME of the program; not part of /opt/ml. */
  readonly home: string;
  /** The bases of all hosts of a job on several, whose messages its program may repeat. */
  readonly bases?: readonly string[];
}

/** Where everything is below `base`; nothing is made. */
export function optMlAt(base: string): OptMlTree {
  return {
    base,
    config: join(base, 'input', 'config'),
    data: join(base, 'input', 'data'),
    model: join(base, 'model'),
    models: join(base, 'models'),
    outputData: join(base, 'output', 'data'),
    failure: join(base, 'output', 'failure'),
  };
}

/** Where a container's /opt/ml is in its working folder. */
export function baseIn(workDirectory: string): string {
  return resolve(workDirectory, 'opt', 'ml');
}

/**
 * A fresh, empty tree below `workDirectory`; the tree of an earlier job is removed, and nothing else. Its paths are
 * absolute, because the program that gets them has another working directory.
 * @throws ArgumentError when `workDirectory` has an `opt` or `home` that no job made
 */
export async function createOptMl(workDirectory: string): Promise<OptMl> {
  const base = baseIn(workDirectory);
  const tree: OptMl = { ...optMlAt(base), home: resolve(workDirectory, 'home') };
  const mark = resolve(workDirectory, MARK_FILE);
  const foreign = [dirname(base), tree.home].find((folder) => existsSync(folder) && !existsSync(mark));
  if (foreign) {
    throw new ArgumentError(
      `Working folder ${resolve(workDirectory)} must be from an earlier job or contain no ${basename(foreign)}; it contains one that no job made. Choose another folder.`,
    );
  }
  makeFolder(workDirectory);
  writeFileSync(mark, '');
  await removeTree(dirname(base));
  await removeTree(tree.home);
  for (const folder of [tree.config, tree.data, tree.model, tree.outputData, tree.home]) {
    makeFolder(folder);
  }
  return tree;
}

/**
 * Removes what a job has made in a working folder, and the folder if nothing else is in it; without its mark, nothing.
 * @throws Error of the file system when something cannot be removed
 */
export async function removeOptMl(workDirectory: string): Promise<void> {
  const mark = resolve(workDirectory, MARK_FILE);
  if (!existsSync(mark)) return;
  await removeTree(dirname(baseIn(workDirectory)));
  await removeTree(resolve(workDirectory, 'home'));
  rmSync(mark);
  if (readdirSync(workDirectory).length === 0) rmdirSync(workDirectory);
}

/** `text` of a program with the paths that it would have on the platform: those of this machine mean nothing to a user. */
export function asOnPlatform(text: string, { base, bases = [base] }: Pick<OptMl, 'base' | 'bases'>): string {
  return bases.reduce((changed, path) => changed.replaceAll(path, '/opt/ml'), text);
}

/** A host of a job, and what it knows of the others. */
export interface ClusterConfig {
  readonly currentHost: string;
  /** With the names of their hosts. */
  readonly groups: readonly (InstanceGroup & { readonly hosts: readonly string[] })[];
  readonly networkInterface: string;
}

const FIRST_HOST = 'algo-1';
const DEFAULT_INSTANCE_TYPE = 'ml.m5.xlarge';

/**
 * Writes hyperparameters.json, inputdataconfig.json and resourceconfig.json, read-only.
 * @param cluster default: one host
 */
export function writeTrainingConfig(
  tree: OptMlTree,
  request: Pick<TrainingJobRequest, 'channels' | 'inputMode' | 'instanceType' | 'hyperparameters'>,
  cluster: ClusterConfig = oneHost(request),
): void {
  const { currentHost, groups, networkInterface } = cluster;
  const own = groups.find(({ hosts }) => hosts.includes(currentHost))!;
  const channels = Object.entries(request.channels)
    .filter(([, channel]) => isForGroup(channel, own.name))
    .map(([name, channel]) => [name, channelConfig(channel, request.inputMode)]);
  writeConfig(tree, 'hyperparameters.json', request.hyperparameters ?? {});
  writeConfig(tree, 'inputdataconfig.json', Object.fromEntries(channels));
  writeConfig(tree, 'resourceconfig.json', {
    current_host: currentHost,
    current_instance_type: own.instanceType ?? DEFAULT_INSTANCE_TYPE,
    current_group_name: own.name,
    hosts: groups.flatMap(({ hosts }) => hosts).sort(), // algo-10 comes before algo-2 on the platform
    instance_groups: groups.map(({ name, instanceType = DEFAULT_INSTANCE_TYPE, hosts }) => ({
      ...{ instance_group_name: name, instance_type: instanceType, hosts: [...hosts].sort() },
    })),
    network_interface_name: networkInterface,
  });
}

/** Writes checkpointconfig.json, read-only: the folder as the program finds it. */
export function writeCheckpointConfig(tree: OptMl, path: string): void {
  writeConfig(tree, 'checkpointconfig.json', { LocalPath: path });
}

/** The mode a channel is read in. */
export function inputModeOf(channel: ChannelInput, jobMode: InputMode | undefined): InputMode {
  return channel.inputMode ?? jobMode ?? 'File';
}

// --- internal ---

function oneHost({ instanceType }: Pick<TrainingJobRequest, 'instanceType'>): ClusterConfig {
  const groups = groupsOf({ instanceType }).map((group) => ({ ...group, hosts: [FIRST_HOST] }));
  return { currentHost: FIRST_HOST, groups, networkInterface: 'eth0' };
}

/** The guide of today says that a FastFile channel reads "File" here; the one of 2023 said "FastFile". */
function channelConfig(channel: ChannelInput, jobMode: InputMode | undefined): Record<string, string> {
  return {
    ...(channel.contentType !== undefined && { ContentType: channel.contentType }),
    TrainingInputMode: inputModeOf(channel, jobMode) === 'Pipe' ? 'Pipe' : 'File',
    S3DistributionType: channel.distributionType ?? 'FullyReplicated',
    RecordWrapperType: channel.recordWrapperType ?? 'None',
  };
}

function writeConfig(tree: OptMlTree, name: string, value: unknown): void {
  writeFileSync(join(tree.config, name), `${JSON.stringify(value)}\n`, { mode: 0o444 });
}
