/** How the main thread joins the other hosts of its job: it waits for their addresses, then connects with each as it comes. */
import type { Cluster } from '../environment.js';
import { createStopSignal } from '../training/stop.js';
import { waitForPeers } from './peers.js';
import { type ClusterPlan, planCluster } from './plan.js';
import { joinMesh, type Mesh, type MeshEvents } from './wire/mesh.js';

export interface Joined {
  readonly plan: ClusterPlan;
  readonly mesh: Mesh;
}

/** @throws PlatformError E_ENVIRONMENT for hosts without an address, an interface that is not there, a wrong variable */
export async function joinCluster(cluster: Cluster, events: MeshEvents): Promise<Joined> {
  const { resourceConfig, trainingJobName: job = '', variables } = cluster;
  const { stop } = createStopSignal(); // a process that is stopped does not wait for this
  const found = await waitForPeers({ environment: cluster, stop });
  const plan = planCluster(resourceConfig, found, { job, variables });
  return { plan, mesh: joinMesh(plan, events) };
}
