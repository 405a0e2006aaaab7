/**
 * The inventory of a bundle: which npm packages are in it, as a CycloneDX bill of materials, and their licences' texts.
 * A bundle has no package tree that a scanner could read, and licences usually require their text to be included with a
 * copy. Source: CycloneDX 1.6 JSON; package-url specification, type npm.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Read by scanners wherever it lies in an image; its name ends as CycloneDX asks. */
export const INVENTORY_FILE = 'sbom.cdx.json';
export const LICENSES_FILE = 'third-party-licenses.txt';

const NO_TEXT = 'The package has no file with its text. The text of Apache-2.0 is in LICENSE, next to this file.';

/**
 * Writes both files.
 * @param modules absolute paths of the modules in the bundle
 * @param packages folders of packages whose files go next to the bundle
 * @param algorithm folder of the algorithm
 */
export function writeInventory(modules, packages, algorithm, target) {
  const self = readPackage(algorithm);
  const found = new Map();
  for (const folder of [...modules.map(packageFolderOf), ...packages]) {
    if (folder === undefined || folder === algorithm) continue;
    const one = readPackage(folder);
    found.set(`${one.name}@${one.version}`, { ...one, folder });
  }
  const components = [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  writeFileSync(join(target, INVENTORY_FILE), `${JSON.stringify(billOfMaterials(self, components), null, 2)}\n`);
  writeFileSync(join(target, LICENSES_FILE), components.map(licenseText).join('\n'));
}

/** One package, in CycloneDX's words. */
export function componentOf({ name, version, license }, type = 'library') {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { type, 'bom-ref': purl, name, version, purl, ...(license && { licenses: [{ expression: license }] }) };
}

/** Without a serial number and a time: the same bundle has the same inventory. */
export function billOfMaterials(self, components) {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: componentOf(self, 'application') },
    components: components.map((one) => componentOf(one)),
  };
}

/** Where a package is installed, seen from a folder. */
export function packageFolder(name, from) {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (at === dirname(at)) throw new Error(`Package "${name}" must be installed for ${from}, but is not.`);
  }
}

// --- internal ---

/** The folder of the nearest package.json that has a name; undefined for what the bundler made itself. */
function packageFolderOf(module) {
  if (!module.startsWith('/')) return undefined;
  for (let folder = dirname(module); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name) return folder;
  }
  return undefined;
}

function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { name, version, license };
}

function licenseText({ name, version, license, folder }) {
  const texts = licenseFiles(folder).map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const text = texts.length > 0 ? texts.join(`\n\n`) : NO_TEXT;
  return `${name} ${version} (${license ?? 'licence not named'})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}

/** A package that brings code of others, compiled or copied, has its licence next to that code. */
function licenseFiles(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => !file.includes('node_modules'));
  return files.filter((file) => /^(licen[cs]e|copying)/i.test(basename(file)) && !/\.[cm]?[jt]s$/.test(file)).sort();
}
