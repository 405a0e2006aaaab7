/** Where the npm packages lie that the tensorflow backend is made of. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules');

/** Installed by `installTfjsNode`, beside its package.json. */
export const TFJS_NODE = join(import.meta.dirname, 'node_modules', '@tensorflow', 'tfjs-node');

export const BUILD_BUNDLE = join(MODULES, '@algo/build', 'build-bundle.js');

/**
 * Nothing but this backend needs tfjs-node and its 75 packages, so `npm ci` of the repository leaves them out. Their own
 * scripts, which would download an old TensorFlow, do not run.
 */
export function installTfjsNode(): void {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // `npm run … --workspace` hands its choice of workspaces on; here are none.
  const env = { ...process.env, npm_config_workspace: undefined, npm_config_include_workspace_root: undefined };
  execFileSync('npm', ['ci', ...options], { cwd: import.meta.dirname, env, stdio: 'inherit' });
}

/** The version to be installed. */
export function tfjsNodeVersion(): string {
  const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));
  return dependencies['@tensorflow/tfjs-node'];
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
  throw new Error(`Node's headers (node_api.h) must be in one of ${candidates.join(', ')}, but are not.`);
}
