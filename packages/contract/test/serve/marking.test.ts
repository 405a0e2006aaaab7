import { spawnSync } from 'node:child_process';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createMarkingControl } from '../../src/serve/marking.js';

const MEBIBYTE = 1024 * 1024;

it('objects are marked in one go from the first large body until a while after the last', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const changes: boolean[] = [];
  const use = createMarkingControl({ setMarking: (isGradual) => changes.push(isGradual), heapBytes: () => 10e6 });

  use(1000);
  const afterSmall = [...changes];
  use(6 * MEBIBYTE);
  use(0);
  vi.advanceTimersByTime(900);
  use(12 * MEBIBYTE); // the next one
  vi.advanceTimersByTime(10_000);
  const during = [...changes];
  use(0);
  vi.advanceTimersByTime(1000);

  expect(afterSmall).toEqual([]);
  expect(during).toEqual([false]);
  expect(changes).toEqual([false, true]);
});

it('with many objects nothing changes, since marking them in one go would take long', () => {
  const changes: boolean[] = [];
  const use = createMarkingControl({ setMarking: (isGradual) => changes.push(isGradual), heapBytes: () => 100e6 });

  use(6 * MEBIBYTE);

  expect(changes).toEqual([]);
});

/** How often V8 marked step by step while 256 MB came and went as pieces of 64 kB. */
function gradualMarkings(start: string): number {
  const program = `
    import { setImmediate } from 'node:timers/promises';
    import { createMarkingControl } from '${new URL('../../dist/serve/marking.js', import.meta.url)}';
    ${start}
    for (let i = 0; i < 4096; i++) {
      Buffer.allocUnsafeSlow(64 * 1024);
      if (i % 64 === 0) await setImmediate();
    }`;
  const options = ['--trace-gc', '--input-type=module', '-e', program];
  const { stdout } = spawnSync(process.execPath, options, { encoding: 'utf8' });
  expect(stdout).toContain('Mark-Compact');
  return stdout.match(/Mark-Compact.*incremental marking/g)?.length ?? 0;
}

it('V8 obeys', () => {
  expect(gradualMarkings('createMarkingControl()(6e6);')).toBe(0);
  expect(gradualMarkings('')).toBeGreaterThan(0);
});
