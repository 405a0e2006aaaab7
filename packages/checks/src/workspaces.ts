/** The workspaces of the repository, by the folders that npm sees them in. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface Workspace {
  /** From the root of the repository, such as `packages/contract`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What is read here of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Where an algorithm's version is written besides its package.json; group 1 of each pattern is the version. */
export const VERSION_PLACES = [
  { file: 'src/definition.ts', pattern: /^ {2}version: '(.+)',$/m },
  { file: 'Dockerfile', pattern: /org\.opencontainers\.image\.version="(.+?)"/ },
] as const;

export function readWorkspaces(root: string = ROOT): Workspace[] {
  const { workspaces } = readJson<{ workspaces: string[] }>(join(root, 'package.json'));
  return globSync(
    workspaces.map((pattern) => `${pattern}/package.json`),
    { cwd: root },
  )
    .sort()
    .map((file) => ({ folder: join(file, '..'), manifest: readJson<Manifest>(join(root, file)) }));
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
