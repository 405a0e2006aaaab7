/**
 * How a job gets its communicator: once the main threads of all hosts are connected, MPI starts in this thread, the one that
 * trains. A job on one host needs none of that.
 */
import type { Cluster, Environment } from '../environment.js';
import { type ContractError, PlatformError } from '../errors.js';
import type { Log } from '../log.js';
import { asFailure } from '../training/job-failure.js';
import { type StopSignal, stopNameOf } from '../training/stop.js';
import { isStopError, stoppedBefore } from '../training/stopped.js';
import { type Communicator, oneHost } from './communicator.js';
import type { MpiCommunicator } from './mpi/communicator.js';
import type { ClusterPlan } from './plan.js';
import type { ProgramFacts } from './program-facts.js';
import { failureOfHost } from './wire/message.js';

export interface Connection {
  /** The communicator; the first call connects the hosts. */
  communicator(): Promise<Communicator>;
  /** Whether another host leads, and this one saves no model. */
  readonly isFollower: boolean;
  /** Why the work failed here, with this host's name where others are connected: they report the same. */
  failure(error: unknown): unknown;
  /**
   * After work that a stop has ended, while other hosts may wait for this one: reports it.
   * @returns whether the leader, if it is another host, ends well, and so has a model
   */
  halt(failure: ContractError): Promise<boolean>;
  /** After work that ended well: waits until the other hosts have what this one has sent. */
  close(): void;
}

export interface ConnectionOptions {
  readonly environment: Environment;
  readonly stop: StopSignal;
  readonly log: Log;
  readonly program: ProgramFacts;
  /** Absent where no main thread watches this one. */
  readonly membership?: ThreadMembership | undefined;
}

/** What the main thread does for the one that trains. */
export interface ThreadMembership {
  /** Joins the other hosts, whose failures end the job from then on; on one host it does nothing. */
  enter(cluster: Cluster): void;
  /** Where the hosts meet, once all of them have asked. */
  join(program: ProgramFacts): Promise<ClusterPlan>;
  /** Hosts that are waited for: those that are not connected, or else those that have not asked. */
  missing(): Promise<readonly string[]>;
  /** `Connection.halt` */
  halt(failure: ContractError): Promise<boolean>;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { hosts, currentHost } = options.environment.resourceConfig;
  let opened: MpiCommunicator | undefined;
  let opening: Promise<Communicator> | undefined;
  const open = async () => {
    if (hosts.length === 1) return oneHost();
    opened = await connect(options);
    return opened;
  };
  return {
    communicator() {
      opening ??= open();
      return opening;
    },
    get isFollower() {
      return opened !== undefined && opened.rank > 0;
    },
    failure(error) {
      if (!opened || isStopError(error)) return error;
      return failureOfHost(asFailure(error), currentHost, hosts);
    },
    halt: async (failure) => opened !== undefined && (await options.membership!.halt(failure)),
    close: () => opened?.close(),
  };
}

// --- internal ---

async function connect({
  environment: { variables },
  stop,
  log,
  program,
  membership,
}: ConnectionOptions): Promise<MpiCommunicator> {
  if (!membership) {
    throw new PlatformError(
      'E_ENVIRONMENT',
      'Hosts can only be connected in a program, whose main thread watches them.',
    );
  }
  const plan = await untilStopped(membership.join(program), stop, membership);
  const { loadMpi, mpiFolder } = await import('./mpi/library.js');
  const { openMpi } = await import('./mpi/communicator.js');
  const { beatMs, hosts, networkInterface, rank, addresses } = plan;
  const communicator = openMpi(loadMpi(mpiFolder(variables)), {
    rank,
    size: hosts.length,
    onBroken: (reason) => waitForReason(beatMs, reason),
  });
  const { library } = communicator;
  log.info(`rank ${rank} of ${hosts.length} hosts: ${library} over ${networkInterface}, ${addresses[rank]}`);
  return communicator;
}

async function untilStopped<T>(work: Promise<T>, stop: StopSignal, membership: ThreadMembership): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  if (await stop.check()) resolve(undefined);
  stop.signal.addEventListener('abort', () => resolve(undefined));
  const result = await Promise.race([work, promise]);
  if (stop.requested || result === undefined) {
    const missing = (await membership.missing()).join(', ');
    const [whom, all] = missing ? [missing, 'all hosts'] : ['its hosts', 'all of them'];
    throw stoppedBefore(`by ${stopNameOf(stop)} while it waited for ${whom}`, `${all} were connected`);
  }
  return result;
}

/** Beats until a host is surely missed by the main thread, which then ends this one and says which host it was. */
const BEATS_TO_WAIT = 6;

function waitForReason(beatMs: number, reason: string): never {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, BEATS_TO_WAIT * beatMs);
  throw new PlatformError('E_HOST', `The hosts of the job can no longer reach each other: ${reason}.`);
}
