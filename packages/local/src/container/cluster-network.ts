/**
 * The network of a training job's containers: one of the engine's own, where each host has its address and finds the others by
 * name. Nothing leads out of it, unless the job may have a network. Made with nothing but `network create` and options of
 * `run` that docker and podman share: names are in /etc/hosts, as not every podman has a resolver.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { JobError, messageOf } from '../errors.js';
import { atExit } from './at-exit.js';
import { callEngine } from './engine.js';
import type { ImageProgram } from './image-program.js';
import { ownLabel } from './leftovers.js';

export interface ClusterNetwork {
  /** Arguments of `run` for the host at this index of the names. */
  runArguments(host: number): readonly string[];
  /** The containers must have ended. One that cannot be removed is left, and tried again when this process ends: it is no fault of a job. */
  close(): Promise<void>;
}

/** The networks to choose from are 10.128.0.0/24 … 10.255.255.0/24; others may have some of them. */
const ATTEMPTS = 20;
/**
 * What engines say of one that somebody has. docker: "Pool overlaps with other one on this address space", "Address already in
 * use"; podman: "subnet … is already used on the host or by another config", "… is being used by a network interface".
 */
const IS_TAKEN = /overlap|(already|being) used (on|by)|address already in use/i;
/** Address .1 is the engine's. */
const FIRST_ADDRESS = 2;
/** What hosts a network of 256 addresses has room for. */
export const MAX_HOSTS = 250;

/**
 * @param names of the hosts
 * @throws JobError when the engine cannot make a network, or has no room for one, with what it said last
 */
export async function openClusterNetwork(
  { engine, owner, hasNetwork }: Pick<ImageProgram, 'engine' | 'owner' | 'hasNetwork'>,
  names: readonly string[],
): Promise<ClusterNetwork> {
  const name = `algo-${randomBytes(6).toString('hex')}`;
  const prefix = await createNetwork(engine, [...(hasNetwork ? [] : ['--internal']), ...ownLabel(owner)], name);
  const cancel = atExit(() => void spawnSync(engine.name, ['network', 'rm', name], { stdio: 'ignore' }));
  const addresses = names.map((_, index) => `${prefix}.${FIRST_ADDRESS + index}`);
  return {
    runArguments: (host) => [
      ...['--network', name, '--ip', addresses[host]!, '--hostname', names[host]!],
      ...names.flatMap((other, index) => (index === host ? [] : ['--add-host', `${other}:${addresses[index]}`])),
      ...(hasNetwork ? [] : ['--dns', '127.0.0.1']), // a lookup fails immediately
    ],
    async close() {
      await callEngine(engine, ['network', 'rm', name]).then(cancel, () => undefined);
    },
  };
}

// --- internal ---

async function createNetwork(
  engine: ImageProgram['engine'],
  options: readonly string[],
  name: string,
): Promise<string> {
  let problem: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const prefix = `10.${randomInt(128, 256)}.${randomInt(0, 256)}`;
    try {
      await callEngine(engine, ['network', 'create', ...options, '--subnet', `${prefix}.0/24`, name]);
      return prefix;
    } catch (error) {
      problem = error;
      if (!IS_TAKEN.test(messageOf(error))) break;
    }
  }
  throw new JobError(`${engine.name} could not create a network for the hosts of the job: ${messageOf(problem)}`, {
    cause: problem,
  });
}
