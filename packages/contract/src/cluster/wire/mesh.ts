/**
 * The main threads of a job's hosts, each connected with each other one from the start of the job: they show each other that
 * they live, pass on a stop, and say how they ended. MPI would wait for ever for a host that hangs or is cut off; here it is
 * missed after three beats. They also pass on what the ranks of MPI ask the leader to find each other: a rank with a connection
 * of its own to the leader would crash its process where this one ends, before the main thread has written the failure file.
 */
import { ClientError, type ContractError, PlatformError } from '../../errors.js';
import type { StopName } from '../../training/stop.js';
import type { ClusterPlan } from '../plan.js';
import { differenceOf, type ProgramFacts } from '../program-facts.js';
import { openConnections } from './connections.js';
import { MISSED_BEATS } from './heart.js';
import { createLink, type Lines, type Link } from './link.js';
import { type Failure, type Message, reportedFailure } from './message.js';
import { createPmiExchange, isForAll } from './pmi.js';

export interface Mesh {
  /**
   * Says that the program of this host waits for those of the others; resolves when all do.
   * @param timeoutMs how long to wait for connections: containers do not start at the same time. Default: 15 minutes
   * @throws PlatformError E_HOST naming hosts that are not connected then, or have ended; ClientError E_CLUSTER for other programs
   */
  ready(program: ProgramFacts, timeoutMs?: number): Promise<void>;
  /** Hosts that `ready` waits for: those that are not connected, or else those that have not said so, too. */
  missing(): readonly string[];
  /** Passes on a signal. */
  stop(name: StopName): void;
  /**
   * Of a host whose work a stop has ended: how the leader ends says whether there is a model.
   * @param text why, for the others; undefined: they know it already
   * @returns whether it ends well; false on the leader itself
   */
  halt(text?: string): Promise<boolean>;
  /**
   * Says how the job ended here, to hosts that are not connected yet, too, and leaves.
   * @param failure undefined: well
   * @param patience ends the wait for those
   */
  leave(failure: Failure | undefined, patience: Promise<void>): Promise<void>;
}

export interface MeshEvents {
  /** All hosts are connected with this one. Once. */
  onConnected(): void;
  /** A signal has come to another host. */
  onStop(name: StopName, host: string): void;
  /** A stop has ended another host's work: `failure` says where, and is this one's, too, unless there is a model. Once. */
  onHalt(failure: ContractError): void;
  /** The job cannot continue: a host was lost, or has failed. Once. */
  onFailure(error: ContractError): void;
}

/** Connects this host with the others as they come. */
export function joinMesh(plan: ClusterPlan, { onConnected, onStop, onHalt, onFailure }: MeshEvents): Mesh {
  const { hosts, rank, beatMs } = plan;
  const self = hosts[rank]!;
  const links = new Map<string, Link>();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined); // reported by whoever waits for it, if anyone does
  const allConnected = Promise.withResolvers<void>();
  const leaderEnd = Promise.withResolvers<boolean>();
  const programs = new Map<string, ProgramFacts>();
  const ended = new Set<string>();
  const ranks = createPmiExchange(hosts.length);
  const silence = `${(MISSED_BEATS * beatMs) / 1000} s`;
  /** On the leader: each takes a line of the rank on another host. */
  const rankLines = new Map<string, (line: string) => void>();
  /** Sends a line to the rank on this host. */
  let answerRank: ((line: string) => void) | undefined;
  let isOver = false;
  /** What another host has reported: others may hear of it from here first. */
  let reported: Failure | undefined;
  /** How the job ended here: for hosts that come later. */
  let last: Message | undefined;
  let stopped: StopName | undefined;
  let deadline: NodeJS.Timeout | undefined;

  const fail = (error: ContractError) => {
    if (isOver) return;
    isOver = true;
    ready.reject(error);
    onFailure(error);
  };
  const hear = (host: string, message: Message) => {
    const { kind } = message;
    if (host === hosts[0] && (kind === 'done' || kind === 'failed')) leaderEnd.resolve(kind === 'done');
    if (isOver) return;
    if (kind === 'stop') onStop(message.name, host);
    if (kind === 'ready') programs.set(host, message.program);
    if (kind === 'done') ended.add(host);
    if (kind === 'rank') hearRank(host, message.line);
    if (kind === 'halt') {
      isOver = true;
      onHalt(new ClientError('E_STOPPED', `Host ${host}: ${message.text}`));
    }
    if (kind === 'failed') {
      reported = { host, ...message };
      fail(reportedFailure(host, message, hosts));
    }
    compare();
  };
  /** On the leader the rank of another host, elsewhere the answer to the own one. */
  const hearRank = (host: string, line: string) => {
    if (rank > 0) return answerRank?.(line);
    const answer = (text: string) => links.get(host)?.send({ kind: 'rank', line: text });
    const take = rankLines.get(host) ?? connectRank(host, answer);
    rankLines.set(host, take);
    take(line);
  };
  const connectRank = (host: string, answer: (line: string) => void) =>
    // Often because another host is lost, which this thread sees a moment later.
    ranks.connect(answer, (reason) => setTimeout(() => fail(lost([host], `MPI gave up there (${reason})`)), ABORT_MS));
  const compare = () => {
    const own = programs.get(self);
    if (!own) return;
    for (const [host, program] of programs) {
      const pair = [[self, own] as const, [host, program] as const];
      const [first, second] = host < self ? pair.reverse() : pair;
      const difference = differenceOf(first!, second!);
      if (difference !== undefined) return fail(new ClientError('E_CLUSTER', difference));
    }
    const absent = [...ended].find((host) => !programs.has(host));
    if (absent !== undefined) fail(lost([absent], 'its program ended without asking for a communicator'));
    else if (programs.size === hosts.length) ready.resolve();
  };
  /** Why the job cannot continue where all other hosts are silent: of several, it is hardly they that are lost. */
  const cutOff = () => {
    const others = [...links].filter(([host]) => !ended.has(host));
    if (others.length < 2 || !others.every(([, link]) => link.isSilent)) return undefined;
    const names = others.map(([host]) => host).join(', ');
    return new PlatformError('E_HOST', `The host ${self} is cut off: no sign of life of ${names} for ${silence}.`);
  };
  const unconnected = () => hosts.filter((host) => host !== self && !links.has(host));
  const add = (host: string, lines: Lines) => {
    const link = createLink(lines, silence, {
      onMessage: (message) => hear(host, message),
      onLost(reason) {
        if (host === hosts[0]) leaderEnd.resolve(false);
        queueMicrotask(() => fail(cutOff() ?? lost([host], reason))); // once each other host has had its tick, too
      },
    });
    links.set(host, link);
    const program = programs.get(self);
    if (program) link.send({ kind: 'ready', program });
    if (stopped) link.send({ kind: 'stop', name: stopped });
    if (last) link.send(last);
    if (links.size < hosts.length - 1) return;
    allConnected.resolve();
    if (!isOver) onConnected();
  };
  const connections = openConnections(plan, {
    onHost: add,
    onRank(lines) {
      answerRank = (line) => void lines.socket.write(`${line}\n`);
      const own = connectRank(self, answerRank);
      const askLeader = (line: string) => links.get(hosts[0]!)?.send({ kind: 'rank', line });
      lines.onLine = (line) => (rank > 0 && isForAll(line) ? askLeader(line) : own(line));
    },
    onError: fail,
  });
  const beats = setInterval(() => {
    for (const link of links.values()) link.tick();
  }, beatMs);
  const send = (message: Message) => {
    for (const link of links.values()) link.send(message);
  };
  return {
    ready(program, timeoutMs = TIMEOUT_MS) {
      programs.set(self, program);
      send({ kind: 'ready', program });
      deadline = setTimeout(() => {
        const missing = unconnected();
        if (missing.length > 0) fail(lost(missing, `no connection after ${Math.round(timeoutMs / 1000)} s`));
      }, timeoutMs);
      compare();
      return ready.promise;
    },
    missing() {
      const absent = unconnected();
      return absent.length > 0 ? absent : hosts.filter((host) => !programs.has(host));
    },
    stop(name) {
      stopped = name;
      send({ kind: 'stop', name });
    },
    async halt(text) {
      isOver = true;
      if (text !== undefined) send({ kind: 'halt', text });
      return links.has(hosts[0]!) && (await leaderEnd.promise);
    },
    async leave(failure, patience) {
      isOver = true;
      clearInterval(beats);
      clearTimeout(deadline);
      last = failure ? (reported ?? failure) : { kind: 'done' };
      send(last);
      await Promise.race([allConnected.promise, patience]);
      connections.close();
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}

// --- internal ---

const TIMEOUT_MS = 15 * 60_000;
const ABORT_MS = 2_000;

function lost(hosts: readonly string[], reason: string): PlatformError {
  const text = hosts.length === 1 ? `The host ${hosts[0]} was lost` : `The hosts ${hosts.join(', ')} were lost`;
  const advice = hosts.length === 1 ? 'Its own log may say why' : 'Their own logs may say why';
  return new PlatformError('E_HOST', `${text}: ${reason}. ${advice}.`);
}
