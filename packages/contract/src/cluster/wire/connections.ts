/**
 * Who connects to whom: each host listens for those whose names come after its own, and connects to those before it, again and
 * again until they are there: by name, so that hosts whose lists differ find that out from each other. The rank of MPI on a host
 * comes to the host's own port. Whoever else comes is closed, unread if its address is none of the job's, so that strangers take
 * no descriptors from a job.
 */
import type { Server, Socket } from 'node:net';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../plan.js';
import { MISSED_BEATS } from './heart.js';
import { type Lines, readLines } from './link.js';
import { lineOf, type Message, readMessage } from './message.js';

export interface ConnectionEvents {
  /** A host is connected; once for each. */
  onHost(host: string, lines: Lines): void;
  /** This host's rank of MPI is, with its first line to be read. */
  onRank(lines: Lines): void;
  /** This host cannot listen. */
  onError(error: PlatformError): void;
}

export interface Connections {
  /** No more of them; those that are there stay. */
  close(): void;
}

export function openConnections(plan: ClusterPlan, { onHost, onRank, onError }: ConnectionEvents): Connections {
  const { hosts, rank, addresses, port, job, beatMs } = plan;
  const known = new Set<string>();
  const self = hosts[rank]!;
  let isClosed = false;
  let server: Server | undefined;
  const add = (host: string, lines: Lines) => {
    known.add(host);
    onHost(host, lines);
  };
  const welcome = (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const from = addresses.indexOf(remoteAddress);
    const isOwn = from === rank || remoteAddress === LOOPBACK;
    const other = hosts[from];
    const next = other !== undefined && other > self && !known.has(other) ? other : undefined;
    if (!isOwn && next === undefined) return void socket.destroy();
    const lines = readLines(socket);
    const deadline = setTimeout(() => socket.destroy(), MISSED_BEATS * beatMs);
    socket.once('close', () => clearTimeout(deadline));
    lines.onLine = (line) => {
      clearTimeout(deadline);
      const message = readMessage(line);
      if (isOwn && line.startsWith('cmd=')) {
        onRank(lines);
        lines.onLine(line);
      } else if (isHello(message, next) && !known.has(message.host)) {
        add(message.host, lines);
      } else {
        socket.destroy();
      }
    };
  };
  const isHello = (message: Message | undefined, host: string | undefined): message is Hello =>
    message?.kind === 'hello' && message.job === job && message.host === host;
  const open = async () => {
    const net = await import('node:net');
    server = net.createServer(welcome);
    server.on('error', (error) => {
      if (!server?.listening) onError(cannotListen(plan, error)); // otherwise one connection could not be taken
    });
    server.listen({ host: addresses[rank]!, port });
    for (const [i, host] of hosts.entries()) {
      if (host >= self) continue;
      const reach = (waitMs: number) => {
        const socket = net.connect({ host: addresses[i]!, port, localAddress: addresses[rank]!, noDelay: true });
        const retry = () => {
          if (!isClosed) setTimeout(reach, waitMs, Math.min(2 * waitMs, LONGEST_WAIT_MS)).unref();
        };
        socket.once('error', retry).once('connect', () => {
          socket.removeListener('error', retry);
          socket.write(lineOf({ kind: 'hello', host: self, job }));
          add(host, readLines(socket));
        });
      };
      reach(FIRST_WAIT_MS);
    }
  };
  open().catch((error) => onError(cannotListen(plan, error)));
  return {
    close() {
      isClosed = true;
      server?.close();
    },
  };
}

// --- internal ---

type Hello = Extract<Message, { kind: 'hello' }>;

/** Where a connection comes from within this machine, if it sets no address of its own, whatever address of it is reached. */
const LOOPBACK = '127.0.0.1';
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

function cannotListen({ addresses, rank, port }: ClusterPlan, cause: Error): PlatformError {
  return new PlatformError(
    'E_ENVIRONMENT',
    `The hosts of the job must be able to meet at ${addresses[rank]}:${port}: ${cause.message}. ALGO_CLUSTER_PORT sets another port.`,
    { cause },
  );
}
