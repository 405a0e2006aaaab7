/**
 * NO_PROXY: the hosts that are asked without a proxy. It has no standard; this is what curl, Go and Python's requests share:
 * names with all below them, addresses, networks as `10.0.0.0/8`, each with or without a port, and `*` for all.
 */
import { BlockList, isIP } from 'node:net';
import { AWS_DOMAINS } from './aws-hosts.js';

/** The entries of NO_PROXY and no_proxy, each once. */
export function noProxyEntries(environment: NodeJS.ProcessEnv): readonly string[] {
  const text = `${environment.no_proxy ?? ''},${environment.NO_PROXY ?? ''}`;
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** @param host in lower case, an IPv6 address without brackets */
export function isWithoutProxy(entries: readonly string[], host: string, port: number): boolean {
  return entries.some((entry) => {
    const { name, port: only } = parse(entry);
    if (only !== undefined && only !== port) return false;
    return name === '*' || host === name || isInNetwork(host, name) || (isIP(host) === 0 && host.endsWith(`.${name}`));
  });
}

/** Whether a client with this entry would ask one of AWS's hosts without the proxy, and so not here. */
export function coversAws(entry: string): boolean {
  const { name } = parse(entry);
  return name === '*' || AWS_DOMAINS.some((domain) => `.${name}`.endsWith(`.${domain}`) || domain.endsWith(`.${name}`));
}

// --- internal ---

/** `.a.example`, `*.a.example` and `a.example` are one. */
function parse(entry: string): { readonly name: string; readonly port?: number } {
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|(.*?))(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (isIP(entry) === 6) return { name: entry.toLowerCase() };
  const name = (bracketed ?? plain ?? '').replace(/^\*?\.(?=.)/, '');
  return { name, ...(port !== undefined && { port: Number(port) }) };
}

function isInNetwork(host: string, network: string): boolean {
  const found = /^(.+)\/(\d{1,3})$/.exec(network);
  const family = found ? isIP(found[1]!) : 0;
  if (!found || family === 0 || isIP(host) !== family || Number(found[2]) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(found[1]!, Number(found[2]), type);
  return list.check(host, type);
}
