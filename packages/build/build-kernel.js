#!/usr/bin/env node
/**
 * Compiles AssemblyScript kernels into TypeScript modules that hold their bytes, so that a bundle stays one file and
 * nothing is looked up at run time. A package's own .wasm file is taken as it is. The compiler takes longer to load than
 * to compile, so it runs in this process, and compiles all kernels that it is given.
 *
 *   build-kernel assembly/csv.ts src/formats/csv/kernel.generated.ts [asc options] [-- SOURCE TARGET [asc options]]…
 *   build-kernel PACKAGE/FILE.wasm src/backends/wasm/module.generated.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';

/** Kernels import their memory: its size and whether it is shared is for the caller to choose. */
const COMPILER_OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];

const kernels = [[]];
for (const argument of process.argv.slice(2)) {
  if (argument === '--') kernels.push([]);
  else kernels.at(-1).push(argument);
}
if (kernels.some((paths) => paths.length < 2)) {
  console.error('usage: build-kernel SOURCE.ts TARGET.generated.ts [asc options] [-- SOURCE TARGET [asc options]]...');
  process.exit(2);
}
for (const [source, target, ...options] of kernels) {
  const bytes = source.endsWith('.wasm') ? readFileSync(packageFile(source)) : await compile(source, options);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    `/** From ${basename(source)} by build-kernel: ${bytes.length} bytes of WebAssembly. */\n` +
      `export const kernelBytes = Buffer.from('${bytes.toString('base64')}', 'base64');\n`,
  );
}

// --- internal ---

/** A file of a package that the algorithm in this folder depends on. */
function packageFile(path) {
  return createRequire(resolve('package.json')).resolve(path);
}

/** Ends the program with code 1, after the compiler has printed why, if the source does not compile. */
async function compile(path, options) {
  setFlagsFromString('--liftoff-only'); // optimizing the compiler's own WebAssembly takes as long as the compilation
  setFlagsFromString('--wasm-num-compilation-tasks=1'); // more of them wait for each other: 0.7 s of a processor
  const { main } = await import('assemblyscript/asc');
  let bytes = Buffer.alloc(0);
  const { error } = await main([path, '-o', 'kernel.wasm', ...COMPILER_OPTIONS, ...options], {
    stdout: process.stdout,
    stderr: process.stderr,
    writeFile: (_name, content) => {
      bytes = Buffer.from(content);
    },
  });
  if (error) process.exit(1);
  return bytes;
}
