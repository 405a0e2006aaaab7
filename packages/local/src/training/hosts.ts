/**
 * The hosts of a training job: their names, how they find each other, and which folder is whose. In containers they have the
 * platform's names and networks of their own. As processes of one machine each has an address of the loopback interface,
 * which is its name, too, since a name of the platform would not be found there.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isImageProgram, type Program } from '../container/program.js';
import { type ReservedPort, reservePort } from '../endpoint/port.js';
import { ArgumentError } from '../errors.js';

export interface Host {
  /** `algo-1`, which leads, `algo-2`, …: as the platform would call it, in names of files and for people. */
  readonly label: string;
  /** In resourceconfig.json. */
  readonly name: string;
  /** Gets its tree below `opt/ml`. */
  readonly directory: string;
  /** Its log, among the job's results. */
  readonly logName: string;
}

export interface Hosts {
  readonly all: readonly Host[];
  /** As the program knows it. */
  readonly networkInterface: string;
  /** What programs of ours need to find each other here; the platform has none of it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Once they have ended. */
  release(): void;
}

/** Of a request for a job. */
interface HostsRequest {
  readonly program: Program;
  readonly instanceCount?: number | undefined;
  readonly workDirectory: string;
}

/** Of a job as processes: as many as one block of addresses has. */
export const MAX_INSTANCES = 254;
/** One host under the name that the platform gives it. */
const FIRST_LABEL = 'algo-1';
const LOG = 'log.txt';
/** Where `npm run mpi --workspace @algo/build` puts MPI. */
const MPI_DIRECTORY = join(homedir(), '.cache', 'sagemaker-algorithms', 'mpi');

/** @throws ArgumentError for several hosts of an image */
export async function planHosts({ program, instanceCount = 1, workDirectory }: HostsRequest): Promise<Hosts> {
  if (instanceCount === 1) {
    const host = { label: FIRST_LABEL, name: FIRST_LABEL, directory: workDirectory, logName: LOG };
    return { all: [host], networkInterface: 'eth0', variables: {}, release: () => undefined };
  }
  if (isImageProgram(program)) {
    throw new ArgumentError(
      `An image must be trained on one instance here; received ${instanceCount}. Run the algorithm's program, which trains on several.`,
    );
  }
  const reserved: ReservedPort = await reservePort();
  return {
    all: Array.from({ length: instanceCount }, (_, index) => {
      const label = labelOf(index);
      const logName = index === 0 ? LOG : `log-${label}.txt`;
      return { label, name: `127.0.0.${index + 1}`, directory: join(workDirectory, label), logName };
    }),
    networkInterface: 'lo',
    variables: { ALGO_CLUSTER_PORT: String(reserved.port), ALGO_MPI_DIRECTORY: MPI_DIRECTORY },
    release: () => reserved.release(),
  };
}

/** @param index from 0 */
export function labelOf(index: number): string {
  return `algo-${index + 1}`;
}

/** Whether it is the name of a host's log. */
export function isLogName(name: string): boolean {
  return name === LOG || /^log-algo-\d+\.txt$/.test(name);
}
