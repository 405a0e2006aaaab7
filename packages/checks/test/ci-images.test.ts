import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../.ci/images');

it('the check of images begins with nothing, and deletes nothing, where a folder ml of the user is in its way', () => {
  const repository = mkdtempSync(join(tmpdir(), 'algo-ci-images-'));
  onTestFinished(() => rmSync(repository, { recursive: true }));
  cpSync(SCRIPT, join(repository, '.ci/images'));
  mkdirSync(join(repository, 'ml'));
  writeFileSync(join(repository, 'ml/mine.csv'), '');

  const { status, stderr } = spawnSync('bash', [join(repository, '.ci/images')], { encoding: 'utf8' });

  expect(status).toBe(1);
  expect(stderr).toMatch(/\/ml must not be there: .* Move it away\.\n$/);
  expect(existsSync(join(repository, 'ml/mine.csv'))).toBe(true);
});
