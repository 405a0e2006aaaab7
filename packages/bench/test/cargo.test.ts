import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cargoProgram } from '../src/cargo.js';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-cargo-'));
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  vi.stubEnv('PATH', join(folder, 'bin'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program named cargo. @param script of sh; $root is where a crate is to be installed */
function putCargo(script: string): void {
  const file = join(folder, 'bin/cargo');
  writeFileSync(file, `#!/bin/sh\nfor last; do :; done; root="$last"\n${script}\n`);
  chmodSync(file, 0o755);
}

it('builds a crate once, and keeps nothing but its program', async () => {
  putCargo('/bin/mkdir "$root/bin"; echo "$@" > "$root/bin/peer"; echo > "$CARGO_TARGET_DIR/object"');
  const lines: string[] = [];

  const program = await cargoProgram('peer', '1.2.3', (line) => lines.push(line));
  const again = await cargoProgram('peer', '1.2.3', (line) => lines.push(line));

  const root = join(folder, 'algo-bench/cargo-peer-1.2.3');
  expect(program).toEqual({ path: join(root, 'bin/peer') });
  expect(again).toEqual(program);
  expect(lines).toEqual([`cargo: building peer 1.2.3 into ${root}`]);
  expect(readdirSync(root)).toEqual(['bin']);
});

it('a crate that cannot be built is missing, with the first error of cargo', async () => {
  putCargo('echo "warning: old" >&2; echo "error: no such crate" >&2; exit 101');

  expect(await cargoProgram('peer', '1.2.3', () => undefined)).toEqual({ missing: 'error: no such crate (cargo)' });
});

it('without cargo every crate is missing', async () => {
  expect(existsSync(join(folder, 'bin/cargo'))).toBe(false);

  expect(await cargoProgram('peer', '1.2.3', () => undefined)).toEqual({ missing: 'cargo is not on PATH (cargo)' });
});
