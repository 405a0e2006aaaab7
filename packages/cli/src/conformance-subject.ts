/** What `algo conformance` is given, as a program: an image, a program, a folder with `train` and `serve`, an algorithm. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  ArgumentError,
  type EngineName,
  type FileProgram,
  findEngine,
  isImageReference,
  openImageProgram,
  type Program,
} from '@algo/local';
import { findWorkspace, resolveProgram } from './workspace.js';

interface SubjectOptions {
  readonly runner?: 'process' | 'container';
  readonly engine?: EngineName;
  readonly keeperImage?: string;
}

/**
 * A path or a name of the workspace is a program, anything else an image. Close the sandbox of an image afterwards.
 * @throws ArgumentError when it is none of them
 */
export async function openSubject(subject: string, from: string, options: SubjectOptions): Promise<Program> {
  const path = resolve(from, subject);
  const workspace = findWorkspace(from);
  const named = workspace && join(workspace, 'algorithms', subject);
  const isNamed = named !== undefined && /^[A-Za-z0-9-]+$/.test(subject) && existsSync(named);
  const isFile = isNamed || existsSync(path);
  if (options.runner !== 'container' && isFile)
    return (isNamed ? undefined : commandFolder(path)) ?? resolveProgram(subject, from);
  if (options.runner === 'process')
    throw new ArgumentError(`There is no folder or program "${subject}". Check the path.`);
  const image = isFile ? basename(isNamed ? named : path) : subject;
  if (!isImageReference(image)) {
    throw new ArgumentError(`"${subject}" is no folder, no program, no algorithm of the workspace and no image.`);
  }
  const engine = await findEngine('run', options.engine);
  return openImageProgram({
    ...{ engine, image, folder: folderOf(image, workspace) },
    ...(options.keeperImage !== undefined && { keeperImage: options.keeperImage }),
  });
}

// --- internal ---

/**
 * A folder with executable files `train` and `serve`, or one of them, as images have it whose PATH leads there.
 * @returns undefined for what is no folder, or may be an algorithm's
 * @throws ArgumentError when one of the files cannot be executed, or nothing in the folder is a program
 */
function commandFolder(folder: string): FileProgram | undefined {
  if (!isFolder(folder)) return undefined;
  const files = ['train', 'serve'].map((name) => join(folder, name)).filter(isPlainFile);
  const plain = files.find((file) => !isExecutable(file));
  if (plain !== undefined) throw new ArgumentError(`${plain} must be executable. Run "chmod +x ${plain}" first.`);
  if (files.length === 0) {
    if (ALGORITHM_FILES.some((name) => existsSync(join(folder, name)))) return undefined;
    const advice = existsSync(join(folder, 'Dockerfile'))
      ? 'Build the image of its Dockerfile, and give the name of that.'
      : 'Check the path.';
    throw new ArgumentError(`${folder} must have executable files train and serve; it has neither. ${advice}`);
  }
  return { command: '/bin/sh', args: ['-c', 'PATH="$0:$PATH"; exec "$1"', folder], file: folder, folder };
}

/** One of them is in the folder of an algorithm. */
const ALGORITHM_FILES = ['package.json', 'dist/main.js'];

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isPlainFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Root may read and write any file, but execute only one that somebody may. */
function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Of the algorithm that the image has its name from: its sample data is found next to it. */
function folderOf(image: string, workspace: string | undefined): string {
  const name = basename(image).replace(/[:@].*$/, '');
  return workspace ? join(workspace, 'algorithms', name) : dirname(name);
}
