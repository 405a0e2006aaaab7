/**
 * Ports for servers of this machine. A program binds its port itself, a moment after it was chosen, so a chosen port must
 * stay free meanwhile: it lies outside the range that the system gives to others by itself, and while it is reserved,
 * an abstract Unix socket shows that to other processes of this kind; Linux removes it with its process.
 */
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer, type ListenOptions, type Server } from 'node:net';
import { ArgumentError, reasonOf, systemCode } from '../errors.js';

export interface ReservedPort {
  readonly port: number;
  release(): void;
}

const SYSTEM_RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range';
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'];
const FIRST = 20_000;
const COUNT = 10_000;

/** A port of the loopback interface that no other program of this machine gets until it is released. */
export async function reservePort(): Promise<ReservedPort> {
  if (!canReserve()) return { port: await freePortOfTheSystem(), release: () => undefined };
  // Processes begin at different places, so that they rarely meet.
  for (let offset = 0; offset < COUNT; offset++) {
    const port = FIRST + ((process.pid * 31 + offset) % COUNT);
    const lock = await listen({ path: `\0algo-port-${port}` });
    if (lock instanceof Error) continue;
    if (await isFree(port)) return { port, release: () => void lock.close() };
    lock.close();
  }
  throw new ArgumentError(`A port in [${FIRST}, ${FIRST + COUNT - 1}] must be free; all are in use.`);
}

/** @throws ArgumentError when the host or the port cannot be listened on, which it names */
export async function checkPort(port: number, host: string): Promise<void> {
  const probe = await listen({ port, host });
  if (!(probe instanceof Error)) return close(probe);
  if (NO_SUCH_ADDRESS.includes(systemCode(probe) ?? '')) {
    throw new ArgumentError(`Host "${host}" is not an address of this machine.`, { cause: probe });
  }
  throw new ArgumentError(`Port ${port} cannot be used: ${reasonOf(probe)}.`, { cause: probe });
}

/** Whether a server answers there; nothing is sent. */
export function isListening(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

// --- internal ---

function canReserve(): boolean {
  if (process.platform !== 'linux' || !existsSync(SYSTEM_RANGE_FILE)) return false;
  const [low = 0, high = 0] = readFileSync(SYSTEM_RANGE_FILE, 'utf8').trim().split(/\s+/).map(Number);
  return low >= FIRST + COUNT || high < FIRST;
}

async function isFree(port: number): Promise<boolean> {
  const probe = await listen({ port }); // on all addresses: a program may listen on any
  if (probe instanceof Error) return false;
  await close(probe);
  return true;
}

async function freePortOfTheSystem(): Promise<number> {
  const probe = await listen({ port: 0, host: '127.0.0.1' });
  if (probe instanceof Error) throw new ArgumentError(`A port must be free: ${reasonOf(probe)}.`, { cause: probe });
  const address = probe.address();
  await close(probe);
  return typeof address === 'object' && address ? address.port : 0;
}

function listen(options: ListenOptions): Promise<Server | Error> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen(options, () => resolve(server.unref()));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
