import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
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
  const request = { directory } as PublishRequest;
  if (other)
    write(request, `run-${other.pid}.json`, JSON.stringify({ since: SINCE, command: 'algo publish', ...other }));
  return request;
}

function write({ directory }: PublishRequest, file: string, text: string): void {
  writeFileSync(join(directory, file), text);
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
  const request = workspace(other);

  expect(await run(request)).toBe('done');
  expect(readdirSync(request.directory)).toEqual([]);
});

it('is refused by a live run next to a dead one, and leaves the file of the live one alone', async () => {
  const request = workspace({ pid: process.ppid });
  write(request, `run-${NO_PROCESS}.json`, JSON.stringify({ since: SINCE, command: 'algo publish', pid: NO_PROCESS }));

  await expect(run(request)).rejects.toThrow(`in process ${process.ppid}. Wait`);

  expect(readdirSync(request.directory)).toContain(`run-${process.ppid}.json`);
  expect(readdirSync(request.directory)).not.toContain(`run-${process.pid}.json`);
});

it('is there for other runs before it goes to work', async () => {
  const request = workspace();

  const files = await asOnlyRun(request, 'algo publish', async () => readdirSync(request.directory));

  expect(files).toEqual([`run-${process.pid}.json`]);
});

it('goes to work next to half-written files: that of a live run stays, as it looks for others yet', async () => {
  const request = workspace();
  write(request, `run-${process.ppid}.json.new`, '{"pid"');
  write(request, `run-${NO_PROCESS}.json.new`, '{"pid"');
  write(request, `run-${NO_PROCESS}.json`, '{"pid"'); // after a loss of power
  write(request, 'tested.json', '{}');

  expect(await run(request)).toBe('done');

  expect(readdirSync(request.directory).sort()).toEqual([`run-${process.ppid}.json.new`, 'tested.json']);
});
