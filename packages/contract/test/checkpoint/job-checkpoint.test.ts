import { describe, expect, it } from 'vitest';
import type { CheckpointIdentity } from '../../src/checkpoint/envelope.js';
import { createJobCheckpoint, requireReach } from '../../src/checkpoint/job-checkpoint.js';
import { oneHost } from '../../src/cluster/communicator.js';

/** A store in memory that remembers identities, and a clock that is set by hand. */
function setUp({ isEnabled = true, hosts = oneHost() } = {}) {
  const files = new Map<string, { content: Buffer; identity: CheckpointIdentity }>();
  const clock = { now: 0 };
  const store = {
    isEnabled,
    write: (name: string, content: Uint8Array | string, identity: CheckpointIdentity = {}) =>
      void files.set(name, { content: Buffer.from(content), identity }),
    read: (name: string) => files.get(name)?.content,
    find: (name: string) => {
      const content = files.get(name)?.content;
      return content && { content, hostCount: 2 };
    },
  };
  const options = { file: 'c.bin', data: { rows: 7, start: undefined }, free: ['threads'], hosts };
  const checkpoint = createJobCheckpoint(store, { eta: 0.1, groups: [[1], [2]], threads: 4 }, options, () => clock.now);
  return { checkpoint, files, clock };
}

describe('the checkpoint of a job', () => {
  it('is due 20 s after the start and after each writing, and at a stop', () => {
    const { checkpoint, clock } = setUp();
    const isDueAt = (now: number) => {
      clock.now = now;
      return checkpoint.isDue(false);
    };

    expect([0, 19_999, 20_000].map(isDueAt)).toEqual([false, false, true]);
    checkpoint.write('a');
    expect([20_000, 39_999, 40_000].map(isDueAt)).toEqual([false, false, true]);
    clock.now = 20_001;
    expect(checkpoint.isDue(true)).toBe(true);
  });

  it('is never due where the job asked for none', () => {
    const { checkpoint, clock } = setUp({ isEnabled: false });
    clock.now = 1e9;

    expect([checkpoint.isDue(false), checkpoint.isDue(true)]).toEqual([false, false]);
  });

  it('is bound to hyperparameters and data, except those that may differ', () => {
    const { checkpoint, files } = setUp();
    checkpoint.write('state');

    expect(checkpoint.read()?.toString()).toBe('state');
    expect(files.get('c.bin')?.identity).toEqual({ eta: '0.1', groups: '[[1],[2]]', rows: '7', start: 'none' });
  });

  it('is written by the first host alone, and what it reads is that of all', () => {
    const first = setUp();
    first.checkpoint.write('state');
    const sent = { content: Uint8Array.of(97, 98), hostCount: 3 };
    const follower = setUp({
      hosts: { ...oneHost(), rank: 1, size: 2, gatherValues: <T>(own: T) => [sent as T, own] },
    });

    expect(follower.checkpoint.isDue(true)).toBe(false);
    expect(follower.checkpoint.read()?.toString()).toBe('ab');
    expect(follower.checkpoint.hostCount).toBe(3);
    expect(first.checkpoint.isDue(true)).toBe(true);
    expect(first.checkpoint.read()?.toString()).toBe('state');
  });

  it('that is further than the job ends is an E_CHECKPOINT error', () => {
    expect(() => requireReach('epochs', 8, 8, 'after epoch 8')).not.toThrow();
    expect(() => requireReach('epochs', 7, 8, 'within epoch 8')).toThrow(
      'Hyperparameter "epochs" must be at least 8, since the checkpoint is within epoch 8; received "7". Use another checkpoint path for a shorter job.',
    );
  });
});
