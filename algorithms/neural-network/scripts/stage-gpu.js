/**
 * Prepares what the image for GPUs has in addition to the bundle: of the folder that `npm run tensorflow` made, what is
 * loaded at run time, and the npm package webgpu. Each comes with an inventory and licences; headers and what is for
 * other systems stay behind.
 *
 *   node scripts/stage-gpu.js ~/.cache/sagemaker-algorithms/tensorflow /stage/opt/algorithm
 */
import {
  cpSync,
  globSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { INVENTORY_FILE, LICENSES_FILE, packageFolder, writeInventory } from '@algo/build/bundle-inventory.js';

/** Libraries, addons and their JavaScript; texts that go with them. */
const STAGED = /(\.node|\.mjs|\.json|\.so(\.\d+)*|(THIRD_PARTY_NOTICES|third-party-licenses)\.txt)$/;

/**
 * TensorFlow opens CUDA's runtime, cuBLAS, cuFFT, cuSOLVER, cuSPARSE and cuDNN, or does without the GPU; those need nvJitLink
 * and NVRTC. It asks for the compiler in XLA only, for CUPTI in its profiler, for NCCL between GPUs, for cuRAND never.
 * Source: DsoLoader::TryDlopenCUDALibraries of TensorFlow 2.21.
 */
const UNUSED = /^nvidia\/(cuda_nvcc|cuda_cupti|nccl|curand)\//;

const [prepared, stage] = process.argv.slice(2);
if (!prepared || !stage) {
  console.error('usage: stage-gpu TENSORFLOW_FOLDER STAGE_FOLDER');
  process.exit(2);
}
stageTensorflow(realpathSync(prepared), join(stage, 'tensorflow'));
stageWebgpu(packageFolder('webgpu', import.meta.dirname), join(stage, 'node_modules', 'webgpu'));
settle(stage);

// --- internal ---

function stageTensorflow(source, target) {
  const paths = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1))
    .filter((path) => STAGED.test(path) && !path.includes('.dist-info/') && !UNUSED.test(path));
  for (const path of paths) place(join(source, path), join(target, path));
  const packages = globSync('*.dist-info/METADATA', { cwd: source })
    .map((path) => readMetadata(join(source, path)))
    .filter(({ name }) => !UNUSED.test(`${name.replaceAll('-', '_').replace(/^nvidia_(.*)_cu\d+$/, 'nvidia/$1')}/`))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (packages.length === 0) throw new Error(`${source} must hold the .dist-info of Python packages; it does not.`);
  addToInventory(target, packages);
  console.log(`${target}: ${paths.length} files, of ${packages.map(({ name, version }) => `${name} ${version}`)}`);
}

/** As a package of npm, which the program imports by its name. */
function stageWebgpu(source, target) {
  for (const path of ['package.json', 'index.js', 'LICENSE.md', 'dist/linux-x64/dawn.node']) {
    place(join(source, path), join(target, path));
  }
  writeInventory([], [source], join(import.meta.dirname, '..'), target);
}

/** To that of the npm packages in tfjs-node.mjs. */
function addToInventory(target, packages) {
  const bill = JSON.parse(readFileSync(join(target, INVENTORY_FILE), 'utf8'));
  bill.components.push(...packages.map(componentOf));
  writeFileSync(join(target, INVENTORY_FILE), `${JSON.stringify(bill, null, 2)}\n`);
  writeFileSync(join(target, LICENSES_FILE), packages.map(licenseText).join('\n'), { flag: 'a' });
}

/** Source: Python packaging, core metadata. */
function readMetadata(path) {
  const text = readFileSync(path, 'utf8');
  const field = (name) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1];
  const license = field('License-Expression') ?? field('License') ?? 'not named';
  return { name: field('Name'), version: field('Version'), license, folder: dirname(path) };
}

function componentOf({ name, version, license }) {
  const purl = `pkg:pypi/${name.toLowerCase().replace(/[-_.]+/g, '-')}@${version}`;
  return { type: 'library', 'bom-ref': purl, name, version, purl, licenses: [{ license: { name: license } }] };
}

function licenseText({ name, version, license, folder }) {
  const files = globSync('**/[Ll][Ii][Cc][Ee][Nn][SsCc][Ee]*', { cwd: folder }).sort();
  const texts = files
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8').trim());
  const text = texts.join('\n\n') || 'The package has no file with its text.';
  return `\n${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}

function place(source, target) {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target);
}

/** The same times in every build, so that the same content makes the same layer. */
function settle(path) {
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) settle(join(path, name));
  lutimesSync(path, 0, 0);
}
