/**
 * Which requests are let in. The server has no passwords: it must answer this machine's programs, and no page in a browser.
 * A foreign page reaches a loopback address through a name of its own (DNS rebinding, then Host is that name), or by a
 * request across sites (then Origin or Sec-Fetch-Site say so).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Why a request is refused; undefined for one that is let in. */
export type Guard = (headers: IncomingHttpHeaders) => string | undefined;

/**
 * For a server that listens on an address. One that other machines reach is asked by an address, which no page can take for
 * its own, or by this machine's name.
 */
export function guardOf(address: string): Guard {
  if (isLoopback(address)) return refusal;
  const own = hostname().toLowerCase();
  return (headers) => {
    const name = hostName(headers.host ?? '');
    const isOwn = name === own || isIP(name.replace(/^\[(.*)\]$/, '$1')) > 0;
    return isOwn ? refusalOfPage(headers) : refusal(headers);
  };
}

/** For a server that only this machine reaches. */
export function refusal(headers: IncomingHttpHeaders): string | undefined {
  const { host } = headers;
  if (host === undefined || !isOwnHost(hostName(host))) {
    return `Host must be a loopback address of this machine; received "${host ?? ''}".`;
  }
  return refusalOfPage(headers);
}

/** @param address of an interface or a client, also an IPv4 address in IPv6's form */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^(::ffff:)?127\./.test(address);
}

// --- internal ---

function refusalOfPage(headers: IncomingHttpHeaders): string | undefined {
  const { host, origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    return `Origin must be http://${host}; received "${origin}".`;
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return `Sec-Fetch-Site must be same-origin or none; received "${String(site)}".`;
  }
  return undefined;
}

/** Without the port, in lower case. */
function hostName(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

/** `*.localhost` is loopback by RFC 6761; buckets are asked for by such a name. */
function isOwnHost(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
