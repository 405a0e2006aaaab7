import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStopSignal, stopNameOf } from '../../src/training/stop.js';

afterEach(() => vi.restoreAllMocks());

/** Whether the event loop turns while `work` runs. */
async function turns(work: () => Promise<unknown>): Promise<boolean> {
  let hasTurned = false;
  const turn = setImmediate(() => {
    hasTurned = true;
  });
  await work();
  clearImmediate(turn);
  return hasTurned;
}

describe('a look at the stop', () => {
  it('lets the event loop turn at the first call, and again only after 50 ms', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
    const { stop } = createStopSignal();

    expect(await turns(() => stop.check())).toBe(true);
    now.mockReturnValue(1049);
    expect(await turns(() => stop.check())).toBe(false);
    now.mockReturnValue(1050);
    expect(await turns(() => stop.check())).toBe(true);
  });

  it('sees a stop immediately, with the name of its signal, and aborts what waits', async () => {
    const { stop, request } = createStopSignal();
    expect(await stop.check()).toBe(false);

    request('SIGINT');

    expect(await stop.check()).toBe(true);
    expect(stop.requested).toBe(true);
    expect(stop.signal.aborted).toBe(true);
    expect(stopNameOf(stop)).toBe('SIGINT');
  });
});
