/**
 * Programs that peers are written as in Rust, built by cargo in a fixed version. They are kept outside the
 * clone, next to the Python environments; delete the folder to build them anew.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
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

/**
 * The program of a crate of this repository, built on first use and again when one of its files has changed.
 * @param folder with Cargo.toml and src; the program has the folder's name
 */
export async function cargoFolder(folder: string, progress: (line: string) => void): Promise<CargoProgram> {
  const name = basename(folder);
  const files = globSync(['Cargo.toml', 'src/**/*.rs'], { cwd: folder }).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  const root = join(cacheDirectory(), `cargo-${name}-${hash.digest('hex').slice(0, 12)}`);
  const path = join(root, 'bin', name);
  if (existsSync(path)) return { path };
  const build = join(root, 'build');
  progress(`cargo: building ${name} into ${root}`);
  mkdirSync(join(root, 'bin'), { recursive: true });
  cpSync(folder, build, { recursive: true }); // cargo writes a lock file next to Cargo.toml
  try {
    await execute('cargo', ['build', '--release', '--quiet'], {
      cwd: build,
      timeout: BUILD_TIMEOUT_MS,
      maxBuffer: 16e6,
    });
    copyFileSync(join(build, 'target', 'release', name), path);
    rmSync(build, { recursive: true });
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
