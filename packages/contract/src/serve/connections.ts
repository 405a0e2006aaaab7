/**
 * Which connections are open and what each is in the middle of. Node's own closeIdleConnections does not do: it leaves
 * alone those that have never sent anything, and cuts those whose answer is written but not yet on its way.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** Notes a connection, from before its first request on. */
  add(socket: Socket): void;
  /** Notes a request; until its response is closed the connection is busy. @param onLeave its caller has gone away before it had all of the answer */
  begin(request: IncomingMessage, response: ServerResponse, onLeave: () => void): void;
  /** How many requests have begun on this connection. */
  begunCount(socket: Socket): number;
  /** The request on this connection that has come in part only. */
  incomplete(socket: Socket): Exchange | undefined;
  /** The body of this request may take as long as it likes. */
  allowLong(request: IncomingMessage): void;
  isLong(request: IncomingMessage): boolean;
  /** Whether an answer on this connection is under way, or due to a request that came in full. */
  isAnswering(socket: Socket): boolean;
  /** Whether a request on this connection is not answered in full. */
  isBusy(socket: Socket): boolean;
  /** Closes the connection as soon as all that came in full is answered. */
  closeWhenAnswered(socket: Socket): void;
  /** The connection is HTTP's no more: whoever has it closes it. */
  release(socket: Socket): void;
  /** From now on connections are closed as soon as they are idle; settles when all that were noted are. */
  drain(): Promise<void>;
  /** Closes all connections; how many were in the middle of a request. */
  closeAll(): number;
}

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  onLeave(): void;
}

export function trackConnections(): Connections {
  const open = new Map<Socket, Connection>();
  const long = new WeakSet<IncomingMessage>();
  /** Those that are not closed, also where they are HTTP's no more. */
  const alive = new Set<Socket>();
  let onDrained = () => {};
  let isDraining = false;
  const settleIfDrained = () => {
    if (alive.size === 0) onDrained();
  };
  /** Closes what nothing is left to write on; what is written goes out first. */
  const closeIfDone = (socket: Socket, { exchanges, isClosing }: Connection) => {
    if ((isDraining && exchanges.size === 0) || (isClosing && isAnswered(exchanges))) socket.destroySoon();
  };
  return {
    add(socket) {
      const connection: Connection = { exchanges: new Set(), begun: 0, isClosing: false };
      open.set(socket, connection);
      alive.add(socket);
      // The other side writes no more: it waits for its answer, or, more often, it has gone away.
      socket.once('end', () => {
        for (const { onLeave } of connection.exchanges) onLeave();
      });
      socket.once('close', () => {
        open.delete(socket);
        alive.delete(socket);
        settleIfDrained();
      });
    },
    begin(request, response, onLeave) {
      const { socket } = request;
      const connection = open.get(socket);
      if (!connection) return;
      const exchange = { request, response, onLeave };
      connection.begun += 1;
      connection.exchanges.add(exchange);
      response.once('close', () => {
        connection.exchanges.delete(exchange);
        if (!response.writableFinished) onLeave();
        closeIfDone(socket, connection);
      });
    },
    begunCount: (socket) => open.get(socket)?.begun ?? 0,
    incomplete: (socket) => [...(open.get(socket)?.exchanges ?? [])].find(({ request }) => !request.complete),
    allowLong: (request) => void long.add(request),
    isLong: (request) => long.has(request),
    isAnswering: (socket) => {
      const exchanges = [...(open.get(socket)?.exchanges ?? [])];
      return exchanges.some(({ request, response }) => request.complete || response.headersSent);
    },
    isBusy: (socket) => (open.get(socket)?.exchanges.size ?? 0) > 0,
    closeWhenAnswered(socket) {
      const connection = open.get(socket);
      if (!connection) return;
      connection.isClosing = true;
      closeIfDone(socket, connection);
    },
    release: (socket) => void open.delete(socket),
    drain() {
      isDraining = true;
      for (const [socket, connection] of open) closeIfDone(socket, connection);
      return new Promise((resolve) => {
        const before = onDrained;
        onDrained = () => {
          before();
          resolve();
        };
        settleIfDrained();
      });
    },
    closeAll() {
      const busy = [...open.values()].filter(({ exchanges }) => exchanges.size > 0).length;
      for (const socket of open.keys()) socket.destroy();
      return busy;
    },
  };
}

// --- internal ---

interface Connection {
  /** Requests whose response is not closed. */
  readonly exchanges: Set<Exchange>;
  begun: number;
  /** Closed once what came in full is answered. */
  isClosing: boolean;
}

function isAnswered(exchanges: ReadonlySet<Exchange>): boolean {
  return [...exchanges].every(({ request }) => !request.complete);
}
