import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cargoFolder, cargoProgram } from '../src/cargo.js';

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

it('builds a crate of a folder, again when a source has changed, and writes nothing into the folder', async () => {
  putCargo('/bin/mkdir -p target/release; /bin/cp src/main.rs target/release/peer; echo > Cargo.lock');
  const crate = join(folder, 'peer');
  mkdirSync(join(crate, 'src'), { recursive: true });
  writeFileSync(join(crate, 'Cargo.toml'), '[package]');
  const build = async (source: string) => {
    writeFileSync(join(crate, 'src/main.rs'), source);
    const program = await cargoFolder(crate, () => undefined);
    return 'path' in program ? program.path : program.missing;
  };

  const [first, again, changed] = [await build('one'), await build('one'), await build('two')];

  expect(again).toBe(first);
  expect([first, changed].map((path) => readFileSync(path, 'utf8'))).toEqual(['one', 'two']);
  expect(readdirSync(crate).sort()).toEqual(['Cargo.toml', 'src']);
});

it('a folder whose crate cannot be built is missing', async () => {
  putCargo('echo "error: no such crate" >&2; exit 101');
  const crate = join(folder, 'peer');
  mkdirSync(crate);

  expect(await cargoFolder(crate, () => undefined)).toEqual({ missing: 'error: no such crate (cargo)' });
});
