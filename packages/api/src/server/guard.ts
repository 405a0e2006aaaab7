/**
 * Which requests are let in. The server has no passwords: it must answer this machine's programs, and no page in a browser.
 * A foreign page reaches a loopback address through a name of its own (DNS rebinding, then Host is that name), or by a
 * request across sites (then Origin or Sec-Fetch-Site say so).
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is refused; undefined for one that is let in. */
export function refusal(headers: IncomingHttpHeaders): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !isOwnHost(hostName(host))) {
    return `Host must be a loopback address of this machine; received "${host ?? ''}".`;
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return `Origin must be http://${host}; received "${origin}".`;
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return `Sec-Fetch-Site must be same-origin or none; received "${String(site)}".`;
  }
  return undefined;
}

// --- internal ---

/** Without the port, in lower case. */
function hostName(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

/** `*.localhost` is loopback by RFC 6761; buckets are asked for by such a name. */
function isOwnHost(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
