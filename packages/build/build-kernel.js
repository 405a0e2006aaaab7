#!/usr/bin/env node
/**
 * Compiles one AssemblyScript kernel into a TypeScript module that holds its bytes, so that a bundle stays one file
 * and nothing is looked up at run time. A package's own .wasm file is taken as it is.
 *
 *   build-kernel assembly/csv.ts src/formats/csv/kernel.generated.ts [asc options]
 *   build-kernel PACKAGE/FILE.wasm src/backends/wasm/module.generated.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** Kernels import their memory: its size and whether it is shared is for the caller to choose. */
const COMPILER_OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];

const [source, target, ...options] = process.argv.slice(2);
if (!source || !target) {
  console.error('usage: build-kernel SOURCE.ts TARGET.generated.ts [asc options]');
  process.exit(2);
}

const bytes = source.endsWith('.wasm') ? readFileSync(packageFile(source)) : compile(source);
mkdirSync(dirname(target), { recursive: true });
writeFileSync(
  target,
  `/** From ${basename(source)} by build-kernel: ${bytes.length} bytes of WebAssembly. */\n` +
    `export const kernelBytes = Buffer.from('${bytes.toString('base64')}', 'base64');\n`,
);

// --- internal ---

/** A file of a package that the algorithm in this folder depends on. */
function packageFile(path) {
  return createRequire(resolve('package.json')).resolve(path);
}

function compile(path) {
  const asc = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
  try {
    const binary = join(folder, 'kernel.wasm');
    const compiled = spawnSync(process.execPath, [asc, path, '-o', binary, ...COMPILER_OPTIONS, ...options], {
      stdio: 'inherit',
    });
    if (compiled.status !== 0) process.exit(compiled.status ?? 1);
    return readFileSync(binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
