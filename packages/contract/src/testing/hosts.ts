/**
 * Jobs on several hosts of this machine: the built program of an algorithm, once for each host, on a tree and an address of
 * its own, which is the host's name, too. The hosts are connected by MPI, as on the platform.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ownVariables } from '../variables.js';
import { type ContainerContents, type ContainerRoot, makeContainerRoot } from './container-root.js';
import { freePort } from './free-port.js';
import { feedPipe } from './pipe-feed.js';
import { type ProgramOptions, type RunningProgram, startProgram } from './program.js';
import { readTree } from './read-tree.js';

/** Files of a channel in Pipe mode come through FIFOs, of each host its own. */
export interface HostsJob extends ContainerContents, Pick<ProgramOptions, 'program' | 'variables'> {
  /** How many hosts there are, or what each has besides what all have, such as its own files of a channel. */
  readonly hosts: number | readonly HostContents[];
  /** The time between two signs of life, in milliseconds; default 10 minutes, so that a slow machine loses no host. */
  readonly beatMs?: number | undefined;
  /** Default: the loopback addresses 127.0.0.1, 127.0.0.2, … */
  readonly network?: HostsNetwork;
}

/** What one host has besides what all have. */
export interface HostContents extends ContainerContents, Pick<ProgramOptions, 'variables'> {}

/** Where hosts run. */
export interface HostsNetwork {
  /** The names of the hosts, by rank. */
  readonly names: readonly string[];
  readonly interfaceName: string;
  /** A command that starts what follows it on a host. */
  launcher(rank: number): readonly string[];
}

/** The program of one host while it runs, and what it leaves. */
export interface Host extends RunningProgram {
  readonly root: ContainerRoot;
  /** The checkpoint files so far, by name: the `checkpoints` of a job that resumes from them. */
  checkpoints(): Record<string, Buffer>;
}

/** What a host has left at the end of its program. */
export interface HostResult {
  readonly root: ContainerRoot;
  /** The exit code, or the signal that killed it. */
  readonly exitCode: number | string | null;
  /** Everything it logged. */
  readonly lines: readonly string[];
  /** The failure file. */
  readonly failure: string | undefined;
  /** Content by path below /opt/ml/model. */
  readonly model: ReadonlyMap<string, Buffer>;
  /** Content by path below /opt/ml/output/data. */
  readonly outputs: ReadonlyMap<string, Buffer>;
  /** The checkpoint files by name, as `checkpoints` of another job takes them. */
  readonly checkpoints: Readonly<Record<string, Buffer>>;
}

export interface Hosts {
  /** Starts a job. @returns its hosts, by rank */
  start(job: HostsJob): Promise<readonly Host[]>;
  /** Runs a job to the end of all hosts. @returns what they left, by rank */
  train(job: HostsJob): Promise<readonly HostResult[]>;
}

/**
 * Jobs of a test file. After each test, programs that still run are killed, and all trees are removed.
 * @param options.afterEach the test runner's
 */
export function useHosts({ afterEach }: { readonly afterEach: (clean: () => Promise<void>) => void }): Hosts {
  let started: readonly Host[] = [];
  afterEach(async () => {
    const hosts = started;
    started = [];
    for (const { process } of hosts) process.kill('SIGKILL');
    await Promise.all(hosts.map((host) => host.ended()));
    for (const { root } of hosts) root.remove();
  });
  const start = async (job: HostsJob) => {
    const hosts = await startHosts(job);
    started = [...started, ...hosts];
    return hosts;
  };
  return {
    start,
    train: async (job) => Promise.all((await start(job)).map(resultOf)),
  };
}

/** @throws Error where MPI was not laid out, saying how it is */
export function mpiDirectory(): string {
  const directory = ownVariables().ALGO_MPI_DIRECTORY ?? join(homedir(), '.cache', 'sagemaker-algorithms', 'mpi');
  if (existsSync(directory)) return directory;
  throw new Error(
    `Jobs on several hosts need MPI in ${directory}, which is not there. Get it: npm run mpi --workspace @algo/build`,
  );
}

// --- internal ---

async function startHosts(job: HostsJob): Promise<readonly Host[]> {
  const { hosts, program, beatMs = 600_000, network, variables, ...common } = job;
  const own: readonly HostContents[] = typeof hosts === 'number' ? Array.from({ length: hosts }, () => ({})) : hosts;
  const { names, interfaceName, launcher } = network ?? loopback(own.length);
  if (!existsSync(program)) throw new Error(`The program ${program} must be there, but is not. Build the algorithm.`);
  const shared = {
    ALGO_CLUSTER_PORT: String(await freePort()),
    ALGO_CLUSTER_BEAT_MS: String(beatMs),
    ALGO_MPI_DIRECTORY: mpiDirectory(),
    ...variables,
  };
  return own.map(({ variables: ownVariables, ...given }, rank) => {
    const contents = contentsOf(common, given, names, { rank, interfaceName });
    const isPipe = ([name]: readonly [string, unknown]) =>
      contents.inputDataConfig?.[name]?.TrainingInputMode === 'Pipe';
    const channels = Object.entries(contents.channels ?? {});
    const root = makeContainerRoot({
      ...contents,
      channels: Object.fromEntries(channels.filter((own) => !isPipe(own))),
    });
    const feeds = channels.filter(isPipe).map(([name, files]) => feedPipe(root, name, files));
    const hostVariables = { ...shared, ...ownVariables };
    const running = startProgram(root, { program, variables: hostVariables, launcher: launcher(rank) });
    running.process.once('close', () => {
      for (const feed of feeds) feed.stop();
    });
    const checkpoints = () => Object.fromEntries(readTree(join(root.paths.base, 'checkpoints')));
    return { ...running, root, checkpoints };
  });
}

/** What a host has left, once its program has ended. */
async function resultOf(host: Host): Promise<HostResult> {
  const exitCode = await host.ended();
  const { root } = host;
  return {
    root,
    exitCode,
    lines: host.output().split('\n').filter(Boolean),
    failure: root.readFailure(),
    model: readTree(root.paths.model),
    outputs: readTree(root.paths.outputData),
    checkpoints: host.checkpoints(),
  };
}

function loopback(size: number): HostsNetwork {
  const names = Array.from({ length: size }, (_, rank) => `127.0.0.${rank + 1}`);
  return { names, interfaceName: 'lo', launcher: () => [] };
}

/** What a host's tree has: its own comes before what all have. */
function contentsOf(
  common: ContainerContents,
  own: ContainerContents,
  names: readonly string[],
  { rank, interfaceName }: { readonly rank: number; readonly interfaceName: string },
): ContainerContents {
  const group = { instance_group_name: 'homogeneousCluster', instance_type: 'ml.m5.large', hosts: names };
  const place = { current_host: names[rank], hosts: names, network_interface_name: interfaceName };
  return {
    ...common,
    ...own,
    hyperparameters: { ...common.hyperparameters, ...own.hyperparameters },
    channels: { ...common.channels, ...own.channels },
    inputDataConfig: { ...common.inputDataConfig, ...own.inputDataConfig },
    resourceConfig: { ...place, instance_groups: [group], ...common.resourceConfig, ...own.resourceConfig },
  };
}
