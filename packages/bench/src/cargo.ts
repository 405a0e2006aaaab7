/**
 * Programs that peers are written as in Rust, built by cargo in a fixed version. They are kept outside the
 * clone, next to the Python environments; delete the folder to build them anew.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from './python.js';

/** Where the program is, or why there is none. */
export type CargoProgram = { readonly path: string } | { readonly missing: string };

const execute = promisify(execFile);
/** Of eight hundred crates, on two processors with other work. */
const BUILD_TIMEOUT_MS = 4 * 3_600_000;

/** The program of a crate, built on first use, which may take hours; a build that was stopped goes on where it was. */
export async function cargoProgram(
  crate: string,
  version: string,
  progress: (line: string) => void,
): Promise<CargoProgram> {
  const root = join(cacheDirectory(), `cargo-${crate}-${version}`);
  const path = join(root, 'bin', crate);
  if (existsSync(path)) return { path };
  const build = join(root, 'build');
  progress(`cargo: building ${crate} ${version} into ${root}`);
  mkdirSync(build, { recursive: true });
  try {
    const args = ['install', crate, '--version', version, '--locked', '--quiet', '--root', root];
    const env = { ...process.env, CARGO_TARGET_DIR: build };
    await execute('cargo', args, { env, timeout: BUILD_TIMEOUT_MS, maxBuffer: 16e6 });
    rmSync(build, { recursive: true, force: true });
    return { path };
  } catch (error) {
    return { missing: `${reasonOf(error)} (cargo)` };
  }
}

// --- internal ---

/** cargo's first error, or why cargo did not run. */
function reasonOf(error: unknown): string {
  const { code, stderr = '', message } = error as { code?: unknown; stderr?: string; message: string };
  if (code === 'ENOENT') return 'cargo is not on PATH';
  const line = stderr.split('\n').find((text) => text.startsWith('error'));
  return (line ?? message.split('\n')[0]!).slice(0, 200);
}
