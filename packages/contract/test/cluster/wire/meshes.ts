/** Main threads on addresses of this machine; a host that hangs is a connection that says who it is, and then nothing. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach } from 'vitest';
import type { ClusterPlan } from '../../../src/cluster/plan.js';
import type { ProgramFacts } from '../../../src/cluster/program-facts.js';
import { joinMesh, type Mesh } from '../../../src/cluster/wire/mesh.js';
import { type Failure, lineOf } from '../../../src/cluster/wire/message.js';
import type { ContractError } from '../../../src/errors.js';
import { freePort } from '../../../src/testing/free-port.js';

export const PROGRAM: ProgramFacts = { algorithm: 'test 1.0.0', hyperparameters: {}, settings: {} };
export const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const;
const HOSTS = ['algo-1', 'algo-2', 'algo-3'];

export interface Joined extends Omit<Mesh, 'ready' | 'leave'> {
  readonly ready: Promise<void>;
  leave(failure?: Failure, patience?: Promise<void>): Promise<void>;
  /** What has happened, in order. */
  readonly seen: string[];
  readonly failure: Promise<ContractError>;
  readonly stopped: Promise<string>;
  readonly halted: Promise<ContractError>;
}

export interface JoinOptions {
  readonly size?: number;
  /** What the host holds for the hosts of the job, by name; default: the first `size` of them. `rank` is its place there. */
  readonly hosts?: readonly string[];
  readonly beatMs?: number;
  readonly timeoutMs?: number;
  readonly program?: ProgramFacts;
}

export interface Meshes {
  /** Of the test that runs. */
  readonly port: number;
  /** Ranks that are connected with all others. */
  readonly connected: number[];
  join(rank: number, options?: JoinOptions): Joined;
  /** A host that only says who it is; default: the second. */
  silentHost(hello?: string, localAddress?: string): Promise<Socket>;
}

export const helloOf = (host: string) =>
  lineOf({ kind: 'hello', host, job: 'job' }) + lineOf({ kind: 'ready', program: PROGRAM });

/** Meshes that end with the test. */
export function useMeshes(): Meshes {
  let port: number;
  let connected: number[];
  const meshes: Mesh[] = [];
  const sockets: Socket[] = [];
  beforeEach(async () => {
    port = await freePort();
    connected = [];
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(meshes.splice(0).map((mesh) => mesh.leave(undefined, Promise.resolve())));
  });
  return {
    get port() {
      return port;
    },
    get connected() {
      return connected;
    },
    join(
      rank,
      { size = 3, hosts = HOSTS.slice(0, size), beatMs = 600_000, timeoutMs = 600_000, program = PROGRAM } = {},
    ) {
      const seen: string[] = [];
      const failure = Promise.withResolvers<ContractError>();
      const stopped = Promise.withResolvers<string>();
      const halted = Promise.withResolvers<ContractError>();
      const plan: ClusterPlan = {
        ...{ job: 'job', hosts, addresses: hosts.map((host) => ADDRESSES[HOSTS.indexOf(host)]!), rank },
        ...{ port, beatMs, networkInterface: 'lo' },
      };
      const mesh = joinMesh(plan, {
        onConnected: () => void connected.push(rank),
        onStop: (name, host) => {
          seen.push(`${name} of ${host}`);
          stopped.resolve(`${name} of ${host}`);
        },
        onHalt: (error) => halted.resolve(error),
        onFailure: (error) => {
          seen.push(error.message);
          failure.resolve(error);
        },
      });
      meshes.push(mesh);
      const ready = mesh.ready(program, timeoutMs);
      ready.catch(() => undefined); // of tests that look at the failure
      return {
        ...{ ...mesh, ready, seen, failure: failure.promise, stopped: stopped.promise, halted: halted.promise },
        leave: (reason, patience = Promise.resolve()) => mesh.leave(reason, patience),
      };
    },
    async silentHost(hello = helloOf('algo-2'), localAddress = ADDRESSES[1]) {
      for (;;) {
        const socket = connect({ host: ADDRESSES[0], port, localAddress });
        sockets.push(socket);
        const { promise, resolve } = Promise.withResolvers<boolean>();
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
        if (!(await promise)) continue; // nobody listens yet
        socket.write(hello);
        return socket;
      }
    },
  };
}
