/** Benches take too long for tests, but each must load as the command loads it: Node strips their types, and compiles nothing. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../src/workspaces.ts';

const COMMAND = join(ROOT, 'packages/bench/bin/algo-bench.js');

it('npm run bench can load every bench, and lists them for a name that it does not know', () => {
  const count = globSync('{algorithms,packages}/*/bench/*.bench.ts', { cwd: ROOT }).length;

  const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'no-such-bench'], { cwd: ROOT, encoding: 'utf8' });

  expect(status, stderr).toBe(2);
  expect(/there are: (.+)\.$/m.exec(stderr)?.[1]?.split(', ')).toHaveLength(count);
});
