/**
 * Writes the start of an algorithm from one of the templates next to `src`. A template is, with what all of them share,
 * a complete algorithm named `example-algorithm` and the sample data it is validated with; its names are replaced, and
 * the versions of the workspace's packages are filled in.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArgumentError } from '@algo/local';
import { findWorkspace } from './workspace.js';

/** The kind of template: rows of numbers, custom payloads, or a model that is not trained here. */
export const KINDS = ['tabular', 'custom', 'model-package'] as const;
export type Kind = (typeof KINDS)[number];

export interface NewAlgorithm {
  /** Lower-case letters, digits and single hyphens, at most 63. */
  readonly name: string;
  readonly kind: Kind;
  /** A folder of the repository. */
  readonly from: string;
}

export interface WrittenAlgorithm {
  /** Of the algorithm, and of its sample data. */
  readonly folders: readonly [string, string];
  /** Number of files in both. */
  readonly files: number;
  /** Name of the workspace, such as `@algo/my-algorithm`. */
  readonly workspace: string;
}

/**
 * Nothing is written unless everything can be.
 * @throws ArgumentError for a name that cannot be used, a package.json that is none, and outside of a repository made from this one
 */
export function writeAlgorithm({ name, kind, from }: NewAlgorithm): WrittenAlgorithm {
  checkName(name);
  checkIdentifier(name, kind);
  const workspace = repositoryOf(from);
  const scope = readJson(join(workspace, CONTRACT)).name.split('/', 1)[0]!;
  const folders = [join(workspace, 'algorithms', name), join(workspace, 'sample-data', name)] as const;
  checkFree(name, `${scope}/${name}`, folders, workspace);
  const [algorithm, sampleData] = folders;
  const templates = [
    ['shared', algorithm],
    [join(kind, 'algorithm'), algorithm],
    [join(kind, 'sample-data'), sampleData],
  ] as const;
  const texts = new Map<string, Buffer>();
  for (const [template, folder] of templates) {
    for (const file of filesOf(join(TEMPLATES, template))) {
      const content = readFileSync(join(TEMPLATES, template, file));
      texts.set(join(folder, renamed(file, name)), fill(file, content, { name, scope, workspace }));
    }
  }
  try {
    for (const [path, content] of texts) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { flag: 'wx' });
    }
  } catch (error) {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return { folders, files: texts.size, workspace: `${scope}/${name}` };
}

// --- internal ---

const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));
const CONTRACT = 'packages/contract/package.json';
/** The name of every template's algorithm, as texts and file names have it. */
const EXAMPLE = 'example-algorithm';

/** Lower-case names that no constant may have. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 63) return;
  throw new ArgumentError(
    `The name must be lower-case letters, digits and single hyphens, begin with a letter and have at most 63 characters; received "${name}".`,
  );
}

/** The name is also that of a constant, next to those of the template. */
function checkIdentifier(name: string, kind: Kind): void {
  const identifier = camelCase(name);
  const declared = new RegExp(
    `\\b(?:const|let|function|class|interface|type) ${identifier}\\b|^import [^;]*\\b${identifier}\\b[^;]* from`,
    'm',
  );
  const isTaken = ['shared', kind].some((template) => {
    const files = filesOf(join(TEMPLATES, template)).filter((file) => file.endsWith('.ts'));
    return files.some((file) => declared.test(readFileSync(join(TEMPLATES, template, file), 'utf8')));
  });
  if (!isTaken && !RESERVED_WORDS.has(identifier)) return;
  throw new ArgumentError(
    `The name "${name}" cannot be used, since ${identifier} has a meaning of its own in the code. Choose another name.`,
  );
}

/** The root of the repository. @throws ArgumentError where the packages that an algorithm needs are not there */
function repositoryOf(from: string): string {
  const workspace = findWorkspace(from);
  if (workspace && existsSync(join(workspace, CONTRACT))) return workspace;
  throw new ArgumentError(
    `${from} is not in a repository with algorithms/ and packages/contract. algo new needs them, since an algorithm is built with packages/contract and packages/build: clone the template and run the command there.`,
  );
}

function checkFree(name: string, packageName: string, folders: readonly string[], workspace: string): void {
  const taken = folders.find((folder) => lstatSync(folder, { throwIfNoEntry: false }) !== undefined);
  if (taken !== undefined) throw new ArgumentError(`${taken} exists already. Choose another name, or remove it.`);
  for (const parent of ['algorithms', 'packages', '.']) {
    for (const entry of readdirSync(join(workspace, parent), { withFileTypes: true })) {
      const file = join(workspace, parent, entry.name, 'package.json');
      if (!entry.isDirectory() || !existsSync(file) || readJson(file).name !== packageName) continue;
      throw new ArgumentError(
        `${join(parent, entry.name)} is named ${packageName} already. Choose another name than "${name}".`,
      );
    }
  }
}

/** Paths below `folder`, `/` between folders, sorted. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function renamed(file: string, name: string): string {
  return file.replaceAll(EXAMPLE, name);
}

interface Names {
  readonly name: string;
  readonly scope: string;
  readonly workspace: string;
}

/** The file with the names and versions of its new place; bytes that are no text stay as they are. */
function fill(file: string, content: Buffer, { name, scope, workspace }: Names): Buffer {
  const text = content.toString('utf8');
  if (!Buffer.from(text).equals(content)) return content;
  const filled = text
    .replaceAll(EXAMPLE, name)
    .replaceAll('exampleAlgorithm', camelCase(name))
    .replaceAll('Example algorithm', capitalized(name.replaceAll('-', ' ')))
    .replaceAll('@algo/', `${scope}/`);
  if (file !== 'package.json') return Buffer.from(filled);
  return Buffer.from(withVersions(filled, workspace));
}

/** Fills in the versions that the repository has: an algorithm and its SDK must use the same zod. */
function withVersions(text: string, workspace: string): string {
  const contract = readJson(join(workspace, CONTRACT));
  const known: Record<string, string> = { ...contract.devDependencies, ...contract.dependencies };
  known[contract.name] = contract.version;
  return text.replace(/"([^"]+)": "workspace"/g, (_, dependency: string) => {
    const version = known[dependency];
    if (version === undefined) throw new Error(`${dependency} is in no version that ${CONTRACT} names`);
    return `"${dependency}": "${version}"`;
  });
}

function readJson(file: string): PackageJson {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
  } catch (error) {
    throw new ArgumentError(`${file} cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}

function camelCase(name: string): string {
  const [first = '', ...others] = name.split('-');
  return first + others.map(capitalized).join('');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
