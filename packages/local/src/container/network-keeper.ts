/**
 * A separate program, run by Node inside the container that owns a sandbox's network. That network has only the
 * loopback interface; this program is its only connection:
 *
 *   host ── Unix socket "server" ──> this program ──> 127.0.0.2:8080, the algorithm's server
 *   algorithm ── name lookup ──> 127.0.0.1:53, this program: noted, and answered with SERVFAIL
 *   algorithm ── anything outward ──> no route; the kernel counts it in OutNoRoutes
 *
 * A server that listens only on 127.0.0.1 does not answer at 127.0.0.2, which the platform would notice too. The
 * protocol is lines: one for each name looked up, and for each line of input the counters, or for the line "ports" those on
 * which somebody listens; the program ends with its input.
 */
import { createSocket } from 'node:dgram';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

const SERVER = { host: '127.0.0.2', port: 8080 } as const;
const DNS_PORT = 53;
const DNS_HEADER_BYTES = 12;
const SERVFAIL = 2;

const socketPath = process.argv[2];
if (!socketPath) throw new Error('usage: network-keeper SOCKET');

const resolver = createSocket('udp4');
resolver.on('message', (query, from) => {
  const name = questionOf(query);
  if (name === undefined) return;
  say({ lookup: name });
  resolver.send(refuse(query), from.port, from.address);
});

const relay = createServer({ allowHalfOpen: true }, (caller) => {
  const server = connect({ ...SERVER, allowHalfOpen: true });
  join(caller, server);
  join(server, caller);
});

resolver.bind(DNS_PORT, '127.0.0.1', () => {
  relay.listen(socketPath, () => {
    chmodSync(socketPath, 0o666); // the engine's root is not always the caller's user
    say({ ready: process.version });
  });
});
const input = createInterface({ input: process.stdin });
input.on('line', (line) => say(line === 'ports' ? { ports: listeningPorts() } : { connections: countUnreachable() }));
input.on('close', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

// --- internal ---

function say(message: Readonly<Record<string, string | number | readonly number[]>>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Bytes one way, with the end of the stream; a side that breaks takes the other one with it. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => from.errored && to.destroy());
}

/** The name of a query's first question, as in RFC 1035 section 4.1.2; undefined for what is no query. */
function questionOf(query: Buffer): string | undefined {
  const labels: string[] = [];
  for (let at = DNS_HEADER_BYTES; at < query.length; ) {
    const length = query[at]!;
    if (length === 0) return labels.join('.');
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return undefined;
}

/** The query itself, marked as a response with no answer. */
function refuse(query: Buffer): Buffer {
  const response = Buffer.from(query);
  response[2] = response[2]! | 0x80;
  response[3] = 0x80 | SERVFAIL;
  return response;
}

/** Packets and connections for which this network had no route since it was made, IPv4 and IPv6. */
function countUnreachable(): number {
  const [names = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8').match(/^Ip: .*$/gm) ?? [];
  const column = names.split(' ').indexOf('OutNoRoutes');
  const version6 = /^Ip6OutNoRoutes\s+(\d+)$/m.exec(readFileSync('/proc/net/snmp6', 'utf8'))?.[1] ?? '0';
  return Number(values.split(' ')[column]) + Number(version6);
}

/** TCP ports on which a container listens, IPv4 and IPv6; this program has none. Fields of proc_pid_net(5); 0A is LISTEN. */
function listeningPorts(): readonly number[] {
  const ports = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => {
    const lines = existsSync(table) ? readFileSync(table, 'utf8').trim().split('\n').slice(1) : [];
    return lines.flatMap((line) => {
      const [, address = '', , state] = line.trim().split(/\s+/);
      return state === '0A' ? [Number.parseInt(address.split(':')[1] ?? '', 16)] : [];
    });
  });
  return [...new Set(ports)].sort((a, b) => a - b);
}
