/** What a proxy is asked for: `host:port` in CONNECT, a whole URL elsewhere (RFC 9112, section 3.2). */

export interface Target {
  /** In lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

/** The target, or a sentence that says why it is refused. */
export function readTarget(text: string): Target | string {
  const found = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253})):(\d{1,5})$/i.exec(text);
  if (!found) return `CONNECT must name HOST:PORT; received "${text.slice(0, SHOWN_CHARS)}".`;
  const port = Number(found[3]);
  if (!TUNNEL_PORTS.has(port)) {
    return `CONNECT must be to port 443 or 80; received "${text}". Name hosts with other ports in NO_PROXY.`;
  }
  return { host: (found[1] ?? found[2])!.toLowerCase(), port };
}

/** The URL of a request to a proxy; undefined for a path, as servers get it. */
export function readAbsoluteUrl(text: string): URL | undefined {
  return /^http:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

// --- internal ---

/** A tunnel to any other port could speak to mail servers and databases; proxies commonly allow these. */
const TUNNEL_PORTS: ReadonlySet<number> = new Set([443, 80]);
const SHOWN_CHARS = 200;
