/** Jobs of the fixture whose behaviour a hyperparameter sets. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type HostsJob, type Host as RunningHost, useHosts } from '../../../src/testing/hosts.js';
import { bundledProgram } from '../../bundled-program.js';
import { fixture } from '../../contract/program.js';

const PROGRAM = bundledProgram(fixture('hosts.ts'));

export interface Host extends RunningHost {
  /** What it wrote as output `result.json`. */
  result(): Record<string, unknown>;
}

export interface ClusterOptions extends Pick<HostsJob, 'beatMs' | 'network'> {
  readonly size: number;
  readonly behaviour: string;
}

const { start } = useHosts({ afterEach });

/** Starts hosts that end with the test. */
export async function startHosts({ size, behaviour, ...options }: ClusterOptions): Promise<Host[]> {
  const hosts = await start({ program: PROGRAM, hosts: size, hyperparameters: { behaviour }, ...options });
  return hosts.map((host) => ({
    ...host,
    result: () => JSON.parse(readFileSync(join(host.root.paths.outputData, 'result.json'), 'utf8')),
  }));
}
