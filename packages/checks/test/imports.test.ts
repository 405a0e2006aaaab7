/** Arrows between workspaces point one way, and no files import each other in a circle. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ARROWS, whyNot } from '../src/arrows.ts';
import { findCircle, importsOf, specifiersIn, targetOf } from '../src/imports.ts';
import { ROOT, readWorkspaces } from '../src/workspaces.ts';

const workspaces = readWorkspaces();
const folders = workspaces.map(({ folder }) => folder);
/** By the folder of the workspace. */
const imports = new Map(folders.map((folder) => [folder, importsOf(ROOT, folder)]));

/** The workspace that a specifier of a file leads to, if it is one. */
function workspaceOf(specifier: string, target: string | undefined): string | undefined {
  if (target !== undefined) return folders.find((folder) => target.startsWith(`${folder}/`));
  return workspaces.find(({ manifest: { name } }) => specifier === name || specifier.startsWith(`${name}/`))?.folder;
}

/** The folder below `parent` that has the file; undefined where none has. */
function folderBelow(parent: string, file: string): string | undefined {
  const [folder, ...rest] = file.startsWith(parent) ? file.slice(parent.length).split('/') : [];
  return rest.length > 0 ? folder : undefined;
}

describe('an import of another workspace', () => {
  it.each(workspaces)('points the way that arrows.ts allows: $folder', ({ folder }) => {
    const wrong = imports.get(folder)!.flatMap((one) => {
      const to = workspaceOf(one.specifier, targetOf(ROOT, one));
      if (to === undefined || (to === folder && one.specifier.startsWith('.'))) return [];
      const reason = whyNot(one.file, folder, to, one.specifier);
      return reason ? [`${one.file} imports "${one.specifier}": ${reason}`] : [];
    });

    expect(wrong).toEqual([]);
  });

  it.each(workspaces)('is of a package that package.json names: $folder', ({ folder, manifest }) => {
    const named = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    const names = workspaces.map((workspace) => workspace.manifest.name).filter((name) => name !== manifest.name);
    const used = imports.get(folder)!.map(({ specifier }) => specifier.split('/').slice(0, 2).join('/'));

    expect(used.filter((name) => names.includes(name) && !named.includes(name))).toEqual([]);
  });

  it.each([
    ['packages/local/src/a.ts', 'packages/local', 'packages/contract', '@algo/contract', /no other workspace/],
    ['packages/contract/src/a.ts', 'packages/contract', 'packages/local', '@algo/local', /packages\/numerics/],
    ['algorithms/x/src/a.ts', 'algorithms/x', 'algorithms/y', '@algo/y', /packages\/contract, packages\/numerics/],
    ['algorithms/x/src/a.ts', 'algorithms/x', 'packages/contract', '@algo/contract/testing', /for tests/],
    ['algorithms/x/src/a.ts', 'algorithms/x', 'packages/bench', '@algo/bench', /may import/],
    ['packages/cli/src/a.ts', 'packages/cli', 'packages/local', '../../local/src/index.js', /by the name/],
  ])('is refused where it points the wrong way: %s to %s', (file, from, to, specifier, reason) => {
    expect(whyNot(file, from, to, specifier)).toMatch(reason);
  });
});

it("docs/architecture.md names every folder of listing's source", () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const source = join(ROOT, 'packages/listing/src');
  const folders = [source, join(source, 'publish')].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()),
  );

  expect(folders.length).toBeGreaterThan(8);
  expect(folders.map(({ name }) => name).filter((name) => !page.includes(`\`${name}/\``))).toEqual([]);
});

describe('the picture of docs/architecture.md', () => {
  it('has an arrow for each that arrows.ts allows, and no other', () => {
    const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
    const arrows = [...page.matchAll(/^ *(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} → ${to}`);
    const short = (folder: string) => folder.replace(/^packages\/|\/\*$/g, '');
    const allowed = Object.entries(ARROWS).flatMap(([from, to]) => to.map((one) => `${short(from)} → ${short(one)}`));

    expect(arrows.sort()).toEqual(allowed.sort());
  });
});

describe('the folders of SageMaker’s resources', () => {
  it('import from those above them in the list of packages/api/README.md', () => {
    const page = readFileSync(join(ROOT, 'packages/api/README.md'), 'utf8');
    const [, list = ''] = /^In `src\/sagemaker\/`.*\n\n((?: {4}.*\n)+)/m.exec(page) ?? [];
    const order = [...list.matchAll(/^ {4}([\w-]+)\//gm)].map(([, name]) => name!);
    const resources = 'packages/api/src/sagemaker/';
    const arrows = imports.get('packages/api')!.flatMap((one) => {
      const [from, to] = [one.file, targetOf(ROOT, one) ?? ''].map((file) => folderBelow(resources, file));
      return from && to && from !== to ? [[from, to] as const] : [];
    });

    expect(new Set(arrows.flat())).toEqual(new Set(order));
    expect(arrows.filter(([from, to]) => order.indexOf(to) > order.indexOf(from))).toEqual([]);
  });
});

describe('files that import each other', () => {
  it.each(workspaces)('do so in no circle, kernels too: $folder', ({ folder }) => {
    const edges = new Map<string, string[]>();
    for (const one of imports.get(folder)!) {
      const target = targetOf(ROOT, one);
      if (target !== undefined) edges.set(one.file, [...(edges.get(one.file) ?? []), target]);
    }

    expect(findCircle(edges)?.join(' → ')).toBeUndefined();
  });

  it('are found in a circle of any length', () => {
    const edges = { a: ['b', 'd'], b: ['c'], c: ['b'], d: ['a'] };
    expect(findCircle(new Map(Object.entries(edges)))).toEqual(['b', 'c', 'b']);
    expect(findCircle(new Map(Object.entries({ ...edges, b: ['c'], c: [] })))).toEqual(['a', 'd', 'a']);
    expect(findCircle(new Map(Object.entries({ a: ['b', 'c'], b: ['c'], c: [] })))).toBeUndefined();
  });
});

describe('the imports of a file', () => {
  it('are those of its declarations and calls, whether of values or types, but not of its comments', () => {
    const text = [
      "import a from 'a';",
      "import type { B } from './b.js';",
      "import {\n  c,\n  type D,\n} from '../c.js';",
      "export * from './e.js';",
      "import 'f';",
      "const g = await import('g');",
      "// import h from 'h'; import('i')",
      " * import j from 'j';",
      "const text = `import k from 'k'`;",
    ].join('\n');

    expect(specifiersIn(text)).toEqual(['a', './b.js', '../c.js', './e.js', 'f', 'g']);
  });

  it('are all resolved to files, where they are relative', () => {
    const unresolved = [...imports.values()]
      .flat()
      .filter(
        (one) =>
          one.specifier.startsWith('.') &&
          !/\/(dist|fixtures)\/|\.generated\.js$|vitest\.base|package\.json$/.test(one.specifier) &&
          targetOf(ROOT, one) === undefined,
      );

    expect(unresolved).toEqual([]);
  });
});
