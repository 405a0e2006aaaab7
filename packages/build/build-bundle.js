#!/usr/bin/env node
/**
 * Bundles an algorithm's program and everything it imports into ES modules that need only Node: program.js, and
 * program.NAME.part.js for what is imported later or shared (bundle-parts.js). Next to them, writes the small file that
 * starts them (entry.js says why), training.js, which the main thread of a training job runs, and the list of packages in
 * them, with their licences. Runs in the algorithm's folder.
 *
 * build-bundle src/main.ts dist/main.js [PACKAGE whose files go next to the bundle]… [--alias PACKAGE=PACKAGE or
 * ./FILE]…
 *     [--es-modules]   takes packages' ES modules where they have both: what they use of others is in the inventory, too
 *     [--library]      TARGET is a module to be imported, with TARGET.NAME.part.js next to it for what is imported later: nothing
 *                      starts it
 *     [--external PACKAGE]…   stays an import, with its subpaths, of a package that others import too
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { packageFolder, writeInventory } from './bundle-inventory.js';
import { importsBySource, inParts, removeOldParts, requireFreeParts } from './bundle-parts.js';

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
 * Takes a built-in module of Node as the object it is. For an import Node reads all that it exports, and some of that loads
 * more of Node: streams for fs, Web Crypto for crypto, a client of WebSocket for http, together 25 ms of a processor at
 * every start.
 */
const builtIns = {
  name: 'built-ins',
  renderChunk: (code) => ({
    code: code.replace(/^(?:import .*\n)+/, (imports) => imports.replace(IMPORT, asObject)), // all are its first lines
    map: null, // each stays on its line
  }),
};

/** `import main, * as all from "module";` or `import main, { names } from "module";`, as rolldown writes it. */
const IMPORT = /^import (?:([\w$]+)(?:, )?)?(?:\* as ([\w$]+)|(\{.*\}))? from "([\w:/]+)";$/gm;

/** Without the documentation, which the sources have: it would be read at each start. */
const format = { format: 'esm', sourcemap: true, comments: { jsdoc: false } };

const graph = importsBySource();
const bundle = await rolldown({
  input: source,
  platform: 'node',
  checks: { ineffectiveDynamicImport: false }, // what is imported both ways is a part that two others need
  external: values.external.flatMap((name) => [name, new RegExp(`^${name}/`)]),
  plugins: [builtIns, graph.plugin],
  resolve: {
    alias: aliases(values.alias),
    mainFields: values['es-modules'] ? ['module', 'main'] : ['main', 'module'],
  },
});
const algorithm = process.cwd();
const folder = dirname(resolve(target));
/** What main.js starts, or the library. */
const main = values.library ? basename(target) : 'program.js';
const { output } = await bundle.write({ dir: folder, ...inParts(main, resolve(source), graph), ...format });
await bundle.close();
removeOldParts(folder, main, output);
if (!values.library) {
  requireFreeParts(output, resolve(source), graph);
  await writeTraining();
}
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
      builtIns,
      {
        name: 'training',
        resolveId: (id) => (id === source ? id : undefined),
        load: (id) => (id === source ? lines.join('\n') : undefined),
      },
    ],
  });
  await training.write({ file: join(folder, 'training.js'), codeSplitting: false, ...format });
  await training.close();
}

/** The statement that declares the names of an import of a built-in module; any other import as it is. */
function asObject(statement, main, all, names, id) {
  if (!isBuiltin(id)) return statement;
  const targets = [main, all, names?.replace(/ as /g, ': ')].filter(Boolean);
  const object = `globalThis.process.getBuiltinModule("${id}")`;
  return `const ${targets.map((target) => `${target} = ${object}`).join(', ')};`;
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
