/** `algo conformance` on programs that are no algorithms of ours. Commands run as their users run them: needs `npm run build`. */
import { chmodSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { algo, makeWorkspace, start, write } from './support/command.js';

const REFERENCE = join(import.meta.dirname, '../../conformance/test/fixtures/reference');
const TWO_RULES = ['--rule', 'launch.train', '--rule', 'ping.empty-body'];

/** A folder as images have it on PATH: executable files train and serve. */
function commandsFolder(fault = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-conformance-'));
  onTestFinished(() => removeTree(folder));
  cpSync(REFERENCE, folder, { recursive: true });
  for (const name of ['train', 'serve']) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\nFAULT=${fault} exec "${process.execPath}" "${join(folder, 'main.js')}" ${name}\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}

describe('algo conformance', () => {
  it('checks a folder with train and serve, and exits with 0 where it conforms', async () => {
    const folder = commandsFolder();

    const { code, stdout } = await algo(folder, 'conformance', '.', '--profile', 'profile.json', ...TWO_RULES);

    expect(stdout.split('\n')).toEqual([
      'passed launch.train: exit code 0',
      'passed ping.empty-body: empty',
      '',
      `${folder} conforms: 2 passed, 0 broken, 0 not tried`,
      '',
    ]);
    expect(code).toBe(0);
  });

  it('exits with 1 for a rule that must hold, and writes the report as JUnit', async () => {
    const folder = commandsFolder('launch.train');
    const out = ['--format', 'junit', '--out', 'report.xml'];

    const { code, stderr } = await algo(folder, 'conformance', '.', '--profile', 'profile.json', ...TWO_RULES, ...out);

    expect(code).toBe(1);
    expect(stderr).toBe(`algo: ${folder} does not conform: launch.train\n`);
    expect(readFileSync(join(folder, 'report.xml'), 'utf8')).toContain('tests="2" failures="1" errors="0" skipped="1"');
  });

  it('exits with 0 for a rule that should hold, with the report alone on stdout as JSON', async () => {
    const folder = commandsFolder('ping.empty-body');

    const { code, stdout } = await algo(
      ...([folder, 'conformance', '.', '--profile', 'profile.json', ...TWO_RULES, '--format', 'json'] as const),
    );

    expect(code).toBe(0);
    expect(JSON.parse(stdout).counts).toEqual({ passed: 1, broken: 1, 'not-tried': 0 });
  });

  it('without a profile tries what needs no data, and says of the rest why it was not tried', async () => {
    const folder = write(makeWorkspace(), { 'elsewhere/main.js': readFileSync(join(REFERENCE, 'main.js'), 'utf8') });

    const { stdout } = await algo(folder, 'conformance', 'elsewhere/main.js', '--rule', 'launch.train');

    expect(stdout).toMatch(/^not tried launch\.train: the profile has no training$/m);
  });

  it('ends at Ctrl-C with the container that runs, and exits with 1', async () => {
    const folder = commandsFolder();
    const { child, finished, printed } = start(folder, ['conformance', '.', '--profile', 'profile.json']);
    await printed(/passed ping\.ready/);

    child.kill('SIGINT');

    const { code, stdout, stderr } = await finished;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Stopping\.$/m);
    expect(stderr).toBe('algo: stopped\n');
  });

  it("takes an algorithm's sample data for its profile", async () => {
    const { code, stdout } = await algo(makeWorkspace(), 'conformance', 'sum', '--rule', 'ping.after-model');

    expect(stdout).toMatch(/^passed ping\.after-model: the first request: status 200$/m);
    expect(code).toBe(0);
  });
});
