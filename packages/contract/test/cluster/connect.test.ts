import { afterEach, expect, it } from 'vitest';
import { createConnection } from '../../src/cluster/connect.js';
import { loadMpi } from '../../src/cluster/mpi/library.js';
import type { ClusterPlan } from '../../src/cluster/plan.js';
import { readEnvironment } from '../../src/environment.js';
import { memoryLog } from '../../src/log.js';
import { type ContainerRoot, makeContainerRoot } from '../../src/testing/container-root.js';
import { createStopSignal } from '../../src/training/stop.js';

let root: ContainerRoot;
afterEach(() => root?.remove());

const PLAN: ClusterPlan = {
  ...{ job: 'a', hosts: ['127.0.0.1', '127.0.0.2'], addresses: ['127.0.0.1', '127.0.0.2'], rank: 0 },
  ...{ networkInterface: 'lo', port: 7791, beatMs: 10_000 },
};
const PROGRAM = { algorithm: 'test 1.0.0', hyperparameters: {}, settings: {} };

function connection(hosts: readonly string[], join?: () => Promise<ClusterPlan>, missing: readonly string[] = []) {
  root = makeContainerRoot({
    resourceConfig: { current_host: hosts[0], hosts, network_interface_name: 'lo' },
  });
  const environment = readEnvironment({ ...root.variables, ALGO_MPI_DIRECTORY: root.paths.base });
  const control = createStopSignal();
  const membership = join && { join, missing: async () => missing, enter: () => undefined, halt: async () => false };
  const options = { environment, stop: control.stop, log: memoryLog(), program: PROGRAM, membership };
  return { ...control, ...createConnection(options) };
}

it('of a job on one host gives the same communicator again, without MPI', async () => {
  const { communicator } = connection(['127.0.0.1']);

  expect((await communicator()).size).toBe(1);
  expect(await communicator()).toBe(await communicator());
});

it('ends at a stop while hosts are waited for', async () => {
  const { communicator, request } = connection(['127.0.0.1', '127.0.0.2'], () => new Promise(() => request('SIGTERM')));

  await expect(communicator()).rejects.toThrow(
    'The job was stopped by SIGTERM while it waited for its hosts, before all of them were connected.',
  );
});

it('names the hosts that it waited for', async () => {
  const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
  const { communicator, request } = connection(hosts, () => new Promise(() => request('SIGTERM')), hosts.slice(1));

  await expect(communicator()).rejects.toThrow(
    'The job was stopped by SIGTERM while it waited for 127.0.0.2, 127.0.0.3, before all hosts were connected.',
  );
});

it('fails where MPI is not, with its place and the variable that names another', async () => {
  const { communicator } = connection(['127.0.0.1', '127.0.0.2'], async () => PLAN);

  await expect(communicator()).rejects.toThrow(
    `A job on several hosts needs MPI at ${root.paths.base}/lib/libmpi_abi.so.1: it is not there. On your own machine \`npm run mpi --workspace @algo/build\` gets it; the job's variable ALGO_MPI_DIRECTORY names another folder.`,
  );
});

it('fails where MPI cannot be loaded, with the reason', () => {
  root = makeContainerRoot();
  root.write('lib/libmpi_abi.so.1', 'no library');

  expect(() => loadMpi(root.paths.base)).toThrow("Cannot find module 'koffi'");
});

it('needs a main thread that watches the other hosts', async () => {
  const { communicator } = connection(['127.0.0.1', '127.0.0.2']);

  await expect(communicator()).rejects.toThrow(
    'Hosts can only be connected in a program, whose main thread watches them.',
  );
});
