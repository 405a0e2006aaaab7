/**
 * Finds algorithms by name or folder, their sample data, and the folder for the commands' output. A workspace is the
 * nearest folder, from the current one upward, that has a folder `algorithms`.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type AlgorithmDescription,
  ArgumentError,
  type FileProgram,
  locateProgram,
  PROFILE_FILE,
  type Program,
} from '@algo/local';

/** The workspace that contains `from`; undefined outside of one. */
export function findWorkspace(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (isFolder(join(folder, 'algorithms'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * All algorithms of the workspace, by name.
 * @throws ArgumentError outside of a workspace, or when it has no algorithm
 */
export function listAlgorithms(from: string): readonly string[] {
  const workspace = findWorkspace(from);
  if (!workspace) {
    throw new ArgumentError(
      `There is no folder "algorithms" in ${from} or a parent folder. Give the path of an algorithm's folder.`,
    );
  }
  const names = algorithmsOf(workspace);
  if (names.length === 0)
    throw new ArgumentError(`${join(workspace, 'algorithms')} has no folder with a package.json.`);
  return names;
}

/**
 * The program of an algorithm that is given as a path, or as a name of the workspace's folder `algorithms`.
 * @throws ArgumentError when it is neither, with the names there are
 */
export function resolveProgram(nameOrPath: string, from: string): FileProgram {
  return locateProgram(resolveAlgorithm(nameOrPath, from));
}

/**
 * The folder (or program) of an algorithm that is given as a path, or as a name of the workspace's folder `algorithms`.
 * @throws ArgumentError when it is neither, with the names there are
 */
export function resolveAlgorithm(nameOrPath: string, from: string): string {
  const path = resolve(from, nameOrPath);
  const workspace = findWorkspace(from);
  const named = workspace && join(workspace, 'algorithms', nameOrPath);
  const isPlainName = /^[A-Za-z0-9-]+$/.test(nameOrPath);
  if (named && isPlainName && isFolder(named)) return named;
  if (existsSync(path) || !isPlainName) return path;
  const known = workspace ? algorithmsOf(workspace) : [];
  const hint = known.length > 0 ? ` Known algorithms: ${known.join(', ')}.` : '';
  throw new ArgumentError(`"${nameOrPath}" is neither a folder nor an algorithm of the workspace.${hint}`);
}

/**
 * The sample data of an algorithm: what was given, else `sample-data/<folder name>` next to `algorithms`, else
 * `sample-data` in the algorithm's own folder.
 * @throws ArgumentError when none of them has a validation profile
 */
export function findSampleData(program: Program, given: string | undefined, from: string): string {
  if (given !== undefined) return resolve(from, given);
  const beside = join(dirname(dirname(program.folder)), 'sample-data', basename(program.folder));
  const inside = join(program.folder, 'sample-data');
  const found = [beside, inside].find((folder) => existsSync(join(folder, PROFILE_FILE)));
  if (found) return found;
  throw new ArgumentError(`There is no ${PROFILE_FILE} in ${beside} or ${inside}. Give its folder with --sample-data.`);
}

/** A folder for what a command writes: `.algo/<parts>` of the workspace, or of the current folder outside of one. */
export function outputFolder(from: string, ...parts: readonly string[]): string {
  // biome-ignore lint/plugin: parts of a path
  return join(findWorkspace(from) ?? resolve(from), '.algo', ...parts);
}

/**
 * The model that a server gets.
 * @throws ArgumentError without one, unless the product is a model package, whose model may be in its image
 */
export function modelPath(
  option: string | undefined,
  { Name, TrainingSpecification }: AlgorithmDescription,
  from: string,
): string | undefined {
  if (option !== undefined) return resolve(from, option);
  if (!TrainingSpecification) return undefined;
  throw new ArgumentError(`--model is required: ${Name} serves the model.tar.gz of a training job.`);
}

// --- internal ---

function algorithmsOf(workspace: string): readonly string[] {
  const folder = join(workspace, 'algorithms');
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'package.json')))
    .sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
