/** Where the hosts of a job meet: which address each has on the network of the cluster, and on which port they listen. */
import { BlockList, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { PlatformError } from '../errors.js';
import { readInteger } from '../variables.js';
import type { ResourceConfig } from './resource-config.js';

/** Passed between threads as it is. */
export interface ClusterPlan {
  readonly job: string;
  readonly hosts: readonly string[];
  /** This host's place among them. */
  readonly rank: number;
  /** The IPv4 address of each, in their order. */
  readonly addresses: readonly string[];
  /** The interface that this host's address is on. */
  readonly networkInterface: string;
  readonly port: number;
  /** How often hosts show each other that they live, in milliseconds. */
  readonly beatMs: number;
}

/** The addresses of one interface, as `os.networkInterfaces` has them. */
type Interfaces = Readonly<
  Record<string, readonly { readonly address: string; readonly cidr: string | null }[] | undefined>
>;

/**
 * Where the hosts meet. Of several addresses of a host, one in the networks of the cluster's interface is taken.
 * @param found the addresses of each host, as `waitForPeers` returns them
 * @param variables those named `ALGO_…`
 * @param interfaces tests have their own
 * @throws PlatformError E_ENVIRONMENT for an interface or an address that is not there
 */
export function planCluster(
  { currentHost, hosts, networkInterface }: ResourceConfig,
  found: ReadonlyMap<string, readonly string[]>,
  { job, variables }: { readonly job: string; readonly variables: Readonly<Record<string, string>> },
  interfaces: Interfaces = networkInterfaces(),
): ClusterPlan {
  const name = networkInterface ?? interfaceOf(interfaces, found.get(currentHost)!);
  const own = interfaces[name]?.filter(({ address }) => isIPv4(address)) ?? [];
  if (own.length === 0) {
    throw new PlatformError(
      'E_ENVIRONMENT',
      `resourceconfig.json: network_interface_name must be an interface of this host with an IPv4 address, one of ${Object.keys(interfaces).join(', ')}; received "${name}".`,
    );
  }
  const network = networkOf(own);
  const addresses = hosts.map((host) => {
    const candidates = found.get(host)!.filter((address) => isIPv4(address));
    const address = candidates.find((candidate) => network.check(candidate)) ?? candidates[0];
    if (address !== undefined) return address;
    throw new PlatformError(
      'E_ENVIRONMENT',
      `The host ${host} must have an IPv4 address; it has ${found.get(host)!.join(', ')}.`,
    );
  });
  const rank = hosts.indexOf(currentHost);
  if (!network.check(addresses[rank]!)) addresses[rank] = own[0]!.address;
  const shared = addresses.findIndex((address, i) => addresses.indexOf(address) < i);
  if (shared >= 0) {
    throw new PlatformError(
      'E_ENVIRONMENT',
      `Each host must have an address of its own; ${hosts[addresses.indexOf(addresses[shared]!)]} and ${hosts[shared]} both have ${addresses[shared]}.`,
    );
  }
  return {
    ...{ job, hosts, rank, addresses, networkInterface: name },
    port: readInteger(variables, 'ALGO_CLUSTER_PORT', 1, 65_535) ?? PORT,
    beatMs: readInteger(variables, 'ALGO_CLUSTER_BEAT_MS', 1, LONGEST_BEAT_MS) ?? BEAT_MS,
  };
}

// --- internal ---

/** Not one that AWS's toolkits use (7777, 9099), nor one that the system gives to connections. */
const PORT = 7791;
const BEAT_MS = 10_000;
const LONGEST_BEAT_MS = 600_000;

/** Where no file names it: the one that this host's own address is on, or else in the network of. */
function interfaceOf(interfaces: Interfaces, addresses: readonly string[]): string {
  const all = Object.entries(interfaces).map(
    ([name, own]) => [name, own?.filter(({ address }) => isIPv4(address)) ?? []] as const,
  );
  const [name] =
    all.find(([, own]) => own.some(({ address }) => addresses.includes(address))) ??
    all.find(([, own]) => addresses.some((address) => isIPv4(address) && networkOf(own).check(address))) ??
    [];
  return name ?? 'eth0';
}

function networkOf(own: NonNullable<Interfaces[string]>): BlockList {
  const network = new BlockList();
  for (const { cidr, address } of own) {
    const [, bits] = (cidr ?? `${address}/32`).split('/');
    network.addSubnet(address, Number(bits));
  }
  return network;
}
