/** Opens the port of a server. */
import type { AddressInfo, Server } from 'node:net';
import { PlatformError } from '../errors.js';

/** @returns the port, chosen by the system when `port` is 0. @throws PlatformError when it cannot be had */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      const message = `Port ${port} on ${host} must be free; listening failed with ${error.code}.`;
      reject(new PlatformError('E_ENVIRONMENT', message, { cause: error }));
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      server.on('error', () => undefined);
      resolve(portOf(server.address()));
    });
  });
}

// --- internal ---

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
