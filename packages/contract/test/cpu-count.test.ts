import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowedCpus } from '../src/cpu-count.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** CPUs counted on a host with 16 online ones, for a cgroup tree with these files. */
function cpusWith(files: Record<string, string>, membership: string, online = 16): number {
  for (const [path, content] of Object.entries({ ...files, membership })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return allowedCpus({ mount: root, membership: join(root, 'membership') }, online);
}

describe('the number of allowed CPUs', () => {
  it.each([
    ['no limit', { 'cpu.max': 'max 100000\n' }, '0::/\n', 16],
    ['two CPUs', { 'cpu.max': '200000 100000\n' }, '0::/\n', 2],
    ['one and a half', { 'cpu.max': '150000 100000\n' }, '0::/\n', 1],
    ['a quarter', { 'cpu.max': '25000 100000\n' }, '0::/\n', 1],
    ['another period', { 'cpu.max': '150000 50000\n' }, '0::/\n', 3],
    ['more than the host has', { 'cpu.max': '6400000 100000\n' }, '0::/\n', 16],
    ['a limit of a parent', { 'pod/cpu.max': '300000 100000', 'pod/app/cpu.max': 'max 100000' }, '0::/pod/app\n', 3],
    ['a path outside the mount', { 'cpu.max': '400000 100000' }, '0::/../host/path\n', 4],
    ['nothing to read', {}, '', 16],
  ])('with cgroup v2 and %s', (_, files, membership, expected) => {
    expect(cpusWith(files, membership)).toBe(expected);
  });

  it.each([
    ['no limit', '-1', '100000', 16],
    ['two CPUs', '200000', '100000', 2],
    ['a fraction', '99999', '100000', 1],
  ])('with cgroup v1 and %s', (_, quota, period, expected) => {
    const files = {
      'cpu,cpuacct/docker/cpu.cfs_quota_us': `${quota}\n`,
      'cpu,cpuacct/docker/cpu.cfs_period_us': `${period}\n`,
    };

    expect(cpusWith(files, '9:name=systemd:/\n4:cpu,cpuacct:/docker\n1:memory:/docker\n')).toBe(expected);
  });

  it('in a container that sees its own v1 group as the root', () => {
    const files = { 'cpu/cpu.cfs_quota_us': '300000', 'cpu/cpu.cfs_period_us': '100000' };

    expect(cpusWith(files, '4:cpu,cpuacct:/docker/0123\n')).toBe(3);
  });

  it('is never more than the affinity mask has', () => {
    expect(cpusWith({ 'cpu.max': '800000 100000' }, '0::/\n', 2)).toBe(2);
  });

  it('of this machine is at least one', () => {
    expect(allowedCpus()).toBeGreaterThanOrEqual(1);
  });
});
