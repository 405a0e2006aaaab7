/**
 * Compiles tfjs-node's addon against a wheel's libraries, in one call of the C++ compiler instead of node-gyp's project:
 * its build file names the libraries of TensorFlow 2.9's own archives.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_HEADERS, TFJS_NODE } from './packages.ts';

/** N-API of Node 18.17 and newer, which tfjs-node is written for. */
const NAPI_VERSION = '-DNAPI_VERSION=8';

/** Writes `tfjs_binding.node`; it finds the libraries relative to itself. The headers are removed after. */
export function compileAddon(folder: string, libraries: string): void {
  const headers = join(libraries, 'include');
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(TFJS_NODE, 'binding', name));
  compile('c++', [
    ...['-std=c++17', NAPI_VERSION, `-I${TFJS_NODE}`, `-I${headers}`, ...sources],
    ...['-o', join(folder, 'tfjs_binding.node'), '-Wl,-rpath,$ORIGIN/tensorflow', `-L${libraries}`],
    ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
  ]);
  rmSync(headers, { recursive: true });
}

/** Writes `prepare-process.node`. */
export function compilePreparation(folder: string): void {
  const source = join(import.meta.dirname, 'prepare-process.c');
  compile('cc', [NAPI_VERSION, source, '-o', join(folder, 'prepare-process.node'), '-ldl', '-pthread']);
}

// --- internal ---

function compile(compiler: string, options: readonly string[]): void {
  const flags = ['-O2', '-fPIC', '-shared', `-I${NODE_HEADERS}`];
  try {
    execFileSync(compiler, [...flags, ...options], { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    throw new Error(`${compiler} could not compile tfjs-node's addon. On Debian, install g++.`, { cause: error });
  }
}
