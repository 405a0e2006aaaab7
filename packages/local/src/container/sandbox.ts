/**
 * The network that a container has in a buyer's account: none. A keeper container owns it, and the containers of one
 * algorithm join it one after the other; the keeper lets the host reach the server and records every outbound attempt.
 * It works with docker and podman, as root or not, since it only needs the engine's `--network none` and `--network
 * container:NAME`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { JobError, reasonOf } from '../errors.js';
import type { Engine } from './engine.js';
import { adviceOn } from './engine-advice.js';
import type { KeeperMessage } from './keeper-message.js';
import { ownFolderPrefix, ownLabel } from './leftovers.js';

/** What the containers of a sandbox tried to reach, since it was opened. */
export interface OutwardAttempts {
  /** Names that were looked up, each once, up to 1,000. */
  readonly lookups: readonly string[];
  /** Packets and connections to an address outside. */
  readonly connections: number;
}

export interface Sandbox {
  readonly engine: Engine;
  /** Arguments of `run` that put a container into this network. */
  readonly runArguments: readonly string[];
  /** A connection to it reaches port 8080 of the container that runs. */
  readonly socketPath: string;
  /** The version of Node in the keeper's image, without "v". */
  readonly nodeVersion: string;
  outward(): Promise<OutwardAttempts>;
  /** TCP ports on which the container that runs listens, in order. */
  ports(): Promise<readonly number[]>;
  /** Ends the keeper; the containers of the sandbox must have ended. */
  close(): Promise<void>;
}

const OPEN_TIMEOUT_MS = 60_000;
/** A container may look up names without end. */
const MAX_LOOKUPS = 1000;

/**
 * @param image of the keeper: any with Node on its PATH
 * @param owner whose it is, for removeLeftovers
 * @throws JobError when the keeper does not start, with what the engine said
 */
export async function openSandbox(engine: Engine, image: string, owner?: string): Promise<Sandbox> {
  const { readMessage } = await import('./keeper-message.js'); // with zod, which all else starts faster without
  const folder = mkdtempSync(join(tmpdir(), ownFolderPrefix(owner)));
  const shared = join(folder, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o777); // the engine's root is not always the caller's user
  const resolver = join(folder, 'resolv.conf');
  writeFileSync(resolver, 'nameserver 127.0.0.1\noptions timeout:2 attempts:1\n');
  const name = basename(folder).toLowerCase();
  const args = ['run', ...ownLabel(owner), ...keeperArguments(name, shared, image)];
  const child = spawn(engine.name, args, { stdio: 'pipe', detached: true });
  try {
    const keeper = await converse(child, readMessage);
    return {
      engine,
      runArguments: ['--network', `container:${name}`, '--volume', `${resolver}:/etc/resolv.conf:ro`],
      socketPath: join(shared, 'server'),
      nodeVersion: keeper.nodeVersion,
      outward: keeper.outward,
      ports: keeper.ports,
      async close() {
        child.stdin?.end();
        await keeper.ended;
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    child.stdin?.end();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** In words, for a report: "looked up a.example, b.example; 2 connections or packets". */
export function describeAttempts({ lookups, connections }: OutwardAttempts): string {
  const names = lookups.length === 0 ? [] : [`looked up ${lookups.join(', ')}`];
  const packets =
    connections === 0 ? [] : [`${connections} ${connections === 1 ? 'connection' : 'connections or packets'}`];
  return [...names, ...packets].join('; ');
}

// --- internal ---

/** The compiled program, also when this module runs from its source. */
function keeperProgram(): string {
  const file = fileURLToPath(new URL('../../dist/container/network-keeper.js', import.meta.url));
  if (!existsSync(file)) throw new JobError(`There is no ${file}. Run "npm run build" first.`);
  return file;
}

/** Docker disables IPv6 without a network; an attempt to connect over it would then not be counted. */
function versionSix(): readonly string[] {
  if (!existsSync('/proc/sys/net/ipv6')) return [];
  return ['all', 'lo'].flatMap((name) => ['--sysctl', `net.ipv6.conf.${name}.disable_ipv6=0`]);
}

/** The keeper ends with its input, so it does not survive even if this process is killed. */
function keeperArguments(name: string, shared: string, image: string): readonly string[] {
  return [
    ...['--rm', '--interactive', '--name', name, '--network', 'none', '--read-only', '--user', '0'],
    ...['--cap-drop', 'ALL', '--cap-add', 'NET_BIND_SERVICE', '--security-opt', 'no-new-privileges'],
    ...versionSix(),
    ...['--volume', `${keeperProgram()}:/keeper/network-keeper.mjs:ro`, '--volume', `${shared}:/keeper/shared`],
    ...['--entrypoint', 'node', image, '/keeper/network-keeper.mjs', '/keeper/shared/server'],
  ];
}

interface Keeper {
  readonly nodeVersion: string;
  readonly ended: Promise<void>;
  outward(): Promise<OutwardAttempts>;
  ports(): Promise<readonly number[]>;
}

/** Speaks with the keeper's program, from the moment it says that it is ready. */
function converse(child: ChildProcess, readMessage: (line: string) => KeeperMessage | undefined): Promise<Keeper> {
  const { stdin, stdout, stderr } = child;
  const error = new Promise<Error>((resolve) => child.on('error', resolve));
  if (!stdin || !stdout || !stderr) {
    // There are no descriptors left for its streams; Node says so in a moment.
    return error.then((cause) =>
      Promise.reject(new JobError(`The network keeper could not be started: ${reasonOf(cause)}.`, { cause })),
    );
  }
  const lookups = new Set<string>();
  const addLookup = (name: string) => {
    if (lookups.size < MAX_LOOKUPS) lookups.add(name);
  };
  const waiting: ((connections: number) => void)[] = [];
  const waitingForPorts: ((ports: readonly number[]) => void)[] = [];
  let said = '';
  stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  stdin.on('error', () => undefined); // EPIPE: it has ended, and says so itself
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ask = <T>(line: string, answers: ((answer: T) => void)[]): Promise<T> => {
    const answered = new Promise<T>((resolve) => answers.push(resolve));
    stdin.write(`${line}\n`);
    const lost = ended.then(() =>
      Promise.reject(new JobError(`The network keeper exited. Its output: ${said.trim()}`)),
    );
    return Promise.race([answered, lost]);
  };
  const outward = async (): Promise<OutwardAttempts> => {
    const connections = await ask('', waiting);
    return { lookups: [...lookups], connections };
  };
  const ports = () => ask('ports', waitingForPorts);
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new JobError(`The network keeper ${why}. ${adviceOn(said) ?? said.trim()}`, { cause: said.trim() }));
    const timer = setTimeout(() => fail('did not start within 60 s'), OPEN_TIMEOUT_MS);
    void error.then(({ message }) => fail(`could not be started: ${message}`));
    child.once('close', () => {
      clearTimeout(timer);
      fail('exited before it was ready');
    });
    createInterface({ input: stdout }).on('line', (line) => {
      const message = readMessage(line);
      if (!message) return;
      if ('lookup' in message) addLookup(message.lookup);
      else if ('connections' in message) waiting.shift()?.(message.connections);
      else if ('ports' in message) waitingForPorts.shift()?.(message.ports);
      else {
        clearTimeout(timer);
        resolve({ nodeVersion: message.ready.replace(/^v/, ''), ended, outward, ports });
      }
    });
  });
}
