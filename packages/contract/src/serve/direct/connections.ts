/**
 * All connections that are answered directly: what waits too long on one of them is looked for now and then, so that a
 * request sets no timer. Where Node's own server has a limit for it, the connection is handed over to be held to that.
 */
import type { Socket } from 'node:net';
import { createDirectConnection, type DirectConnection, type DirectOptions } from './connection.js';
import { createHeads } from './request-head.js';

export interface DirectConnections {
  take(socket: Socket): void;
  /** Answers what has begun; then, and where nothing has, connections are closed. */
  drain(): void;
  /** Closes all connections; how many were in the middle of a request. */
  closeAll(): number;
}

/** All in milliseconds; see ServerTimeouts. */
export interface DirectLimits {
  readonly keepAliveMs: number;
  readonly headersMs: number;
  readonly checkMs: number;
  readonly unreadMs: number;
}

export interface DirectConnectionsOptions extends Omit<DirectOptions, 'findHead' | 'keepAliveMs' | 'end'> {
  readonly limits: DirectLimits;
  /** A caller took none of its answer for too long. */
  onUnread(): void;
  /** No connection is left. */
  onEmpty?(): void;
}

export function createDirectConnections({
  limits,
  onUnread,
  onEmpty,
  ...others
}: DirectConnectionsOptions): DirectConnections {
  const open = new Map<Socket, DirectConnection>();
  const end = (socket: Socket) => {
    socket.setTimeout(limits.unreadMs, () => socket.destroy());
    socket.destroySoon();
  };
  const options = { ...others, findHead: createHeads(), keepAliveMs: limits.keepAliveMs, end };

  const check = () => {
    const now = performance.now();
    for (const [socket, connection] of open) {
      const idleMs = now - connection.activeMs;
      if (connection.waitsFor === 'rest' && idleMs >= limits.checkMs) connection.handOver();
      else if (connection.waitsFor === 'request') {
        if (connection.isNew && idleMs >= limits.headersMs) connection.handOver();
        else if (!connection.isNew && idleMs >= limits.keepAliveMs) socket.destroySoon();
      } else if (connection.waitsFor === 'reader' && idleMs >= limits.unreadMs) {
        onUnread();
        socket.destroy();
      }
    }
    if (open.size === 0) stopChecks();
  };
  let timer: NodeJS.Timeout | undefined;
  const stopChecks = () => {
    clearInterval(timer);
    timer = undefined;
  };

  const remove = (socket: Socket) => {
    if (open.delete(socket) && open.size === 0) onEmpty?.();
  };

  return {
    take(socket) {
      timer ??= setInterval(check, limits.checkMs).unref();
      open.set(
        socket,
        createDirectConnection(socket, options, () => remove(socket)),
      );
    },
    drain() {
      if (open.size === 0) onEmpty?.();
      for (const connection of open.values()) connection.drain();
    },
    closeAll() {
      const busy = [...open.values()].filter(({ waitsFor }) => waitsFor !== 'request').length;
      for (const socket of open.keys()) socket.destroy();
      return busy;
    },
  };
}
