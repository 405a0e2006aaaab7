/** Training jobs of the image on several instances, whose hosts are containers with a network among them. */
import { describe, expect, it } from 'vitest';
import type { LocalEvent } from '../../src/index.js';
import { findHost, watchHosts } from './host-containers.js';
import { IMAGE, openTestImage } from './image-scene.js';
import { describeImage, ROWS, roundsOf, train } from './train-image.js';

describe.skipIf(!IMAGE)('the image on three instances (skipped without ALGO_TEST_IMAGE)', () => {
  it('trains the model that it trains on one, by MPI in a network that leads nowhere', async () => {
    const program = await openTestImage(IMAGE!, {}, 'none');
    const lines: string[] = [];
    const onEvent = (event: LocalEvent) => event.type === 'log' && lines.push(event.line);

    const one = await train(program, ROWS);
    const three = await train(program, ROWS, { instanceCount: 3, onEvent });

    expect([one.status, three.status]).toEqual(['Completed', 'Completed']);
    expect(lines).toContainEqual(expect.stringMatching(/^rank 2 of 3 hosts: MPICH .* over eth0, 10\.\d+\.\d+\.4$/));
    expect(Object.keys(three.finalMetrics)).toEqual(Object.keys(one.finalMetrics));
    for (const [name, value] of Object.entries(one.finalMetrics)) {
      expect(Math.abs(three.finalMetrics[name]! - value), name).toBeLessThan(1e-4 * (1 + Math.abs(value)));
    }
  });

  it('fails where the container of a host is killed, and names it', async (context) => {
    const program = await openTestImage(IMAGE!, {}, 'none');
    if (roundsOf(await describeImage(program)) === undefined) context.skip('it has no rounds, and ends before');
    const killing = watchHosts('rank 1 of 3 hosts', async (host) =>
      (await findHost(program.engine, host)).signal('KILL'),
    );

    const job = await train(program, ROWS, {
      ...{ instanceCount: 3, rounds: 100_000 },
      ...{ stop: killing.stop, onEvent: killing.onEvent },
    });
    await killing.done();

    expect(job).toMatchObject({ status: 'Failed', exitCode: 137 });
    expect(job.failureReason).toMatch(/^AlgorithmError: PlatformError: The host algo-2 was lost: /);
  });
});
