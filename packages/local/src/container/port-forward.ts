/**
 * A port of this machine that leads to a Unix socket, so that everything that speaks HTTP to a server of this
 * machine speaks to one in a sandbox as well.
 */
import { once } from 'node:events';
import { lstatSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { JobError, reasonOf } from '../errors.js';

export interface PortForward {
  /** Ends the connections too. */
  close(): void;
}

/** @throws JobError when the port is not available */
export async function forwardPort(
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string | undefined },
  socketPath: string,
): Promise<PortForward> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (caller) => {
    // The container could put a link there, to a socket of this machine that it cannot reach.
    if (!lstatSync(socketPath, { throwIfNoEntry: false })?.isSocket()) return void caller.destroy();
    const inner = connect({ path: socketPath, allowHalfOpen: true });
    lead(caller, inner, open);
    lead(inner, caller, open);
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new JobError(`Port ${port} cannot be used: ${reasonOf(error)}.`, { cause: error });
  }
  return {
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

// --- internal ---

/** Forwards bytes one way; when a side closes, the other one is closed after all bytes have arrived. */
function lead(from: Socket, to: Socket, open: Set<Socket>): void {
  open.add(from);
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => {
    open.delete(from);
    to.destroySoon();
  });
}
