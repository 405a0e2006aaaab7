import { expect, it } from 'vitest';
import { mpiVariables } from '../../../src/cluster/mpi/variables.js';

it('name this host’s port, this rank, and the cluster’s interface as the only one', () => {
  const variables = mpiVariables({
    ...{ job: 'a', hosts: ['algo-1', 'algo-2'], rank: 1, addresses: ['10.0.1.5', '10.0.1.7'] },
    ...{ networkInterface: 'eth0', port: 7791, beatMs: 10_000 },
  });

  expect(variables).toMatchObject({ PMI_PORT: '10.0.1.7:7791', PMI_ID: '1', PMI_SIZE: '2', FI_TCP_IFACE: 'eth0' });
  expect(variables.FI_PROVIDER).toBe('tcp');
});
