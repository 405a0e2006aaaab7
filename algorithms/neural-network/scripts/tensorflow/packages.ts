/** Where the npm packages lie that the tensorflow backend is made of. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules');

/** Under this name because danfojs-node's copy of `@tensorflow/tfjs-node` is replaced by another package. */
export const TFJS_NODE = join(MODULES, 'tfjs-node');

export const BUILD_BUNDLE = join(MODULES, '@algo', 'build', 'build-bundle.js');

export function tfjsNodeVersion(): string {
  return JSON.parse(readFileSync(join(TFJS_NODE, 'package.json'), 'utf8')).version;
}

/** Folder with `node_api.h`, which comes with Node: with the npm package `node`, or with the Node that runs this. */
export function nodeHeaders(): string {
  const candidates = [
    ...globSync(join(MODULES, 'node', 'node_modules', 'node-*', 'include', 'node')),
    join(process.execPath, '..', '..', 'include', 'node'),
    '/usr/include/node',
  ];
  const found = candidates.find((folder) => existsSync(join(folder, 'node_api.h')));
  if (found) return found;
  throw new Error(`Node's headers (node_api.h) must lie in one of ${candidates.join(', ')}; they do not.`);
}
