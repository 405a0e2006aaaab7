/** Waiting for the names of the other hosts, with a clock and a resolver of its own. */
import { describe, expect, it } from 'vitest';
import { waitForPeers } from '../../src/cluster/peers.js';
import type { Environment } from '../../src/environment.js';
import { createStopSignal } from '../../src/training/stop.js';

const HOSTS = ['algo-1', 'algo-2', 'algo-3'];

function createJob(hosts: readonly string[] = HOSTS) {
  const { stop, request } = createStopSignal();
  const environment = { resourceConfig: { hosts } } as Environment;
  const waits: number[] = [];
  const asked: string[] = [];
  return { job: { environment, stop }, request, waits, asked };
}

describe('the hosts of a job', () => {
  it('are waited for until each has an address, and are asked for less and less often', async () => {
    const { job, waits, asked } = createJob();
    const known = new Map([
      ['algo-1', 0],
      ['algo-2', 3],
      ['algo-3', 8],
    ]);

    const found = await waitForPeers(job, {
      async resolve(host) {
        asked.push(host);
        if (known.get(host)! > waits.length) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
        return [`10.0.0.${host.slice(-1)}`];
      },
      wait: async (ms) => void waits.push(ms),
    });

    expect([...found]).toEqual(HOSTS.map((host) => [host, [`10.0.0.${host.slice(-1)}`]]));
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000]);
    expect(asked.filter((host) => host === 'algo-1')).toHaveLength(1);
    expect(asked.filter((host) => host === 'algo-2')).toHaveLength(4);
  });

  it('that have none in time are named in an error, with the reason', async () => {
    const { job, waits } = createJob();

    const waiting = waitForPeers(job, {
      resolve: (host) => (host === 'algo-2' ? Promise.resolve(['10.0.0.2']) : Promise.reject(new Error('EAI_AGAIN'))),
      wait: async (ms) => void waits.push(ms),
    });

    await expect(waiting).rejects.toMatchObject({
      name: 'PlatformError',
      code: 'E_ENVIRONMENT',
      message:
        'The hosts algo-1, algo-3 of resourceconfig.json must have addresses; DNS has none after 900 s (EAI_AGAIN).',
    });
    expect(waits.reduce((sum, ms) => sum + ms)).toBe(900_000);
  });

  it('are no longer waited for at a stop', async () => {
    const { job, request, waits } = createJob();

    const waiting = waitForPeers(job, {
      resolve: async () => [],
      async wait(ms, signal) {
        waits.push(ms);
        if (waits.length === 3) request();
        expect(signal).toBe(job.stop.signal);
      },
    });

    await expect(waiting).rejects.toThrow(
      'The job was stopped by SIGTERM while it waited for its hosts, before all of them had addresses.',
    );
    expect(waits).toHaveLength(3);
  });

  it('are found by the system where no resolver is given, and a pause ends at a stop', async () => {
    const here = createJob(['localhost']);
    const nowhere = createJob(['no-such-host.invalid']);

    const addresses = await waitForPeers(here.job);
    const waiting = waitForPeers(nowhere.job, { resolve: async () => [] });
    nowhere.request();

    expect(addresses.get('localhost')).toEqual(expect.arrayContaining([expect.stringMatching(/^(127\.|::1)/)]));
    await expect(waiting).rejects.toMatchObject({ code: 'E_STOPPED' });
  });
});
