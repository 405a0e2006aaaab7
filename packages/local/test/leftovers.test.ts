import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { removeLeftovers } from '../src/index.js';
import { makeFolder } from './scene.js';

/**
 * An engine in podman's place whose containers are files of a folder, with their label as content. As in a real engine, the
 * container that owns a network is removed after those that joined it, and a running one only by force.
 */
const ENGINE = `#!/bin/sh
cd "$(dirname "$0")/containers"
case "$1" in
  ps) for id in *; do [ -e "$id" ] && [ "label=$(cat "$id")" = "$5" ] && echo "$id"; done; exit 0 ;;
  kill) [ -e "$4" ] || exit 125 ;;
  rm) case "$3" in
    keeper) [ -e member ] && { echo "container keeper has dependent containers" >&2; exit 125; } ;;
    stuck) echo "device or resource busy" >&2; exit 125 ;;
  esac
  rm "$3" ;;
esac
`;

const PODMAN = { name: 'podman' } as const;

function standIn(containers: Readonly<Record<string, string>>): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'containers'));
  writeFileSync(join(folder, 'podman'), ENGINE);
  chmodSync(join(folder, 'podman'), 0o755);
  for (const [id, owner] of Object.entries(containers)) {
    writeFileSync(join(folder, 'containers', id), `algo.owner=${owner}\n`);
  }
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  vi.stubEnv('TMPDIR', makeFolder()); // where another run of this test removes nothing
  return join(folder, 'containers');
}

describe('the containers that a killed process left', () => {
  afterEach(() => vi.unstubAllEnvs());

  it("are removed with the folders of their networks, and no other owner's", async () => {
    const containers = standIn({ keeper: 'mine', member: 'mine', foreign: 'theirs' });
    const [mine, theirs] = ['mine', 'theirs'].map((owner) => mkdtempSync(join(tmpdir(), `algo-net-${owner}-`)));

    const count = await removeLeftovers(PODMAN, 'mine');

    expect(count).toBe(2);
    expect(readdirSync(containers)).toEqual(['foreign']);
    expect([existsSync(mine!), existsSync(theirs!)]).toEqual([false, true]);
    await removeLeftovers(PODMAN, 'theirs');
    expect(existsSync(theirs!)).toBe(false);
  });

  it("that the engine cannot remove are an error with the engine's reason", async () => {
    standIn({ stuck: 'mine' });

    await expect(removeLeftovers(PODMAN, 'mine')).rejects.toThrow(
      'Containers of an earlier run could not be removed: podman rm failed: device or resource busy',
    );
  });
});
