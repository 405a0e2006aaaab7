/** What a container may do in its sandbox, by a program of the tests in place of an algorithm. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { buildFixture, IMAGE, MEMORY_BYTES, PROBE_IMAGE, probe, SHARED_MEMORY_BYTES } from '../image/image-scene.js';
import { makeFolder, writeFiles } from '../scene.js';

/** What podman 4 says at times of a container that another command of it has killed. */
const LOST_EXIT_CODE = /^time="\S+" level=error msg="Waiting for container \w+: getting exit code of container /;
const NOTHING = { lookups: [], connections: 0 };

describe.skipIf(!IMAGE)('a container in its sandbox (skipped without ALGO_TEST_IMAGE)', () => {
  beforeAll(() => buildFixture(IMAGE!, 'probe', PROBE_IMAGE));

  it('that looks up a name gets EAI_AGAIN, and the name is recorded', async () => {
    const { found, program } = await probe('lookup');

    expect(found).toBe('EAI_AGAIN');
    expect(await program.sandbox!.outward()).toEqual({ lookups: ['telemetry.example.com'], connections: 0 });
  });

  it('that connects to the outside gets ENETUNREACH over IPv4 and IPv6, and each attempt is counted', async () => {
    const { found, program } = await probe('connect');

    expect(found).toEqual(['ENETUNREACH', 'ENETUNREACH', 'ENETUNREACH']);
    expect(await program.sandbox!.outward()).toEqual({ lookups: [], connections: 3 });
  });

  it('that sends a datagram to the outside gets ENETUNREACH, and it is counted', async () => {
    const { found, program } = await probe('send');

    expect(found).toBe('ENETUNREACH');
    expect(await program.sandbox!.outward()).toEqual({ lookups: [], connections: 1 });
  });

  it('that asks another name server is counted as a connection', async () => {
    const { found, program } = await probe('ask');

    expect(found).not.toBe('found');
    expect((await program.sandbox!.outward()).connections).toBeGreaterThan(0);
  });

  it('runs the entrypoint of its job with the job’s arguments, or the image’s own with these', async () => {
    const print = 'console.log("probe=" + JSON.stringify(process.argv.slice(1)))';
    const entrypoint = ['/usr/local/bin/node', '-e', print, '--'];

    const own = await probe('', { command: { entrypoint, arguments: ['a', 'b c'] } });
    const image = await probe('unknown', { command: { arguments: ['a'] } });

    expect(own.found).toEqual(['a', 'b c']);
    expect(own.job).toMatchObject({ status: 'Completed' });
    expect(image.job).toMatchObject({ status: 'Failed' });
  });

  it('can write to the model, the output, /tmp and /dev/shm only', async () => {
    const { found, program } = await probe('write');

    expect(found).toEqual({
      '/x': 'EROFS',
      '/opt/algorithm/x': 'EROFS',
      '/opt/ml/input/x': 'EROFS',
      '/opt/ml/input/data/train/x': 'EROFS',
      '/opt/ml/model/x': 'written',
      '/opt/ml/output/data/x': 'written',
      '/tmp/x': 'written',
      '/dev/shm/x': 'written',
    });
    expect(await program.sandbox!.outward()).toEqual(NOTHING);
  });

  it('is process 1 and root, with its limits and only the variables of the platform', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'of the caller';
    process.env.https_proxy = 'http://proxy.example.com:3128';
    const { found } = await probe('look').finally(() => {
      delete process.env.AWS_SECRET_ACCESS_KEY;
      delete process.env.https_proxy;
    });

    expect(found).toMatchObject({
      pid: 1,
      uid: 0,
      interfaces: ['lo'],
      memoryBytes: MEMORY_BYTES,
      sharedMemoryBytes: SHARED_MEMORY_BYTES,
    });
    const { variables } = found as { variables: string[] };
    const engineOwn = ['HOME', 'HOSTNAME', 'PATH', 'TERM', 'container'];
    expect(variables.filter((name) => !engineOwn.includes(name))).toEqual([
      'AWS_REGION',
      'CURRENT_HOST',
      'PROBE',
      'TRAINING_JOB_ARN',
      'TRAINING_JOB_NAME',
    ]);
  });

  it('as an arbitrary user without capabilities has neither root nor a capability, and can write its results', async () => {
    const limits = { user: '10914:10914', hasNoCapabilities: true };

    expect((await probe('look', { limits })).found).toMatchObject({ uid: 10914, capabilities: '0000000000000000' });
    expect((await probe('write', { limits })).found).toMatchObject({
      '/opt/ml/model/x': 'written',
      '/opt/ml/output/data/x': 'written',
    });
  });

  it('that links its model to a file of this machine gets no archive with it', async () => {
    const secret = join(writeFiles(makeFolder(), { key: 'secret' }), 'key');

    await expect(probe('link', { environment: { PROBE_TARGET: secret } })).rejects.toThrow(
      `linked is a link to ${secret}, outside of`,
    );
  });

  it('that exceeds its memory limit is killed: exit code 137', async () => {
    const { job } = await probe('eat');

    expect(job).toMatchObject({ status: 'Failed', exitCode: 137, wasKilled: false });
  });

  it('has the exit code of its program', async () => {
    const { job } = await probe('code', { environment: { PROBE_CODE: '7' } });

    expect(job).toMatchObject({ status: 'Failed', exitCode: 7 });
  });

  it('that ignores SIGTERM is killed after the grace period', async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    // The grace is over when the program has seen the signal, however long the engine takes to send it.
    const stopGraceMs = 3_600_000;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());

    const { job } = await probe('refuse', { stop: stop.signal, stopGraceMs }, (line) => {
      if (!LOST_EXIT_CODE.test(line)) lines.push(line);
      if (line === 'waiting') stop.abort();
      if (line === 'SIGTERM ignored') vi.advanceTimersByTime(stopGraceMs);
    });

    expect(lines).toEqual(['waiting', 'SIGTERM ignored']);
    expect(job).toMatchObject({ status: 'Stopped', exitCode: 137, wasKilled: true });
  });
});
