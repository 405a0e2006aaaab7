/**
 * Prepares the tensorflow backend: TensorFlow's libraries from its newest wheel on PyPI, tfjs-node's addon compiled
 * against them, and tfjs-node's JavaScript in one file. All of it is in one folder outside the clone, which the backend
 * finds by itself and which may be copied next to a bundle, as `tensorflow`:
 *
 *   ~/.cache/sagemaker-algorithms/tensorflow-2.21.0-cpu     and a link to the last one made: tensorflow
 *
 *   npm run tensorflow --workspace @algo/neural-network [-- --gpu] [-- --again]
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileAddon, compilePreparation } from './tensorflow/addon.ts';
import { BUILD_BUNDLE, installTfjsNode, tfjsNodeVersion } from './tensorflow/packages.ts';
import { downloadStock } from './tensorflow/stock.ts';
import { unpackWheel } from './tensorflow/wheel.ts';

const { values } = parseArgs({
  options: { gpu: { type: 'boolean', default: false }, again: { type: 'boolean', default: false } },
});
const device = values.gpu ? 'gpu' : 'cpu';
const cache = join(homedir(), '.cache', 'sagemaker-algorithms');
const link = join(cache, 'tensorflow');

if (!values.again && isReady(link)) {
  console.log(`${link} already exists; --again rebuilds it`);
} else {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, '.tensorflow-'));
  try {
    const version = await prepare(folder);
    const target = join(cache, `tensorflow-${version}-${device}`);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
    rmSync(link, { force: true });
    symlinkSync(basename(target), link);
    console.log(`TensorFlow ${version} (${device}) is ready in ${target}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fills the folder. @returns the version that the addon itself reports */
async function prepare(folder: string): Promise<string> {
  installTfjsNode();
  try {
    const libraries = unpackWheel(folder, device);
    compileAddon(folder, libraries);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nTrying tfjs-node's own download instead.`);
    await downloadStock(folder, device);
  }
  compilePreparation(folder);
  bundleBackend(join(folder, 'tfjs-node.mjs'));
  const version = execFileSync(
    process.execPath,
    ['-p', `require(${JSON.stringify(join(folder, 'tfjs_binding.node'))}).TF_Version`],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  ).trim();
  writeFileSync(
    join(folder, 'build.json'),
    `${JSON.stringify({ tensorflow: version, 'tfjs-node': tfjsNodeVersion(), device }, null, 2)}\n`,
  );
  return version;
}

/** TensorFlow.js's engine and registry are global, so that the copy of its core in the bundle serves the program's own. */
function bundleBackend(target: string): void {
  // The union package would register TensorFlow.js's other backends a second time.
  const aliases = ['@tensorflow/tfjs=@tensorflow/tfjs-core', 'util=./scripts/tensorflow/util.cjs'];
  execFileSync(
    process.execPath,
    [
      ...[BUILD_BUNDLE, 'scripts/tensorflow/tfjs-node.js', target, '--library'],
      ...aliases.flatMap((alias) => ['--alias', alias]),
    ],
    { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' },
  );
}

function isReady(folder: string): boolean {
  const file = join(folder, 'build.json');
  if (!existsSync(file)) return false;
  const made = JSON.parse(readFileSync(file, 'utf8'));
  return made.device === device && made['tfjs-node'] === tfjsNodeVersion();
}
