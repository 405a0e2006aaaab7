/** The copy of the repository that some scripts of .ci work in, with a stand-in for turbo. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const SCRIPTS = join(import.meta.dirname, '../../../.ci');

it('has the files of git, and in a cache of its own what turbo has built of them', () => {
  const repository = mkdtempSync(join(tmpdir(), 'algo-ci-copy-'));
  onTestFinished(() => rmSync(repository, { recursive: true }));
  const write = (path: string, text = '') => {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  };
  for (const name of ['copy', 'memory']) cpSync(join(SCRIPTS, name), join(repository, '.ci', name));
  write('bin/npx', `#!/bin/sh\necho '{ "tasks": [{ "hash": "aa" }, { "hash": "unbuilt" }] }'\n`);
  chmodSync(join(repository, 'bin/npx'), 0o755);
  for (const path of ['src/a.ts', 'dist/a.js', 'node_modules/x/index.js']) write(path);
  mkdirSync(join(repository, 'node_modules/.bin'));
  symlinkSync(process.execPath, join(repository, 'node_modules/.bin/node'));
  for (const name of ['aa.tar.zst', 'aa-manifest.json', 'bb.tar.zst']) write(`.turbo/cache/${name}`);
  const script = `git init -q; git add src; source .ci/copy; cd "$copy"; find . -type f | sort; rm -r "$copy"`;

  const output = execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(repository, 'bin')}:${process.env.PATH}` },
  });

  expect(output.trim().split('\n')).toEqual([
    ...['./.turbo/cache/aa-manifest.json', './.turbo/cache/aa.tar.zst'],
    ...['./node_modules/x/index.js', './src/a.ts'],
  ]);
});
