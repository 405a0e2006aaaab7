import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { claimContainers } from '../../src/jobs/orphans.js';
import { makeFolder } from '../support/scene.js';

/** In podman's place: a container is a file of a folder, with its label as content. It is out of order where `broken` is. */
const ENGINE = `#!/bin/sh
cd "$(dirname "$0")"
[ -e broken ] && { echo "cannot connect" >&2; exit 125; }
case "$1" in
  ps) for id in c*; do [ -e "$id" ] && [ "label=$(cat "$id")" = "$5" ] && echo "$id"; done; exit 0 ;;
  rm) rm "$3" ;;
esac
`;

function standIn() {
  const folder = makeFolder();
  writeFileSync(join(folder, 'podman'), ENGINE);
  chmodSync(join(folder, 'podman'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  return {
    leave: (id: string, owner: string) => writeFileSync(join(folder, id), `algo.owner=${owner}\n`),
    has: (id: string) => existsSync(join(folder, id)),
    breaks: () => writeFileSync(join(folder, 'broken'), ''),
  };
}

const throwIt = (error: unknown) => {
  throw error;
};

describe('the containers of an earlier server', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('are removed by the next one, also when it runs processes, and not by one with a copy of the folder', async () => {
    const engine = standIn();
    const [folder, copy] = [join(makeFolder(), 'data'), makeFolder()];
    mkdirSync(folder);
    const { owner } = await claimContainers(folder, 'podman', throwIt);
    engine.leave('c1', owner);
    engine.leave('c2', 'another');
    cpSync(folder, copy, { recursive: true });

    const copied = await claimContainers(copy, 'podman', throwIt);
    const hadBefore = engine.has('c1');
    await claimContainers(folder, undefined, throwIt);

    expect(copied.owner).not.toBe(owner);
    expect([hadBefore, engine.has('c1'), engine.has('c2')]).toEqual([true, false, true]);
    expect(JSON.parse(readFileSync(join(folder, 'containers.json'), 'utf8'))).toEqual({ owner, folder, engines: [] });
  });

  it('that cannot be removed are an error that does not end the server, and are tried again', async () => {
    const engine = standIn();
    const folder = makeFolder();
    await claimContainers(folder, 'podman', throwIt);
    engine.breaks();
    const errors: unknown[] = [];

    for (let start = 0; start < 2; start++) await claimContainers(folder, undefined, (error) => errors.push(error));

    expect(errors.map(String)).toEqual(Array(2).fill('JobError: podman ps failed: cannot connect'));
  });

  it('leave no file where no server had an engine', async () => {
    const folder = makeFolder();

    await claimContainers(folder, undefined, throwIt);

    expect(existsSync(join(folder, 'containers.json'))).toBe(false);
  });
});
