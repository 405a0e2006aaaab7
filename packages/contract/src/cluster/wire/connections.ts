/**
 * Who connects to whom: each host listens for those that come after it in the list of hosts, and connects to those before it,
 * again and again until they are there. The rank of MPI on a host comes to the host's own port.
 */
import type { Server, Socket } from 'node:net';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../plan.js';
import { type Lines, readLines } from './link.js';
import { lineOf, readMessage } from './message.js';

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
  const { hosts, rank, addresses, port, job } = plan;
  const known = new Set<string>();
  let isClosed = false;
  let server: Server | undefined;
  const add = (host: string, lines: Lines) => {
    known.add(host);
    onHost(host, lines);
  };
  const isNext = (host: string, from: number) => from > rank && hosts[from] === host && !known.has(host);
  const welcome = (socket: Socket) => {
    const lines = readLines(socket);
    const { remoteAddress = '' } = socket;
    const from = addresses.indexOf(remoteAddress);
    const isOwn = from === rank || remoteAddress.startsWith(LOOPBACK);
    lines.onLine = (line) => {
      const message = readMessage(line);
      if (isOwn && line.startsWith('cmd=')) {
        onRank(lines);
        lines.onLine(line);
      } else if (message?.kind === 'hello' && message.job === job && isNext(message.host, from)) {
        add(message.host, lines);
      } else {
        socket.destroy();
      }
    };
  };
  const open = async () => {
    const net = await import('node:net');
    server = net.createServer(welcome).on('error', (error) => onError(cannotListen(plan, error)));
    server.listen({ host: addresses[rank]!, port });
    for (const [i, host] of hosts.slice(0, rank).entries()) {
      const reach = (waitMs: number) => {
        const socket = net.connect({ host: addresses[i]!, port, localAddress: addresses[rank]!, noDelay: true });
        const retry = () => {
          if (!isClosed) setTimeout(reach, waitMs, Math.min(2 * waitMs, LONGEST_WAIT_MS)).unref();
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
  open().catch((error) => onError(cannotListen(plan, error)));
  return {
    close() {
      isClosed = true;
      server?.close();
    },
  };
}

// --- internal ---

/** Where hosts of a test meet, whatever address of it a connection comes from. */
const LOOPBACK = '127.';
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

function cannotListen({ addresses, rank, port }: ClusterPlan, cause: Error): PlatformError {
  return new PlatformError(
    'E_ENVIRONMENT',
    `The hosts of the job must be able to meet at ${addresses[rank]}:${port}: ${cause.message}. ALGO_CLUSTER_PORT sets another port.`,
    { cause },
  );
}
