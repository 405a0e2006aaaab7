import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freeMemory } from '../../../src/serve/models/free-memory.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function freeWith(files: Record<string, string>, membership: string): number {
  for (const [path, content] of Object.entries({ ...files, membership })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return freeMemory({ mount: root, membership: join(root, 'membership') }, 1000);
}

describe('free memory', () => {
  it.each([
    ['no limit', { 'memory.max': 'max\n', 'memory.current': '300\n' }, '0::/\n', 1000],
    ['a limit', { 'memory.max': '500\n', 'memory.current': '300\n' }, '0::/\n', 200],
    [
      'file pages that nobody uses',
      {
        'memory.max': '500\n',
        'memory.current': '300\n',
        'memory.stat': 'anon 150\ninactive_file 100\nactive_file 50\n',
      },
      '0::/\n',
      300,
    ],
    ['more in use than the limit', { 'memory.max': '500\n', 'memory.current': '501\n' }, '0::/\n', 0],
    ['more than the machine has', { 'memory.max': '5000\n', 'memory.current': '300\n' }, '0::/\n', 1000],
    [
      'a tighter limit around it',
      {
        ...{ 'pod/memory.max': '400\n', 'pod/memory.current': '390\n' },
        ...{ 'pod/app/memory.max': '300\n', 'pod/app/memory.current': '100\n' },
      },
      '0::/pod/app\n',
      10,
    ],
    ['nothing to read', {}, '', 1000],
  ])('is by cgroup v2 with %s', (_, files, membership, expected) => {
    expect(freeWith(files, membership)).toBe(expected);
  });

  it('is by cgroup v1, without file pages that nobody uses', () => {
    const files = {
      'memory/docker/memory.limit_in_bytes': '800\n',
      'memory/docker/memory.usage_in_bytes': '700\n',
      'memory/docker/memory.stat': 'inactive_file 1\ntotal_inactive_file 150\n',
    };

    expect(freeWith(files, '4:memory:/docker\n1:cpu:/docker\n0::/\n')).toBe(250);
  });
});
