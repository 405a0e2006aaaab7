/**
 * The main threads of a job's hosts, each connected with each other one: they show each other that they live, pass on a
 * stop, and say how they ended. MPI would wait for ever for a host that hangs or is cut off; here it is missed after
 * three beats. The leader answers on the same port how the ranks of MPI find each other.
 */
import type { Server, Socket } from 'node:net';
import { type ContractError, PlatformError } from '../../errors.js';
import type { StopName } from '../../training/stop.js';
import type { ClusterPlan } from '../plan.js';
import { MISSED_BEATS } from './heart.js';
import { createLink, type Lines, type Link, readLines } from './link.js';
import { type Failure, lineOf, type Message, readMessage, reportedFailure } from './message.js';
import { createPmiExchange } from './pmi.js';

export interface Mesh {
  /** Resolves when all hosts are connected. @throws PlatformError E_HOST naming those that are not, after 15 minutes */
  readonly ready: Promise<void>;
  /** Passes on a signal. */
  stop(name: StopName): void;
  /** Says how the job ended here, and leaves. @param failure undefined: well */
  leave(failure?: Message): Promise<void>;
}

export interface MeshEvents {
  /** A signal has come to another host. */
  onStop(name: StopName, host: string): void;
  /** The job cannot continue: a host was lost, or has failed. Once. */
  onFailure(error: ContractError): void;
}

/** @param timeoutMs how long to wait for all hosts; their containers do not start at the same time */
export function joinMesh(plan: ClusterPlan, { onStop, onFailure }: MeshEvents, timeoutMs = TIMEOUT_MS): Mesh {
  const { hosts, rank, addresses, port, beatMs, job } = plan;
  const links = new Map<string, Link>();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined); // reported by whoever waits for it, if anyone does
  const ranks = createPmiExchange(hosts.length);
  const silence = `${(MISSED_BEATS * beatMs) / 1000} s`;
  let isOver = false;
  /** What another host has reported: others may hear of it from here first. */
  let reported: Failure | undefined;
  let server: Server | undefined;

  const fail = (error: ContractError) => {
    if (isOver) return;
    isOver = true;
    ready.reject(error);
    onFailure(error);
  };
  const hear = (host: string, message: Message) => {
    if (message.kind === 'stop') onStop(message.name, host);
    if (message.kind !== 'failed' || isOver) return;
    reported = { host, ...message };
    fail(reportedFailure(host, message, hosts));
  };
  const add = (host: string, lines: Lines) => {
    const link = createLink(lines, silence, {
      onMessage: (message) => hear(host, message),
      onLost: (reason) => fail(lost([host], reason)),
    });
    links.set(host, link);
    if (links.size === hosts.length - 1) ready.resolve();
  };
  /** A rank of MPI, or the main thread of a host that comes after this one. */
  const welcome = (socket: Socket) => {
    const lines = readLines(socket);
    const from = addresses.indexOf(socket.remoteAddress ?? '');
    lines.onLine = (line) => {
      const message = readMessage(line);
      if (rank === 0 && line.startsWith('cmd=')) {
        // Often because another host is lost, which this thread sees a moment later.
        const onAbort = (reason: string) =>
          setTimeout(() => fail(lost([hosts[from] ?? 'with a rank'], `MPI gave up there (${reason})`)), ABORT_MS);
        lines.onLine = ranks.connect((answer) => socket.write(`${answer}\n`), onAbort);
        lines.onLine(line);
      } else if (message?.kind === 'hello' && message.job === job && isNext(message.host, from)) {
        add(message.host, lines);
      } else {
        socket.destroy();
      }
    };
  };
  const isNext = (host: string, from: number) => from > rank && hosts[from] === host && !links.has(host);
  const connect = async () => {
    const net = await import('node:net');
    server = net.createServer(welcome).on('error', (error) => fail(cannotListen(plan, error)));
    server.listen({ host: addresses[rank]!, port });
    for (const [i, host] of hosts.slice(0, rank).entries()) {
      const reach = (waitMs: number) => {
        const socket = net.connect({ host: addresses[i]!, port, localAddress: addresses[rank]!, noDelay: true });
        const retry = () => {
          if (!isOver) setTimeout(reach, waitMs, Math.min(2 * waitMs, LONGEST_WAIT_MS)).unref();
        };
        socket.once('error', retry).once('connect', () => {
          socket.removeListener('error', retry);
          socket.write(lineOf({ kind: 'hello', host: hosts[rank]!, job }));
          add(host, readLines(socket));
        });
      };
      reach(FIRST_WAIT_MS);
    }
  };
  const beats = setInterval(() => {
    for (const link of links.values()) link.tick();
  }, beatMs);
  const deadline = setTimeout(() => {
    const missing = hosts.filter((host, i) => i !== rank && !links.has(host));
    if (missing.length > 0) fail(lost(missing, `no connection after ${Math.round(timeoutMs / 1000)} s`));
  }, timeoutMs);
  connect().catch((error) => fail(cannotListen(plan, error)));
  const send = (message: Message) => {
    for (const link of links.values()) link.send(message);
  };
  return {
    ready: ready.promise,
    stop: (name) => send({ kind: 'stop', name }),
    async leave(failure: Message = { kind: 'done' }) {
      isOver = true;
      clearInterval(beats);
      clearTimeout(deadline);
      server?.close();
      send(reported ?? failure);
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}

// --- internal ---

const TIMEOUT_MS = 15 * 60_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;
const ABORT_MS = 2_000;

function lost(hosts: readonly string[], reason: string): PlatformError {
  const text = hosts.length === 1 ? `The host ${hosts[0]} was lost` : `The hosts ${hosts.join(', ')} were lost`;
  const advice = hosts.length === 1 ? 'Its own log may say why' : 'Their own logs may say why';
  return new PlatformError('E_HOST', `${text}: ${reason}. ${advice}.`);
}

function cannotListen({ addresses, rank, port }: ClusterPlan, cause: Error): PlatformError {
  return new PlatformError(
    'E_ENVIRONMENT',
    `The hosts of the job must be able to meet at ${addresses[rank]}:${port}: ${cause.message}. ALGO_CLUSTER_PORT sets another port.`,
    { cause },
  );
}
