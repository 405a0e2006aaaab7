/** The names of AWS's hosts, which are answered on this machine. */

/** The ends of their names; certificates of the local authority are good for nothing else. */
export const AWS_DOMAINS = ['amazonaws.com', 'amazonaws.com.cn', 'api.aws'] as const;

/** @param name of a host, without a port, in any case */
export function isAwsHost(name: string): boolean {
  const host = name.toLowerCase();
  return HOST_NAME.test(host) && AWS_DOMAINS.some((domain) => host.endsWith(`.${domain}`));
}

// --- internal ---

/** Labels of a name in DNS (RFC 1123), up to 253 characters. Buckets may have an underscore. */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
