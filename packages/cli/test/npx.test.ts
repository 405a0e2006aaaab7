/** The end of npx, without an npx: what a process sees of it is another parent. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenForInterrupt } from '../src/interrupt.js';

const INIT = 1;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Loses its parent; how often it was interrupted. */
function orphaned(npmCommand: string | undefined, before: () => void = () => {}): number {
  vi.stubEnv('npm_command', npmCommand);
  const onFirst = vi.fn();
  const interrupt = listenForInterrupt(onFirst);
  before();
  vi.advanceTimersByTime(1000);
  expect(onFirst.mock.calls.length).toBe(interrupt.signal.aborted ? 1 : 0);
  vi.spyOn(process, 'ppid', 'get').mockReturnValue(INIT);
  vi.advanceTimersByTime(1000);
  interrupt.close();
  expect(vi.getTimerCount()).toBe(0);
  return onFirst.mock.calls.length;
}

describe('a command whose parent ends', () => {
  it('is interrupted if npx started it', () => {
    expect(orphaned('exec')).toBe(1);
  });

  it.each([undefined, 'run-script'])('goes on if npx did not start it: npm_command %s', (command) => {
    expect(orphaned(command)).toBe(0);
  });

  it('is not ended by force if it is being interrupted', () => {
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);

    expect(orphaned('exec', () => process.emit('SIGTERM'))).toBe(1);
    expect(exit).not.toHaveBeenCalled();
  });
});
