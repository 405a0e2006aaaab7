/** What each host of a training job starts with, and its program there. */
import type { Container } from '../container/container.js';
import { baseIn, createOptMl, type OptMl, removeOptMl, writeTrainingConfig } from '../container/opt-ml.js';
import { startContainer } from '../container/start-container.js';
import { type LocatedChannel, provideChannels } from './channels.js';
import { provideCheckpoints } from './checkpoints.js';
import { earlierFolders, type Hosts } from './hosts.js';
import { groupsOf } from './instance-groups.js';
import type { PipeChannel } from './pipe-channel.js';
import type { TrainingJobRequest } from './training-request.js';

export interface HostStart {
  readonly request: TrainingJobRequest;
  /** Of all hosts alike. */
  readonly variables: Readonly<Record<string, string>>;
  /** The place of a result by its name. */
  logFile(name: string): string;
  /** What the log of the first host begins with. */
  readonly logHead?: string | undefined;
  /** Gets each line, and the label of its host. */
  onLine(line: string, host: string): void;
}

/** @param pipes gets the channels in Pipe mode, which are to be closed in any case @returns the tree of each host */
export async function layOutHosts(
  { all, networkInterface }: Hosts,
  request: TrainingJobRequest,
  channels: readonly LocatedChannel[],
  pipes: PipeChannel[],
): Promise<readonly OptMl[]> {
  for (const folder of earlierFolders(all, request.workDirectory)) await removeOptMl(folder);
  const trees: OptMl[] = [];
  const groups = groupsOf(request).map((group) => ({
    ...group,
    hosts: all.filter((host) => host.group === group.name).map(({ name }) => name),
  }));
  const bases = all.map(({ directory }) => baseIn(directory));
  const groupNames = all.map(({ group }) => group);
  for (const [index, { name, directory }] of all.entries()) {
    const tree = { ...(await createOptMl(directory)), bases };
    trees.push(tree);
    writeTrainingConfig(tree, request, { currentHost: name, groups, networkInterface });
    await provideChannels(tree, channels, { index, groups: groupNames }, pipes);
    if (request.checkpoints) await provideCheckpoints(tree, request.program, request.checkpoints);
  }
  return trees;
}

/** @throws JobError when the program cannot be started on one of them; those that were are ended */
export async function startHosts(
  { all }: Hosts,
  trees: readonly OptMl[],
  { request, variables, logFile, logHead, onLine }: HostStart,
): Promise<readonly Container[]> {
  const containers: Container[] = [];
  try {
    for (const [index, { name, label, directory, logName, network }] of all.entries()) {
      const container = await startContainer({
        program: request.program,
        command: 'train',
        entrypoint: request.entrypoint,
        arguments: request.arguments,
        environment: { ...variables, CURRENT_HOST: name },
        tree: trees[index]!,
        directory,
        network,
        startMark: index === 0 ? request.startMark : undefined,
        logFile: logFile(logName),
        logHead: index === 0 ? logHead : undefined,
        onLine: (line) => onLine(line, label),
      });
      containers.push(container);
    }
    return containers;
  } catch (error) {
    await Promise.all(containers.map((container) => container.stop(0)));
    throw error;
  }
}
