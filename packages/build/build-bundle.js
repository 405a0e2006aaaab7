#!/usr/bin/env node
/**
 * Bundles an algorithm's program and everything it imports into one ES module, program.js, that needs only Node. Next
 * to it, writes the small file that starts it (entry.js says why), training.js, which the main thread of a training job
 * runs, and the list of packages in it, with their licences. Runs in the algorithm's folder.
 *
 * build-bundle src/main.ts dist/main.js [PACKAGE whose files go next to the bundle]… [--alias PACKAGE=PACKAGE or
 * ./FILE]…
 *     [--es-modules]   takes packages' ES modules where they have both: what they use of others is in the inventory, too
 *     [--library]      TARGET is the bundle itself, a module to be imported: nothing starts it
 *     [--external PACKAGE]…   stays an import, with its subpaths, of a package that others import too
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { packageFolder, writeInventory } from './bundle-inventory.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    alias: { type: 'string', multiple: true, default: [] },
    'es-modules': { type: 'boolean', default: false },
    external: { type: 'string', multiple: true, default: [] },
    library: { type: 'boolean', default: false },
  },
});
const [source, target, ...packages] = positionals;
if (!source || !target) {
  console.error(
    'usage: build-bundle SOURCE.ts TARGET.js [PACKAGE]... [--alias PACKAGE=PACKAGE|./FILE]... [--es-modules] [--library] [--external PACKAGE]...',
  );
  process.exit(2);
}

/**
 * An import of node:http reads all of its exports, and one of them, WebSocket, loads Node's client for it: 20 ms of a
 * processor at every start. As a built-in object it does not.
 */
const http = {
  name: 'http',
  resolveId: (id) => (id === 'node:http' ? '\0http' : undefined),
  load: (id) =>
    id === '\0http'
      ? `export const { Agent, createServer, request } = process.getBuiltinModule('node:http');`
      : undefined,
};

const bundle = await rolldown({
  input: source,
  platform: 'node',
  external: values.external.flatMap((name) => [name, new RegExp(`^${name}/`)]),
  plugins: values.library ? [http] : [],
  resolve: {
    alias: aliases(values.alias),
    mainFields: values['es-modules'] ? ['module', 'main'] : ['main', 'module'],
  },
});
const algorithm = process.cwd();
const folder = dirname(resolve(target));
const { output } = await bundle.write({
  file: values.library ? target : join(folder, 'program.js'),
  format: 'esm',
  sourcemap: true,
  codeSplitting: false,
});
await bundle.close();
if (!values.library) await writeTraining();
const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
const beside = packages.map((name) => packageFolder(name, algorithm));
writeInventory(modules, beside, algorithm, folder);
if (!values.library) {
  rmSync(`${target}.map`, { force: true }); // of a bundle that was main.js itself
  writeFileSync(target, entryFor(pinnedNode()));
}

/** The main thread of a training has no use for the algorithm, which its thread loads meanwhile. */
async function writeTraining() {
  const source = join(algorithm, 'training.js'); // of no file: what it imports is looked for from the algorithm's folder
  const lines = [
    `import { runTraining } from '@algo/contract/training-program';`,
    `await runTraining(new URL('./program.js', import.meta.url));`,
  ];
  const training = await rolldown({
    input: source,
    platform: 'node',
    plugins: [
      {
        name: 'training',
        resolveId: (id) => (id === source ? id : undefined),
        load: (id) => (id === source ? lines.join('\n') : undefined),
      },
    ],
  });
  await training.write({ file: join(folder, 'training.js'), format: 'esm', sourcemap: true, codeSplitting: false });
  await training.close();
}

/** What stands in for a package, by its name. */
function aliases(pairs) {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, stand] = pair.split('=', 2);
      return [name, stand.startsWith('./') ? resolve(stand) : stand];
    }),
  );
}

/** The first number of the Node that the project pins with the npm package `node`: the one its tests run on. */
function pinnedNode() {
  const { version } = JSON.parse(readFileSync(join(packageFolder('node', algorithm), 'package.json'), 'utf8'));
  return Number.parseInt(version, 10);
}

function entryFor(major) {
  const text = readFileSync(new URL('entry.js', import.meta.url), 'utf8');
  return text.replace('NODE_MAJOR = 0;', `NODE_MAJOR = ${major};`);
}
