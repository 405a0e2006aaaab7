/**
 * A network of hosts on this machine: a namespace each, with the interface `eth0` on a common bridge, and `eth1` on another
 * network, which must stay unused. Needs root, `ip` and `tc` of iproute2, `nft` for losses and Python for delays.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkOf } from './link.js';

export interface HostNetwork {
  /** The names of the hosts, by rank; their own `/etc/hosts` know them. */
  readonly names: readonly string[];
  readonly interfaceName: string;
  /** A command that starts what follows it on a host. */
  launcher(host: number): readonly string[];
  readonly addresses: readonly string[];
  /** Loses a share of what this host is sent, in percent. */
  lose(host: number, percent: number): void;
  /** Limits what this host sends, in bits per second. */
  slow(host: number, rate: number): void;
  /** What this host has sent so far, as frames of a wire with all headers, in bytes. */
  sentBytes(host: number): number;
  /** Each frame from and to this host takes so long, in ms; before it is started. */
  delay(host: number, ms: number): Promise<void>;
  /** Nothing gets to this host any more, nor from it; its own interfaces stay as they are. */
  cut(host: number): void;
  /** The local addresses of all TCP connections and listeners on a host. */
  localAddresses(host: number): readonly string[];
  /** The ids of the processes that were started on a host, and have not ended. */
  processes(host: number): readonly number[];
  remove(): void;
}

export function makeHostNetwork(size: number): HostNetwork {
  const prefix = `algo-${process.pid}`;
  const bridge = `${prefix}-bridge`;
  const all = Array.from({ length: size }, (_, i) => i);
  const space = (host: number) => `${prefix}-${host + 1}`;
  const names = all.map((host) => `algo-${host + 1}`);
  const addresses = all.map((host) => `10.77.0.${host + 1}`);
  const table = ['127.0.0.1 localhost', ...all.map((host) => `${addresses[host]} ${names[host]}`)].join('\n');

  ip('netns', 'add', bridge);
  for (const name of ['br0', 'br1']) {
    ip('-n', bridge, 'link', 'add', name, 'type', 'bridge');
    ip('-n', bridge, 'link', 'set', name, 'up');
  }
  for (const host of all) {
    ip('netns', 'add', space(host));
    ip('-n', space(host), 'link', 'set', 'lo', 'up');
    for (const [i, network] of ['10.77.0', '10.78.0'].entries()) {
      const port = `port${i}-${host}`;
      ip('-n', bridge, 'link', 'add', port, 'type', 'veth', 'peer', 'name', `eth${i}`, 'netns', space(host));
      ip('-n', bridge, 'link', 'set', port, 'master', `br${i}`, 'up');
      ip('-n', space(host), 'address', 'add', `${network}.${host + 1}/24`, 'dev', `eth${i}`);
      ip('-n', space(host), 'link', 'set', `eth${i}`, 'up');
    }
    mkdirSync(join('/etc/netns', space(host)), { recursive: true });
    writeFileSync(join('/etc/netns', space(host), 'hosts'), `${table}\n`);
  }
  const launcher = (host: number) => ['ip', 'netns', 'exec', space(host)];
  const links = all.map((host) => linkOf(launcher(host)));
  const residents = all.map((host) => resident(launcher(host)));
  const relays: ChildProcess[] = [];
  return {
    names,
    interfaceName: 'eth0',
    addresses,
    launcher,
    lose: (host, percent) => links[host]!.lose(percent),
    slow: (host, rate) => links[host]!.slow(rate),
    sentBytes: (host) => sentBytesOf(residents[host]!.pid!),
    async delay(host, ms) {
      const port = `port0-${host}`;
      ip('-n', bridge, 'link', 'delete', port); // and eth0, its other end
      const relay = spawn('python3', [RELAY, bridge, port, space(host), 'eth0', String(ms)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      relays.push(relay);
      const ended = once(relay, 'close').then(([code]) =>
        Promise.reject(new Error(`${RELAY} ended with exit code ${code}.`)),
      );
      await Promise.race([once(relay.stdout, 'data'), ended]);
      ip('-n', bridge, 'link', 'set', port, 'master', 'br0', 'up');
      ip('-n', space(host), 'address', 'add', `${addresses[host]}/24`, 'dev', 'eth0');
      ip('-n', space(host), 'link', 'set', 'eth0', 'up');
    },
    cut: (host) => ip('-n', bridge, 'link', 'set', `port0-${host}`, 'down'),
    localAddresses(host) {
      const [program, ...args] = [...launcher(host), 'ss', '-Htan'];
      const lines = execFileSync(program!, args, { encoding: 'utf8' }).trim().split('\n');
      return lines.filter(Boolean).map((line) => line.split(/\s+/)[3]!.replace(/:\d+$/, ''));
    },
    processes(host) {
      const pids = execFileSync('ip', ['netns', 'pids', space(host)], { encoding: 'utf8' }).split('\n');
      return pids
        .filter(Boolean)
        .map(Number)
        .filter((pid) => pid !== residents[host]!.pid);
    },
    remove() {
      for (const process of [...relays, ...residents]) process.kill();
      for (const name of [bridge, ...all.map(space)]) ip('netns', 'delete', name);
      for (const host of all) rmSync(join('/etc/netns', space(host)), { recursive: true });
    },
  };
}

// --- internal ---

/** Where the counters of what was sent begin in a line of /proc/net/dev. */
const DEV_SENT = 8;
const RELAY = join(import.meta.dirname, '..', 'python', 'relay.py');
/** Of Ethernet, IPv4, and TCP with timestamps. */
const HEADER_BYTES = 14 + 20 + 32;

/** A process that only waits until this one ends: through it a host's counters can be read without a process of their own. */
function resident([command, ...args]: readonly string[]): ChildProcess {
  const child = spawn(command!, [...args, 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => undefined);
  child.unref();
  return child;
}

/** The kernel counts packets as it hands them over; each segment of TCP is a frame on a wire, with headers of its own. */
function sentBytesOf(pid: number): number {
  if (readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net')) {
    throw new Error('sentBytes: the host has not been set up yet.');
  }
  const counters = readFileSync(`/proc/${pid}/net/dev`, 'utf8').split('eth0:')[1]!.trim().split(/\s+/).map(Number);
  const [bytes, packets] = counters.slice(DEV_SENT);
  const [names, values] = readFileSync(`/proc/${pid}/net/snmp`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '));
  return bytes! + (Number(values![names!.indexOf('OutSegs')]) - packets!) * HEADER_BYTES;
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}
