import { expect, it } from 'vitest';
import { waitForEnd } from '../src/container/process-end.js';

/** A process that has ended; looks for those that have left it find as many as `found` says, look by look, then none. */
function ended(...found: number[]) {
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const killEscaped = () => {
    const count = found.shift() ?? 0;
    calls.push(`escaped ${count}`);
    if (count > 0 && found.length === 0) close();
    return count;
  };
  const leaveOutput = () => {
    calls.push('leave');
    close();
  };
  const killGroup = () => void calls.push('group');
  const end = waitForEnd({ exited: Promise.resolve(), closed, killGroup, killEscaped, leaveOutput }, 0);
  return { end, calls };
}

it('processes are looked for until there is none', async () => {
  const { end, calls } = ended(2, 1);

  await end;

  expect(calls).toEqual(['group', 'escaped 2', 'escaped 1', 'escaped 0']);
});

it('a process that a look has missed is found as long as it has the output', async () => {
  const { end, calls } = ended(0, 1);

  await end;

  expect(calls).toEqual(['group', 'escaped 0', 'escaped 1', 'escaped 0']);
});

it('output that nobody who can be found has is left', async () => {
  const { end, calls } = ended();

  await end;

  expect([calls[0], calls.at(-1), new Set(calls.slice(1, -1))]).toEqual(['group', 'leave', new Set(['escaped 0'])]);
});
