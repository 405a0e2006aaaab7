/**
 * The hosts of a training job: their names, how they find each other, and which folder is whose. Containers have the
 * platform's names, and a network among them. As processes of one machine each has an address of the loopback interface,
 * which is its name, too, since a name of the platform would not be found there.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { openClusterNetwork } from '../container/cluster-network.js';
import { isImageProgram } from '../container/program.js';
import { reservePort } from '../endpoint/port.js';
import { groupsOf, type JobInstances } from './instance-groups.js';
import type { TrainingJobRequest } from './training-request.js';

export interface Host {
  /** `algo-1`, which leads, `algo-2`, …: as the platform would call it, in names of files and for people. */
  readonly label: string;
  /** In resourceconfig.json. */
  readonly name: string;
  /** The name of its instance group. */
  readonly group: string;
  /** Gets its tree below `opt/ml`. */
  readonly directory: string;
  /** Its log, among the job's results. */
  readonly logName: string;
  /** Of a container among several: the engine's arguments for its network. */
  readonly network?: readonly string[];
}

export interface Hosts {
  readonly all: readonly Host[];
  /** As the program knows it. */
  readonly networkInterface: string;
  /** What programs of ours need to find each other here; the platform has none of it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Once they have ended. */
  release(): Promise<void>;
}

/** Of a request for a job. */
type HostsRequest = JobInstances & Pick<TrainingJobRequest, 'program' | 'workDirectory'>;

/** One host under the name that the platform gives it. */
const FIRST_LABEL = 'algo-1';
const LOG = 'log.txt';
/** Where `npm run mpi --workspace @algo/build` puts MPI. */
const MPI_DIRECTORY = join(homedir(), '.cache', 'sagemaker-algorithms', 'mpi');

/** The hosts of the first instance group come first. @throws JobError when an engine cannot make a network */
export async function planHosts(request: HostsRequest): Promise<Hosts> {
  const { program, workDirectory } = request;
  const groups = groupsOf(request).flatMap(({ name, instanceCount }) => new Array<string>(instanceCount).fill(name));
  if (groups.length === 1) {
    const host = { label: FIRST_LABEL, name: FIRST_LABEL, group: groups[0]!, directory: workDirectory, logName: LOG };
    return { all: [host], networkInterface: 'eth0', variables: {}, release: async () => undefined };
  }
  const labels = groups.map((_, index) => labelOf(index));
  const all = labels.map((label, index) => ({
    ...{ label, name: label, group: groups[index]!, directory: join(workDirectory, label) },
    logName: index === 0 ? LOG : `log-${label}.txt`,
  }));
  if (isImageProgram(program)) {
    const network = await openClusterNetwork(program, labels);
    return {
      all: all.map((host, index) => ({ ...host, network: network.runArguments(index) })),
      ...{ networkInterface: 'eth0', variables: {} },
      release: () => network.close(),
    };
  }
  const reserved = await reservePort();
  return {
    all: all.map((host, index) => ({ ...host, name: `127.0.0.${index + 1}` })),
    networkInterface: 'lo',
    variables: { ALGO_CLUSTER_PORT: String(reserved.port), ALGO_MPI_DIRECTORY: MPI_DIRECTORY },
    release: async () => reserved.release(),
  };
}

/** The folders that an earlier job in the same place may have had, with more hosts or fewer. */
export function earlierFolders(all: readonly Host[], workDirectory: string): readonly string[] {
  const names = existsSync(workDirectory) ? readdirSync(workDirectory).filter((name) => /^algo-\d+$/.test(name)) : [];
  const folders = [workDirectory, ...names.map((name) => join(workDirectory, name))];
  return folders.filter((folder) => !all.some(({ directory }) => directory === folder));
}

/** Which host is which, where programs know them by other names than people do; undefined elsewhere. */
export function namesOf(all: readonly Host[]): string | undefined {
  if (all.every(({ name, label }) => name === label)) return undefined;
  return `The hosts: ${all.map(({ name, label }) => `${label} is ${name}`).join(', ')}.`;
}

/** @param index from 0 */
export function labelOf(index: number): string {
  return `algo-${index + 1}`;
}

/** Whether it is the name of a host's log. */
export function isLogName(name: string): boolean {
  return name === LOG || /^log-algo-\d+\.txt$/.test(name);
}
