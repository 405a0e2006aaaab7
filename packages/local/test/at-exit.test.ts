import { expect, it, vi } from 'vitest';
import { atExit } from '../src/container/at-exit.js';

it('what is to be done at the end is done once, unless it was taken back, and there is one listener for all', () => {
  const before = process.listenerCount('exit');
  const [first, second, third] = [vi.fn(), vi.fn(), vi.fn()];
  const cancels = [first, second, third].map(atExit);

  const during = process.listenerCount('exit');
  cancels[1]!();
  process.listeners('exit').at(-1)!(0); // as Node does it
  for (const cancel of cancels) cancel();

  expect([first, second, third].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
  expect([during, process.listenerCount('exit')]).toEqual([before + 1, before]);
});
