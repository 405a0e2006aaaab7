import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { expect, it, onTestFinished } from 'vitest';
import type { PublishRequest } from '../../src/publish/context.js';
import { asOnlyRun } from '../../src/publish/one-run.js';

/** Larger than any process id of Linux and macOS. */
const NO_PROCESS = 2 ** 30;
/** This machine was started before, whatever its clock says. */
const SINCE = '2999-01-01T00:00:00Z';

function workspace(other?: { readonly pid: number; readonly since?: string }): PublishRequest {
  const directory = mkdtempSync(join(tmpdir(), 'algo-one-run-'));
  onTestFinished(() => removeTree(directory));
  const run = { since: SINCE, command: 'algo publish', ...other };
  if (other) writeFileSync(join(directory, 'run.json'), JSON.stringify(run));
  return { directory } as PublishRequest;
}

const run = (request: PublishRequest) => asOnlyRun(request, 'algo validate', async () => 'done');

it('refuses a run while another one is at work, in this process or another, and names it', async () => {
  const busy = workspace();
  const inner = asOnlyRun(busy, 'algo publish', () => run(busy));
  const foreign = run(workspace({ pid: process.ppid }));

  await expect(inner).rejects.toThrow(/^algo publish is at work on this product since .*, in process \d+\. Wait/);
  await expect(foreign).rejects.toThrow(`since ${SINCE}, in process ${process.ppid}. Wait`);
  expect(await run(busy)).toBe('done'); // also after a run that has failed
});

it.each([
  ['that was killed', { pid: NO_PROCESS }],
  ['that was killed, whose process id this one has now', { pid: process.pid }],
  [
    'from before this machine was started, whose process id another program has now',
    { pid: process.ppid, since: '1970-01-01T00:00:00Z' },
  ],
])('goes to work after a run %s', async (_, other) => {
  expect(await run(workspace(other))).toBe('done');
});
