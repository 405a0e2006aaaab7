/**
 * How a job gets its communicator: the hosts' addresses, a connection of all main threads, then MPI in this thread, the one
 * that trains. A job on one host needs none of that.
 */
import type { Environment } from '../environment.js';
import { PlatformError } from '../errors.js';
import type { Log } from '../log.js';
import { asFailure } from '../training/job-failure.js';
import { type StopSignal, stopNameOf } from '../training/stop.js';
import { isStopError, stoppedBefore } from '../training/stopped.js';
import { type Communicator, oneHost } from './communicator.js';
import type { MpiCommunicator } from './mpi/communicator.js';
import { waitForPeers } from './peers.js';
import { type ClusterPlan, planCluster } from './plan.js';
import { failureOfHost } from './wire/message.js';

export interface Connection {
  /** The communicator; the first call connects the hosts. */
  communicator(): Promise<Communicator>;
  /** Whether another host leads, and this one saves no model. */
  readonly isFollower: boolean;
  /** Why the work failed here, with this host's name where others are connected: they report the same. */
  failure(error: unknown): unknown;
  /** After work that ended well: waits until the other hosts' has, too. */
  close(): void;
}

export interface ConnectionOptions {
  readonly environment: Environment;
  readonly stop: StopSignal;
  readonly log: Log;
  /** Connects the main threads of all hosts; absent where no main thread watches this one. */
  readonly join?: ((plan: ClusterPlan) => Promise<void>) | undefined;
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
    close: () => opened?.close(),
  };
}

// --- internal ---

async function connect({ environment, stop, log, join }: ConnectionOptions): Promise<MpiCommunicator> {
  const { resourceConfig, trainingJobName: job = '', variables } = environment;
  if (!join) {
    throw new PlatformError(
      'E_ENVIRONMENT',
      'Hosts can only be connected in a program, whose main thread watches them.',
    );
  }
  const found = await waitForPeers({ environment, stop });
  const plan = planCluster(resourceConfig, found, { job, variables });
  await untilStopped(join(plan), stop);
  const { loadMpi } = await import('./mpi/library.js');
  const { openMpi } = await import('./mpi/communicator.js');
  const { beatMs, hosts, networkInterface, rank, addresses } = plan;
  const communicator = openMpi(loadMpi(variables.ALGO_MPI_DIRECTORY ?? besideProgram()), {
    rank,
    size: hosts.length,
    onBroken: (reason) => waitForReason(beatMs, reason),
  });
  const { library } = communicator;
  log.info(`rank ${rank} of ${hosts.length} hosts: ${library} over ${networkInterface}, ${addresses[rank]}`);
  return communicator;
}

/** Where an image has it: next to the program. */
function besideProgram(): string {
  return decodeURIComponent(new URL('mpi', import.meta.url).pathname);
}

async function untilStopped(work: Promise<void>, stop: StopSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (await stop.check()) resolve();
  stop.signal.addEventListener('abort', () => resolve());
  await Promise.race([work, promise]);
  if (stop.requested) {
    throw stoppedBefore(`by ${stopNameOf(stop)} while it waited for its hosts`, 'all of them were connected');
  }
}

/** Beats until a host is surely missed by the main thread, which then ends this one and says which host it was. */
const BEATS_TO_WAIT = 6;

function waitForReason(beatMs: number, reason: string): never {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, BEATS_TO_WAIT * beatMs);
  throw new PlatformError('E_HOST', `The hosts of the job can no longer reach each other: ${reason}.`);
}
