/**
 * The other hosts of a job: their names may not be known to DNS yet when the container starts, so they are asked for again,
 * less and less often. Source: AWS guide, "How Amazon SageMaker Provides Training Information" (CONTRACT.md, tree).
 */
import { lookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../errors.js';
import type { TrainingJob } from '../training/job.js';
import { stopNameOf } from '../training/stop.js';
import { stoppedBefore } from '../training/stopped.js';

/** What is needed of a job. */
export interface PeersJob extends Pick<TrainingJob, 'stop'> {
  readonly environment: Pick<TrainingJob['environment'], 'resourceConfig'>;
}

export interface PeersOptions {
  /** How long to wait for all of them together; default 15 minutes, as AWS's training toolkit waits. */
  readonly timeoutMs?: number;
  /** The addresses of a host; default: what the system says. */
  resolve?(host: string): Promise<readonly string[]>;
  /** Waits, and ends early when the signal is aborted; tests have a clock of their own. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Waits until the names of all hosts of the job have addresses.
 * @returns the addresses by host, in the order of `hosts`, this host's too
 * @throws PlatformError E_ENVIRONMENT naming the hosts that have none in time; ClientError E_STOPPED at a stop
 */
export async function waitForPeers(
  { environment, stop }: PeersJob,
  { timeoutMs = TIMEOUT_MS, resolve = addressesOf, wait = pause }: PeersOptions = {},
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { hosts } = environment.resourceConfig;
  const found = new Map<string, readonly string[]>();
  let reason: unknown;
  for (let waited = 0, next = FIRST_WAIT_MS; ; next = Math.min(2 * next, LONGEST_WAIT_MS)) {
    if (await stop.check()) {
      throw stoppedBefore(`by ${stopNameOf(stop)} while it waited for its hosts`, 'all of them had addresses');
    }
    const missing = hosts.filter((host) => !found.has(host));
    await Promise.all(
      missing.map(async (host) => {
        try {
          const addresses = await resolve(host);
          if (addresses.length > 0) found.set(host, addresses);
        } catch (error) {
          reason = error;
        }
      }),
    );
    if (found.size === hosts.length) return new Map(hosts.map((host) => [host, found.get(host)!]));
    if (waited >= timeoutMs)
      throw notFound(
        hosts.filter((host) => !found.has(host)),
        waited,
        reason,
      );
    const pauseMs = Math.min(next, timeoutMs - waited);
    await wait(pauseMs, stop.signal);
    waited += pauseMs;
  }
}

// --- internal ---

const TIMEOUT_MS = 15 * 60 * 1000;
const FIRST_WAIT_MS = 100;
/** A host that comes is found soon after, and DNS is not asked more than it can take by many hosts. */
const LONGEST_WAIT_MS = 10_000;

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

function notFound(hosts: readonly string[], waitedMs: number, cause: unknown): PlatformError {
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  return new PlatformError(
    'E_ENVIRONMENT',
    `The hosts ${hosts.join(', ')} of resourceconfig.json must have addresses; DNS has none after ${Math.round(waitedMs / 1000)} s${reason}.`,
    { cause },
  );
}
