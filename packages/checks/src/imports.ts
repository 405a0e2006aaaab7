/**
 * Which modules import which, read from their import and export declarations. That is all that TypeScript, JavaScript and
 * AssemblyScript have in common here, so no parser is needed: a declaration begins its line.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export interface Import {
  /** The file that imports, from the root of the repository. */
  readonly file: string;
  /** As it is written there: `./pool.js`, `@algo/contract/testing`, `node:fs`. */
  readonly specifier: string;
}

/** Files that are written by hand, in folders of these names; generated ones and what is installed are left out. */
const FILES = '{src,console/src,test,bench,scripts,assembly}/**/*.{ts,tsx,js,cjs,mjs}';
const LEFT_OUT = /(^|\/)(node_modules|dist|fixtures)\/|\.generated\.ts$/;

const DECLARATION = /^(?:import|export)\b(?:[^'";]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
const CALL = /^(?!\s*(?:\*|\/\/)).*?\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** Every import of the files of a workspace. @param folder of the workspace, from `root` */
export function importsOf(root: string, folder: string): Import[] {
  const files = globSync([`${folder}/${FILES}`, `${folder}/*.{ts,js}`], { cwd: root });
  return [...new Set(files)]
    .filter((file) => !LEFT_OUT.test(file))
    .sort()
    .flatMap((file) => specifiersIn(readFileSync(join(root, file), 'utf8')).map((specifier) => ({ file, specifier })));
}

/** What a module's text imports, types too. */
export function specifiersIn(text: string): string[] {
  return [DECLARATION, CALL].flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]!));
}

/** The file that a relative specifier means, from the root; undefined for packages and for generated files. */
export function targetOf(root: string, { file, specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = join(root, dirname(file), specifier);
  const candidates = [
    path.replace(/\.js$/, '.ts'),
    path.replace(/\.js$/, '.tsx'),
    path,
    `${path}.ts`,
    join(path, 'index.ts'),
  ];
  const found = candidates.find((candidate) => /\.[cm]?[jt]sx?$/.test(candidate) && existsSync(candidate));
  return found === undefined || LEFT_OUT.test(found.slice(root.length)) ? undefined : relative(root, found);
}

/**
 * One circle among files that import each other, or undefined.
 * @returns the files in the order of their imports, the first one again at the end
 */
export function findCircle(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const circle = visit(start, []);
    if (circle) return circle;
  }
  return undefined;

  function visit(file: string, path: readonly string[]): string[] | undefined {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of edges.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  }
}
