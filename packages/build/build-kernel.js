#!/usr/bin/env node
/**
 * Compiles one AssemblyScript kernel into a TypeScript module that holds its bytes, so that a bundle stays one file
 * and nothing is looked up at run time.
 *
 *   build-kernel assembly/csv.ts src/formats/csv/kernel.generated.ts [asc options]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Kernels import their memory: its size and whether it is shared is for the caller to choose. */
const COMPILER_OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];

const [source, target, ...options] = process.argv.slice(2);
if (!source || !target) {
  console.error('usage: build-kernel SOURCE.ts TARGET.generated.ts [asc options]');
  process.exit(2);
}

const asc = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
try {
  const binary = join(folder, 'kernel.wasm');
  const compiled = spawnSync(process.execPath, [asc, source, '-o', binary, ...COMPILER_OPTIONS, ...options], {
    stdio: 'inherit',
  });
  if (compiled.status !== 0) process.exit(compiled.status ?? 1);
  const bytes = readFileSync(binary);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    `/** Compiled from ${basename(source)} by build-kernel: ${bytes.length} bytes of WebAssembly. */\n` +
      `export const kernelBytes = Buffer.from('${bytes.toString('base64')}', 'base64');\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
