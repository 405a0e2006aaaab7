/** Where the npm packages lie that the tensorflow backend is made of. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules');

/** Installed by `installTfjsNode`, next to its package.json. */
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

/** Folder with `node_api.h`; installed like tfjs-node. */
export const NODE_HEADERS = join(import.meta.dirname, 'node_modules', 'node-api-headers', 'include');
