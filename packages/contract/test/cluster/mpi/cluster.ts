/** Programs of one job on hosts of this machine: each has an address of its own, which is its name, too. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ContainerRoot, makeContainerRoot } from '../../../src/testing/container-root.js';
import { bundledProgram } from '../../bundled-program.js';
import { fixture, type RunningProgram, startProgram } from '../../contract/program.js';
import { freePort } from '../free-port.js';

/** Where packages/build/stage-mpi.js has put it. */
const MPI_DIRECTORY = process.env.ALGO_MPI_DIRECTORY ?? join(homedir(), '.cache', 'sagemaker-algorithms', 'mpi');
if (!existsSync(MPI_DIRECTORY)) {
  throw new Error(`These tests need MPI in ${MPI_DIRECTORY}. Get it there: npm run mpi --workspace @algo/build`);
}

export const PROGRAM = bundledProgram(fixture('hosts.ts'));

export interface Host extends RunningProgram {
  readonly root: ContainerRoot;
  /** What it wrote as output `result.json`. */
  result(): Record<string, unknown>;
}

export interface ClusterOptions {
  readonly size: number;
  readonly behaviour: string;
  readonly beatMs?: number;
  readonly hasCheckpoints?: boolean;
}

/** The tree of each host, and the variables of all. */
export async function layOutHosts(
  names: readonly string[],
  networkInterface: string,
  { behaviour, beatMs = 600_000 }: Omit<ClusterOptions, 'size'>,
) {
  const variables = {
    ALGO_CLUSTER_PORT: String(await freePort()),
    ALGO_CLUSTER_BEAT_MS: String(beatMs),
    ALGO_MPI_DIRECTORY: MPI_DIRECTORY,
  };
  const roots = names.map((name) =>
    makeContainerRoot({
      hyperparameters: { behaviour },
      resourceConfig: { current_host: name, hosts: names, network_interface_name: networkInterface },
    }),
  );
  return { roots, variables };
}

export async function startHosts({ size, ...options }: ClusterOptions): Promise<Host[]> {
  const names = Array.from({ length: size }, (_, i) => `127.0.0.${i + 1}`);
  const { roots, variables } = await layOutHosts(names, 'lo', options);
  return roots.map((root) => asHost(root, startProgram(root, ['train'], { program: PROGRAM, variables })));
}

export function asHost(root: ContainerRoot, program: RunningProgram): Host {
  const result = () => JSON.parse(readFileSync(join(root.paths.outputData, 'result.json'), 'utf8'));
  return { ...program, root, result };
}
