/**
 * The main thread's part in a job on several hosts: it joins them when the thread that trains asks for it, and stays free, so
 * that it sees a host that is lost while the other thread waits in a call of MPI. Of a job on one host none of it is
 * loaded.
 */
import type { MessagePort } from 'node:worker_threads';
import type { StopName } from '../training/stop.js';
import { setVariables } from '../variables.js';
import { watchExits } from './mpi/exits.js';
import { mpiVariables } from './mpi/variables.js';
import type { ClusterPlan } from './plan.js';
import type { Mesh, MeshEvents } from './wire/mesh.js';
import type { Message } from './wire/message.js';

export interface Membership {
  /** Whether there are other hosts to leave. */
  readonly isJoined: boolean;
  /** Takes what the thread that trains asks for, or reports. */
  take(message: FromThread): void;
  /** Passes a signal on to the other hosts. */
  stop(name: StopName): void;
  /** Reports to the others how the job ended here; without others it does nothing. @param failure undefined: well */
  leave(failure?: Message): Promise<void>;
}

/** What the thread that trains sends to the main thread. */
export type FromThread =
  /** To be answered, with nothing, once all hosts are connected and the variables that MPI reads are set. */
  { readonly join: ClusterPlan; readonly port: MessagePort } | { readonly failed: Message };

export function createMembership(events: MeshEvents): Membership {
  let joining: Promise<void> | undefined;
  let mesh: Mesh | undefined;
  let failed: Message | undefined;
  let stopped: StopName | undefined;
  const join = async (plan: ClusterPlan, port: MessagePort) => {
    const { joinMesh } = await import('./wire/mesh.js');
    mesh = joinMesh(plan, events);
    mesh.ready.then(
      () => {
        if (stopped) mesh!.stop(stopped);
        watchExits(plan.hosts[plan.rank]!, events.onFailure);
        setVariables(mpiVariables(plan));
        port.postMessage('joined');
      },
      () => undefined, // has ended the job
    );
  };
  return {
    get isJoined() {
      return joining !== undefined;
    },
    take(message) {
      if ('join' in message) joining = join(message.join, message.port);
      else failed = message.failed;
    },
    stop(name) {
      stopped = name;
      mesh?.stop(name);
    },
    async leave(failure = failed) {
      await joining;
      await mesh?.leave(failure);
    },
  };
}
