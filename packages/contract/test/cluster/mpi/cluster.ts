/** Jobs of the fixture whose behaviour a hyperparameter sets. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type HostContents, type HostsJob, type Host as RunningHost, useHosts } from '../../../src/testing/hosts.js';
import { bundledProgram } from '../../bundled-program.js';
import { fixture } from '../../contract/program.js';

const PROGRAM = bundledProgram(fixture('hosts.ts'));

export interface Host extends RunningHost {
  /** What it wrote as output `result.json`. */
  result(): Record<string, unknown>;
}

export interface ClusterOptions extends Pick<HostsJob, 'beatMs' | 'network' | 'resourceConfig' | 'variables'> {
  readonly size: number;
  readonly behaviour: string;
  /** What the second host has besides what all have. */
  readonly second?: HostContents;
}

const { start } = useHosts({ afterEach });

/** Starts hosts that end with the test. */
export async function startHosts({ size, behaviour, second = {}, ...options }: ClusterOptions): Promise<Host[]> {
  const own = Array.from({ length: size }, (_, rank) => (rank === 1 ? second : {}));
  const hosts = await start({ program: PROGRAM, hosts: own, hyperparameters: { behaviour }, ...options });
  return hosts.map((host) => ({
    ...host,
    result: () => JSON.parse(readFileSync(join(host.root.paths.outputData, 'result.json'), 'utf8')),
  }));
}
