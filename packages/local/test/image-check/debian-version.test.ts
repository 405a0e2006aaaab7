import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDebianVersions } from '../../src/image/debian-version.js';

const hasDpkg = spawnSync('dpkg', ['--version']).status === 0;

describe('the order of Debian versions', () => {
  it.each([
    ['1.0', '1.0-0', 0], // dpkg: no revision is revision 0
    ['1.0~rc1', '1.0', -1],
    ['1.0', '1.0+deb13u1', -1],
    ['2.41-12', '2.41-12+deb13u4', -1],
    ['1:0.9', '2.0', 1],
    ['1.10', '1.9', 1],
    ['1.0a', '1.0+', -1],
    ['0.0.0~~', '0.0.0~', -1],
  ])('of %s and %s is %i', (left, right, order) => {
    expect(Math.sign(compareDebianVersions(left, right))).toBe(order);
    expect(Math.sign(compareDebianVersions(right, left))).toBe(order === 0 ? 0 : -order);
  });

  it.skipIf(!hasDpkg)('is the one of dpkg (skipped without dpkg)', () => {
    const part = fc.string({ unit: fc.constantFrom(...'019a~.+zB'), minLength: 0, maxLength: 6 });
    const version = fc
      .tuple(fc.constantFrom('', '0:', '2:'), part, fc.option(part, { nil: undefined }))
      .map(([epoch, upstream, revision]) => `${epoch}1${upstream}${revision ? `-${revision}` : ''}`);

    const lines = fc.sample(fc.tuple(version, version), { seed: 6, numRuns: 300 }).map(([left, right]) => {
      const order = Math.sign(compareDebianVersions(left, right));
      const relation = { '-1': 'lt', '0': 'eq', '1': 'gt' }[String(order)]!;
      return `${left} ${relation} ${right}\n`;
    });
    // One shell for all of them, which starts dpkg with a fraction of the work that Node has with it.
    const script = 'while read -r line; do dpkg --compare-versions $line && echo "$line"; done';
    const { stdout } = spawnSync('sh', ['-fc', script], { input: lines.join(''), encoding: 'utf8' });

    expect(stdout).toBe(lines.join(''));
  });
});
