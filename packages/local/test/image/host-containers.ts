/** The containers of a training job's hosts, found by what the hosts print, and their links. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { type Link, linkOf } from '@algo/bench';
import { onTestFinished } from 'vitest';
import { callEngine, type Engine } from '../../src/container/engine.js';
import type { OnEvent } from '../../src/index.js';

export interface HostContainer {
  /** `algo-1`, `algo-2`, … */
  readonly name: string;
  /** Of its first process, on this machine. */
  readonly pid: number;
  signal(name: string): Promise<void>;
}

/** @param name of a host of a job that this process runs */
export async function findHost(engine: Engine, name: string): Promise<HostContainer> {
  const running = await runningContainers(engine);
  const lines = (await callEngine(engine, ['inspect', '--format', HOST, ...running])).split('\n');
  const [, id, pid] = lines.map((line) => line.split(' ')).find(([hostname]) => hostname === name)!;
  return {
    ...{ name, pid: Number(pid) },
    async signal(signal) {
      // podman 4 may lose the exit code of a container that another command of it kills.
      if (process.getuid!() === 0) process.kill(Number(pid), `SIG${signal}`);
      else await callEngine(engine, ['kill', '--signal', signal, id!]);
    },
  };
}

/** The ids of the containers that jobs of this process have. */
export async function runningContainers(engine: Engine): Promise<readonly string[]> {
  const ids = await callEngine(engine, ['ps', '--quiet', '--filter', `name=algo-${process.pid}-`]);
  return ids.split('\n').filter(Boolean);
}

export interface HostWatch {
  readonly onEvent: OnEvent;
  /** Ends the job when something could not be done. */
  readonly stop: AbortSignal;
  /** @throws what went wrong then */
  done(): Promise<void>;
}

/** Does something once for each host of a job that prints a line which begins so. */
export function watchHosts(start: string, act: (host: string) => Promise<void>): HostWatch {
  const stop = new AbortController();
  const acts = new Map<string, Promise<void>>();
  let problem: unknown;
  const tryFor = async (host: string) => {
    try {
      await act(host);
    } catch (error) {
      problem = error;
      stop.abort();
    }
  };
  return {
    onEvent(event) {
      if (event.type !== 'log' || event.host === undefined || acts.has(event.host)) return;
      if (event.line.startsWith(start)) acts.set(event.host, tryFor(event.host));
    },
    stop: stop.signal,
    async done() {
      await Promise.all(acts.values());
      if (problem) throw problem;
    },
  };
}

/** The link of a container, whose network is kept until the test ends, with its counters. */
export function linkOfHost({ name, pid }: HostContainer): Link {
  const hostname = execFileSync('nsenter', ['--target', String(pid), '--uts', 'hostname'], { encoding: 'utf8' }).trim();
  if (hostname !== name) throw new Error(`process ${pid} is one of ${hostname}, not of ${name}`); // it is of another machine
  const space = openSync(`/proc/${pid}/ns/net`, 'r');
  onTestFinished(() => closeSync(space));
  return linkOf(['nsenter', `--net=/proc/${process.pid}/fd/${space}`]);
}

/** Why links of containers cannot be changed on this machine; undefined where they can. */
export function whyNoLinks(): string | undefined {
  if (process.getuid?.() !== 0) return 'changing the links of containers takes root, on Linux';
  const missing = ['nsenter', 'ip', 'tc', 'nft'].filter((tool) => spawnSync(tool, ['-V']).error !== undefined);
  return missing.length > 0 ? `missing: ${missing.join(', ')}` : undefined;
}

// --- internal ---

/** Of a container, as the engine's template. */
const HOST = '{{.Config.Hostname}} {{.Id}} {{.State.Pid}}';
