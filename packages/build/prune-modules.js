#!/usr/bin/env node
/**
 * Removes from node_modules what packages bring for browsers and other systems, which npm cannot leave out: a third of it.
 * `npm ci` and `npm install` run it at their end. Needs nothing that is installed, and works on Node 20.
 */
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As the packages webgpu and node name it. */
const webgpuSystem = process.platform === 'darwin' ? 'darwin-universal' : `${process.platform}-${process.arch}`;

const nodeSystem = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** TensorFlow.js's packages: source maps, and bundles for browsers (Node takes tf-NAME.node.js, bundlers the modules). */
const TENSORFLOW = /\.map$|^dist\/tf-[a-z-]+(\.es2017|\.fesm)?(\.min)?\.js$/;

/** Files that nothing here reads, as paths in their package. */
const UNUSED = {
  '@tensorflow/tfjs-backend-cpu': TENSORFLOW,
  '@tensorflow/tfjs-backend-wasm': TENSORFLOW,
  '@tensorflow/tfjs-backend-webgpu': TENSORFLOW,
  '@tensorflow/tfjs-converter': TENSORFLOW,
  '@tensorflow/tfjs-core': TENSORFLOW,
  '@tensorflow/tfjs-data': TENSORFLOW,
  '@tensorflow/tfjs-layers': TENSORFLOW,
  // The command line, the language server and translated messages; API Extractor uses the library.
  '@microsoft/api-extractor/node_modules/typescript': /^lib\/(_.+\.js|[a-z-]{2,5}\/.+)$/i,
  // For other C libraries than glibc, on which the package node is built.
  [`@koromix/koffi-${nodeSystem}`]: /^musl_/,
  // Programs for the command line; AssemblyScript uses the library.
  binaryen: /^bin\//,
  // Headers for addons; those that are compiled here have their own.
  [`node/node_modules/node-${nodeSystem}`]: /^include\//,
  // Its code in C++, which is compiled in packages of its own, and its manual.
  koffi: /^(doc|lib|vendor)\/|^src\/.*\.(cc|hh|inc|asm|S|txt)$/,
  'onnxruntime-web': /^dist\/(?!ort\.node\.min\.m?js$|ort-wasm-simd-threaded\.(mjs|wasm)$)/,
  webgpu: new RegExp(`^dist/(?!${webgpuSystem}/)`),
};

const modules = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules');
for (const [name, unused] of Object.entries(UNUSED)) {
  const folder = join(modules, name);
  if (!existsSync(folder)) continue;
  for (const path of filesOf(folder)) {
    if (unused.test(relative(folder, path).replaceAll(sep, '/'))) rmSync(path);
  }
}
removeDeadLinks(join(modules, '.bin'));

// --- internal ---

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

/** Of programs that are gone. */
function removeDeadLinks(folder) {
  if (!existsSync(folder)) return;
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    if (lstatSync(path).isSymbolicLink() && !existsSync(path)) rmSync(path);
  }
}
