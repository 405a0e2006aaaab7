/**
 * In which files a program or a library lies: few, as each takes a part of a millisecond to find, and none with much that
 * its user does without, as each kB takes 0.03 ms of a processor to compile. All lie in one folder: paths relative to a
 * module stay right.
 */
import { readdirSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** What serves: each container waits for it. */
const SERVING = /\bcontract\/(?:dist|src)\/serve\/serve\.[jt]s$/;

/** The project's own packages that programs are made with, which import nothing of a program. */
const SDK = /^(?!.*node_modules).*\b(?:contract|numerics)\/(?:dist|src)\//;

/** What modules import statically, by their paths, once `plugin` has seen them. */
export function importsBySource() {
  const imports = new Map();
  return {
    imports,
    plugin: { name: 'imports', moduleParsed: ({ id, importedIds }) => void imports.set(id, importedIds) },
  };
}

/**
 * Options of the output: what is always loaded, what the `import()` of the server needs and others too, what two or more
 * others need, and a file for each of these calls.
 * @param main file name of the first one
 * @param source path of the module that is bundled
 */
export function inParts(main, source, { imports }) {
  const group = (name, priority, others) => ({ name, priority, ...others });
  const isServing = reachable(imports, SERVING);
  return {
    entryFileNames: main,
    chunkFileNames: `${basename(main, '.js')}.[name].part.js`, // other targets in the folder have theirs
    codeSplitting: {
      groups: [
        // Without `source` itself: it may wait for a part that needs what else is always loaded.
        group('start', 5, { tags: ['$initial'], test: (id) => id !== source }),
        group('start', 5, { test: /^\0?rolldown\/runtime/ }),
        // Each by itself: what `shared` has may need packages that most of its users do without.
        group(packageName, 4, { debugName: 'packages', test: /node_modules/, minShareCount: 2 }),
        group('serving', 3, { test: isServing, minShareCount: 2 }),
        // What parts of the SDK share apart from what the program's own do, and before: a group takes what its modules import
        // with it, and a server reads formats without training.
        group('shared', 2, { test: SDK, minShareCount: 2 }),
        group('own', 1, { test: /^(?!.*node_modules)/, minShareCount: 2 }),
      ],
    },
  };
}

/**
 * A part that needed `source` would wait for its end, while the program in it waits for the part.
 * @throws Error naming the modules that import it
 */
export function requireFreeParts(output, source, { imports }) {
  const parts = new Map(output.filter(({ type }) => type === 'chunk').map((part) => [part.fileName, part]));
  const closure = (first) => closureOf([first], (name) => parts.get(name)?.imports);
  const entry = output.find(({ facadeModuleId, isEntry }) => isEntry && facadeModuleId === source).fileName;
  const withSource = output.find(({ moduleIds }) => moduleIds?.includes(source)).fileName;
  const atStart = closure(entry);
  const isTied = [...parts.keys()].some((name) => !atStart.has(name) && closure(name).has(withSource));
  if (!isTied) return;
  const path = (id) => relative(process.cwd(), id);
  const importers = [...imports].filter(([, imported]) => imported.includes(source)).map(([id]) => path(id));
  throw new Error(
    `No module that is imported later may import ${path(source)}, which waits for it; ${importers.join(', ')} does. ` +
      'Move what it takes from there into a file of its own.',
  );
}

/** Removes parts of earlier builds, which nothing imports any more. Of two with a name, rolldown calls one MAIN2.NAME. */
export function removeOldParts(folder, main, output) {
  const name = basename(main, '.js');
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const file of readdirSync(folder)) {
    const isPart = file.startsWith(name) && /^\d*\..+\.part\.js(\.map)?$/.test(file.slice(name.length));
    if (isPart && !written.has(file)) rmSync(join(folder, file));
  }
}

// --- internal ---

function packageName(id) {
  const [, name] = /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id);
  return name.replace('@', '').replace('/', '-');
}

/** Whether a module is one that matches, or one that it imports statically; to be asked once all are parsed. */
function reachable(imports, pattern) {
  let found;
  return (id) => {
    found ??= closureOf(
      [...imports.keys()].filter((path) => pattern.test(path)),
      (path) => imports.get(path),
    );
    return found.has(id);
  };
}

/** What is reached from `first`, themselves included. */
function closureOf(first, next) {
  const found = new Set(first);
  for (const one of found) for (const other of next(one) ?? []) found.add(other);
  return found;
}
