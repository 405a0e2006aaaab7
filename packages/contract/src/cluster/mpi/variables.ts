/**
 * The variables by which MPICH and libfabric find the other ranks, and use the network of the cluster and
 * nothing else. They are read once, when MPI starts, from the process's own: a thread's copy does not count.
 */
import type { ClusterPlan } from '../plan.js';

export function mpiVariables({ addresses, hosts, networkInterface, port, rank }: ClusterPlan): Record<string, string> {
  return {
    // Where this host's main thread answers how ranks find each other, by the leader: wire/pmi.ts.
    PMI_PORT: `${addresses[rank]}:${port}`,
    PMI_ID: String(rank),
    PMI_SIZE: String(hosts.length), // by which MPICH knows that its process manager speaks PMI-1
    // UCX, the other network layer of the library, replaces functions of the process that allocate memory.
    MPIR_CVAR_CH4_NETMOD: 'ofi',
    FI_PROVIDER: 'tcp',
    FI_TCP_IFACE: networkInterface,
    // Ranks are hosts: none shares memory with another.
    MPIR_CVAR_NOLOCAL: '1',
    MPIR_CVAR_ENABLE_GPU: '0',
  };
}
