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
  if (options.runner !== 'container' && isFile) return commandFolder(path) ?? resolveProgram(subject, from);
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

/** A folder with executable files `train` and `serve`, as images have it whose PATH leads there. */
function commandFolder(folder: string): FileProgram | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  if (!isExecutable(join(folder, 'serve'))) return undefined;
  return { command: '/bin/sh', args: ['-c', 'PATH="$0:$PATH"; exec "$1"', folder], file: folder, folder };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Of the algorithm that the image has its name from: its sample data is found next to it. */
function folderOf(image: string, workspace: string | undefined): string {
  const name = basename(image).replace(/[:@].*$/, '');
  return workspace ? join(workspace, 'algorithms', name) : dirname(name);
}
