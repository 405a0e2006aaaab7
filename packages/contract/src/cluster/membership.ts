/**
 * The main thread's part in a job on several hosts: it connects them at the start of the job, and stays free, so that it sees a
 * host that is lost while the thread that trains reads data or waits in a call of MPI. Of a job on one host none of it is
 * loaded.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Cluster } from '../environment.js';
import { asContractError } from '../errors.js';
import type { StopName } from '../training/stop.js';
import { setVariables } from '../variables.js';
import type { Joined } from './join.js';
import { immediateExit, watchExits } from './mpi/exits.js';
import { unnameSharedMemory } from './mpi/shared-memory.js';
import { mpiVariables } from './mpi/variables.js';
import type { ProgramFacts } from './program-facts.js';
import type { MeshEvents } from './wire/mesh.js';
import type { Failure } from './wire/message.js';

export interface Membership {
  /** Whether there are other hosts to leave. */
  readonly isJoined: boolean;
  /** Whether the thread that trains may have loaded MPI, which keeps a thread from ending the process. */
  readonly mayHaveMpi: boolean;
  /** Ends the process whatever its threads are at; undefined where the job has no MPI. */
  readonly exitNow: ((exitCode: number) => never) | undefined;
  /** Takes what the thread that trains asks for, or reports. */
  take(message: FromThread): void;
  /** Passes a signal on to the other hosts. */
  stop(name: StopName): void;
  /**
   * Of a host whose work a stop has ended.
   * @param text why, for the others; undefined: they know it already
   * @returns whether the leader ends well, and so has a model; false on the leader itself
   */
  halt(text?: string): Promise<boolean>;
  /**
   * Reports to the others how the job ended here; without others it does nothing. Hosts that are not connected yet are waited
   * for a while, unless a signal has come. @param failure undefined: well
   */
  leave(failure?: Failure): Promise<void>;
}

/** What the thread that trains sends to the main thread. */
export type FromThread =
  /** First, of a job on several hosts. */
  | { readonly cluster: Cluster }
  /** The job's communicator is asked for. Answered with the plan, once all hosts have asked and the variables that MPI reads are set. */
  | { readonly program: ProgramFacts; readonly port: MessagePort }
  /** Answered with the hosts that are waited for, by name. */
  | { readonly missing: MessagePort }
  /** A stop has ended the work here. Answered with whether the leader has a model. */
  | { readonly halted: string; readonly port: MessagePort }
  | { readonly failed: Failure };

export function createMembership(events: MeshEvents): Membership {
  let joining: Promise<Joined> | undefined;
  let joined: Joined | undefined;
  /** All are missing until this host has joined them. */
  let others: readonly string[] = [];
  let failed: Failure | undefined;
  let stopped: StopName | undefined;
  let mayHaveMpi = false;
  let exitNow: Membership['exitNow'];
  const patience = Promise.withResolvers<void>();
  const onStop: MeshEvents['onStop'] = (name, host) => {
    patience.resolve();
    events.onStop(name, host);
  };
  const join = async (cluster: Cluster) => {
    const { joinCluster } = await import('./join.js');
    joined = await joinCluster(cluster, { ...events, onStop });
    exitNow = await loadExit(cluster);
    if (stopped) joined.mesh.stop(stopped);
    return joined;
  };
  const answer = async (program: ProgramFacts, port: MessagePort) => {
    try {
      const { plan, mesh } = await joining!;
      await mesh.ready(program);
      watchExits(plan.hosts[plan.rank]!, events.onFailure);
      setVariables(mpiVariables(plan));
      mayHaveMpi = true;
      port.postMessage(plan);
    } catch (error) {
      events.onFailure(asContractError(error));
    }
  };
  const halt = async (text?: string) => joined?.mesh.halt(text) ?? false;
  return {
    get isJoined() {
      return joining !== undefined;
    },
    get mayHaveMpi() {
      return mayHaveMpi;
    },
    get exitNow() {
      return exitNow;
    },
    take(message) {
      if ('cluster' in message) {
        const { hosts, currentHost } = message.cluster.resourceConfig;
        others = hosts.filter((host) => host !== currentHost);
        joining = join(message.cluster);
        joining.catch(() => undefined); // reported once it is asked for
      } else if ('program' in message) void answer(message.program, message.port);
      else if ('missing' in message) message.missing.postMessage(joined?.mesh.missing() ?? others);
      else if ('halted' in message) void halt(message.halted).then((isKept) => message.port.postMessage(isKept));
      else failed = message.failed;
    },
    stop(name) {
      stopped = name;
      patience.resolve();
      joined?.mesh.stop(name);
    },
    halt,
    async leave(failure = failed) {
      // It keeps the process: without a port that this host listens to, nothing else would, and it would end with exit code 0.
      const timer = setTimeout(patience.resolve, REPORT_MS);
      if (!joined) await Promise.race([joining?.catch(() => undefined), patience.promise]);
      await joined?.mesh.leave(failure, patience.promise);
      clearTimeout(timer);
      if (joined) unnameSharedMemory(); // of a thread that is still in MPI_Init
    },
  };
}

// --- internal ---

/** How long a host whose job has ended stays for those that are still to come, and would wait for it. */
const REPORT_MS = 10_000;

async function loadExit({ variables }: Cluster): Promise<Membership['exitNow']> {
  const { loadKoffi, mpiFolder } = await import('./mpi/library.js');
  try {
    return immediateExit(loadKoffi(mpiFolder(variables)));
  } catch {
    return undefined; // the thread that trains says why, if it gets that far
  }
}
