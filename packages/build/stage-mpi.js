#!/usr/bin/env node
/**
 * Lays out MPI in one folder: MPICH's library and what it is linked to, from its wheel on PyPI, and koffi, which calls it, with
 * their licences and an inventory for scanners. An image gets it at /opt/algorithm/mpi; tests, benches and jobs on this
 * machine use ~/.cache/sagemaker-algorithms/mpi, which also has the header for C. Needs `npm ci`, and python3 with pip, on
 * Linux and x86-64. Does nothing where the same version is there.
 *
 *   stage-mpi [/stage/algorithm/opt/algorithm/mpi]
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { componentOf, INVENTORY_FILE, LICENSES_FILE, packageFolder } from './bundle-inventory.js';

/** The wheel, with the digest that PyPI has for it, and what it brings: they change together. */
const WHEEL = {
  requirement: 'mpich==5.0.2 --hash=sha256:8fed465ebff269ea2ebac179a25de02671ddf8df476e0f115be089015015cfd4',
  components: [
    { name: 'mpich', version: '5.0.2', license: 'mpich2', purl: 'pkg:pypi/mpich@5.0.2', cpe: 'mpich:mpich' },
    { name: 'libfabric', version: '2.5.1', license: 'BSD-2-Clause OR GPL-2.0-only' },
    { name: 'ucx', version: '1.20.1', license: 'BSD-3-Clause' },
  ],
};

/** The library of the standard's binary interface and those that it is linked to: none of their plugins, no programs. */
const LIBRARIES = String.raw`\.data/data/lib/(libmpi_abi\.so\.1|mpich/[^/]+)$`;
const HEADER = String.raw`\.data/data/include/mpi_abi\.h$`;
const LICENSES = String.raw`\.dist-info/licenses/LICENSE[^/]*$`;

const UNPACK = `
import glob, os, re, sys, zipfile
with zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0]) as wheel:
    for name in wheel.namelist():
        if re.search(sys.argv[3], name):
            path = os.path.join(sys.argv[2], re.sub(r'^.*?[.](data/data|dist-info)/', '', name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'wb') as target:
                target.write(wheel.read(name))
`;

/** What is loaded of koffi; the rest is its code in C++, and for other systems. */
const PACKAGES = {
  koffi: /^(package\.json|LICENSE\.txt|index\.cjs|src\/koffi\/(index|src\/\w+)\.cjs)$/,
  [`@koromix/koffi-${process.platform}-${process.arch}`]: /^(package\.json|index\.js|linux_\w+\/koffi\.node)$/,
};

const CACHE = join(homedir(), '.cache', 'sagemaker-algorithms', 'mpi');
const [folder = CACHE] = process.argv.slice(2);
const inventory = `${JSON.stringify(billOfMaterials(), null, 2)}\n`;
if (readIfThere(join(folder, INVENTORY_FILE)) === inventory) {
  console.log(`${folder} is there`);
} else {
  stage();
}

// --- internal ---

/** Complete under its name, or not there. */
function stage() {
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  try {
    fill(made);
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true }); // where it was not completed
  }
  console.log(`${folder}: ${readdirSync(folder).join(', ')}`);
}

function fill(made) {
  unpackWheel(made, [LIBRARIES, LICENSES, ...(folder === CACHE ? [HEADER] : [])].join('|'));
  const names = readdirSync(join(made, 'licenses')).sort();
  const texts = names.map((name) => [`mpich, ${name}`, readFileSync(join(made, 'licenses', name), 'utf8')]);
  rmSync(join(made, 'licenses'), { recursive: true });
  for (const [name, wanted] of Object.entries(PACKAGES)) {
    const source = packageFolder(name, import.meta.dirname);
    for (const path of readdirSync(source, { recursive: true })) {
      if (wanted.test(path)) cpSync(join(source, path), join(made, 'node_modules', name, path));
    }
  }
  texts.push(['koffi', readFileSync(join(made, 'node_modules', 'koffi', 'LICENSE.txt'), 'utf8')]);
  const line = `\n${'-'.repeat(80)}\n`;
  writeFileSync(join(made, LICENSES_FILE), texts.map(([name, text]) => `${name}\n\n${text.trim()}\n`).join(line));
  writeFileSync(join(made, INVENTORY_FILE), inventory);
  execFileSync('chmod', ['-R', 'go+rX', made]);
}

function unpackWheel(target, pattern) {
  const wheels = mkdtempSync(join(tmpdir(), 'mpi-wheel-'));
  try {
    const requirements = join(wheels, 'requirements.txt');
    writeFileSync(requirements, `${WHEEL.requirement}\n`);
    const python = findPython();
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--dest', wheels];
    execFileSync(python, ['-m', 'pip', 'download', ...options, '--requirement', requirements], { stdio: 'inherit' });
    execFileSync(python, ['-c', UNPACK, wheels, target, pattern], { stdio: 'inherit' });
  } finally {
    rmSync(wheels, { recursive: true, force: true });
  }
}

/** Any Python with pip will do: the wheel is only unpacked. */
function findPython() {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' });
      return python;
    } catch {}
  }
  throw new Error('python3 with pip must be on the PATH to get MPICH, but is not. On Debian, install python3-pip.');
}

function billOfMaterials() {
  const fromWheel = WHEEL.components.map(
    ({ name, version, license, cpe, purl = `pkg:generic/${name}@${version}` }) => ({
      ...{ type: 'library', 'bom-ref': purl, name, version, purl },
      ...(cpe && { cpe: `cpe:2.3:a:${cpe}:${version}:*:*:*:*:*:*:*` }),
      licenses: [{ expression: license }],
    }),
  );
  const fromNpm = Object.keys(PACKAGES).map((name) => {
    const path = join(packageFolder(name, import.meta.dirname), 'package.json');
    return componentOf(JSON.parse(readFileSync(path, 'utf8')));
  });
  return { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [...fromWheel, ...fromNpm] };
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
