/** How .ci/run runs its parts, with stand-ins for all that they call. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const SCRIPTS = join(import.meta.dirname, '../../../.ci');
const SCRIPT = join(SCRIPTS, 'run');

/** Every command that .ci/run calls does nothing, but for these, by a name or an argument of it. */
function runWith(commands: Readonly<Record<string, string>>) {
  const repository = mkdtempSync(join(tmpdir(), 'algo-ci-run-'));
  onTestFinished(() => rmSync(repository, { recursive: true }));
  const cases = Object.entries(commands).map(([name, command]) => `*${name}*) ${command} ;;`);
  const program = (path: string) => {
    writeFileSync(join(repository, path), `#!/bin/bash\ncase "$0 $*" in ${cases.join(' ')} esac\n`);
    chmodSync(join(repository, path), 0o755);
  };
  for (const folder of ['.ci', 'bin', 'node_modules/.bin']) mkdirSync(join(repository, folder), { recursive: true });
  for (const name of ['run', 'memory']) cpSync(join(SCRIPTS, name), join(repository, '.ci', name));
  const called = [...readFileSync(SCRIPT, 'utf8').matchAll(/ bash (\.ci\/[\w-]+)$/gm)].map(([, path]) => path!);
  for (const path of [...called, 'bin/npm', 'node_modules/.bin/node']) program(path);
  const { status, stdout } = spawnSync('bash', ['.ci/run'], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(repository, 'bin')}:${process.env.PATH}` },
  });
  return { status, lines: stdout.split('\n') };
}

it('runs the parts that come last at the same time as the images, and names the list that a line is of', () => {
  const { status, lines } = runWith({
    'ci/install-tools': 'mkfifo words',
    'ci/images': 'echo "read $(< words)"',
    'ci/backends': 'echo words > words',
  });

  expect(status).toBe(0);
  expect(lines).toContain('images: read words');
  expect(lines).toContain('others: --- the other backends');
  expect(lines.at(-2)).toMatch(/^ +\d+\.\d min {2}all of it$/);
});

it('fails where a part fails, and names it; the part after it does not run, the other list does', () => {
  const { status, lines } = runWith({ 'compare-s3': 'exit 3' });

  expect(status).toBe(1);
  expect(lines).toContainEqual(expect.stringMatching(/min {2}S3 compared with versitygw FAILED with exit code 3$/));
  expect(lines).not.toContain('others: --- the other backends');
  expect(lines).toContainEqual(expect.stringMatching(/min {2}two new products, from nothing to the public listing$/));
});

it('begins no list after a part that fails', () => {
  const { status, lines } = runWith({ validate: 'exit 4' });

  expect(status).toBe(4);
  expect(lines).toContainEqual(expect.stringMatching(/min {2}npm run validate FAILED with exit code 4$/));
  expect(lines).not.toContain('images: --- images');
});

it('shows again at the end why a part failed: its tests that did, or its last lines', () => {
  const { lines } = runWith({
    'ci/conformance': 'seq 100; exit 1',
    'ci/images': "seq 40; printf '@algo/a:test: \\e[31m⎯⎯\\e[39m Failed Tests 1 ⎯⎯\\n FAIL a\\n'; seq 40; exit 1",
  });

  const end = lines.slice(lines.lastIndexOf('images: --- images') + 1).join('\n');
  expect(end).toContain('\nimages:  FAIL a\nimages: 1\n');
  expect(end).toMatch(/\nconformance: 71\n(conformance: \d+\n)*conformance: 100\n +\d/);
  expect(end).not.toContain('\nconformance: 70\n');
});
