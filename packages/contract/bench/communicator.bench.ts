/**
 * The sum of 8 MB of doubles over two hosts, which are processes on this machine that talk over its loopback: a training job by
 * `job.communicator`, compared with a C program on the same MPI with the same settings. What differs is the call from Node.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { alternate, type Contender, defineBench, makeTrainingTree, row, runProgram, type Sample } from '@algo/bench';
import { mpiVariables } from '../dist/cluster/mpi/variables.js';
import { createPmiExchange } from '../dist/cluster/wire/pmi.js';
import { listen } from '../dist/serve/listen.js';
import { freePort } from '../dist/testing/free-port.js';

const HOSTS = ['127.0.0.1', '127.0.0.2'];
const ROUNDS = 7;
const MPI = process.env.ALGO_MPI_DIRECTORY ?? join(homedir(), '.cache', 'sagemaker-algorithms', 'mpi');

export const bench = defineBench({
  name: 'communicator',
  description: 'The sum of 8 MB of doubles over two hosts on this machine, in place',
  pythonPackages: [],
  async measure({ workDirectory, progress }) {
    if (!existsSync(MPI)) throw new Error(`MPI must be in ${MPI}: npm run mpi --workspace @algo/build`);
    const { ours, peers } = await alternate({
      ours: { run: () => runJob(workDirectory) },
      peers: { c: compiled(workDirectory) },
      rounds: ROUNDS,
      progress,
    });
    const peer = { name: 'C program on the same MPI', outcome: peers.c };
    const goal = { value: 'ratio', atMost: 1.2 } as const;
    return [
      row({ measure: 'sum of 8 MB', unit: 'ms', key: 'longMilliseconds', ours, peer, goal }),
      row({ measure: 'sum of 8 bytes', unit: 'ms', key: 'shortMilliseconds', ours, peer }),
    ];
  },
});

// --- internal ---

async function runJob(directory: string): Promise<Sample> {
  const variables = { ALGO_MPI_DIRECTORY: MPI, ALGO_CLUSTER_PORT: String(await freePort()) };
  const args = [join(import.meta.dirname, 'communicator-program.ts'), 'train'];
  const runs = HOSTS.map((host) => {
    const tree = makeTrainingTree({ directory: join(directory, host), hyperparameters: {}, channels: {} });
    const resources = { current_host: host, hosts: HOSTS, network_interface_name: 'lo' };
    writeFileSync(join(directory, host, 'input', 'config', 'resourceconfig.json'), JSON.stringify(resources));
    return runProgram({ command: process.execPath, args, variables: { ...tree, ...variables } });
  });
  await Promise.all(runs);
  return JSON.parse(readFileSync(join(directory, HOSTS[0]!, 'output', 'data', 'bench.json'), 'utf8')) as Sample;
}

/** The C program, compiled by whatever `cc` is. */
function compiled(directory: string): Contender {
  const program = join(directory, 'communicator-peer');
  const source = join(import.meta.dirname, 'communicator-peer.c');
  const libraries = ['-I', join(MPI, 'include'), join(MPI, 'lib', 'libmpi_abi.so.1')];
  const paths = [join(MPI, 'lib'), join(MPI, 'lib', 'mpich')].flatMap((folder) => [
    `-Wl,-rpath,${folder}`,
    `-Wl,-rpath-link,${folder}`,
  ]);
  try {
    execFileSync('cc', ['-O2', '-o', program, source, ...libraries, ...paths], { stdio: 'pipe' });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    return { missing: code === 'ENOENT' ? 'cc is not on PATH' : message, run: () => Promise.reject(error) };
  }
  return { run: () => runPeer(program) };
}

async function runPeer(command: string): Promise<Sample> {
  const exchange = createPmiExchange(HOSTS.length);
  const server = createServer((socket) => {
    const take = exchange.connect(
      (line) => socket.write(`${line}\n`),
      () => socket.destroy(),
    );
    createInterface(socket.on('error', () => undefined)).on('line', take);
  });
  const port = await listen(server, 0, HOSTS[0]!);
  const plan = { job: 'bench', hosts: HOSTS, addresses: HOSTS, networkInterface: 'lo', port, beatMs: 1 };
  const runs = HOSTS.map((_, rank) => runProgram({ command, args: [], variables: mpiVariables({ ...plan, rank }) }));
  const [first] = await Promise.all(runs);
  server.close();
  return first!.reported;
}
