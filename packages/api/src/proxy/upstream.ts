/**
 * Connections to hosts that are not AWS's. Addresses of this machine and of its link are refused: a client reaches its own
 * machine without a proxy, and a cloud's metadata service has credentials to lose.
 */
import { lookup as systemLookup } from 'node:dns';
import { BlockList, connect, isIP, type LookupFunction, type Socket } from 'node:net';

/** Opens a connection. @throws Error, or it emits one, for an address that is refused */
export type Dial = (host: string, port: number) => Socket;

export const dial: Dial = (host, port) => {
  if (isRefusedAddress(host)) throw refusedAddress(host, host);
  return connect({ host, port, lookup });
};

/** Whether the host by itself, before any name is resolved, is one that is never dialled. */
export function isRefusedHost(host: string): boolean {
  return isRefusedAddress(host) || host === 'localhost' || host.endsWith('.localhost');
}

// --- internal ---

const refused = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8], // "this host" on most systems
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  refused.addSubnet(net, prefix, 'ipv4');
}
refused.addAddress('::', 'ipv6');
refused.addAddress('::1', 'ipv6');
refused.addSubnet('fe80::', 10, 'ipv6');

function isRefusedAddress(host: string): boolean {
  const family = isIP(host);
  return family !== 0 && isRefused(host, family);
}

function isRefused(address: string, family: number): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return refused.check(mapped, 'ipv4');
  return refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** After the name is resolved: a name may mean any address, and another one at the next question. */
const lookup: LookupFunction = (host, options, callback) => {
  systemLookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const bad = addresses.find(({ address, family }) => isRefused(address, family));
    if (bad) return callback(refusedAddress(host, bad.address), []);
    if (options.all) return callback(null, addresses);
    callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};

function refusedAddress(host: string, address: string): Error {
  const own = host === address ? address : `${host} (${address})`;
  return new Error(`The host must be another machine than this one; received ${own}. Name it in NO_PROXY.`);
}
