/** What to do about a program that cannot be tried as it is, as the end of a message: "; …", or nothing. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isImageProgram, type OptMl, type Program } from '@algo/local';
import { listenersOf, listListeners } from './listening.js';

/** On a script that the kernel cannot start. */
export function adviceOnStart(program: Program, command: 'train' | 'serve'): string {
  if (isImageProgram(program)) return '';
  const isFolder = statSync(program.file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const file = isFolder ? join(program.file, command) : program.file;
  const [, line, interpreter = ''] = /^#!([ \t]*(\S+)[^\n]*)\n/.exec(startOf(file)) ?? [];
  if (line === undefined) return '';
  if (line.endsWith('\r')) {
    return `; the first line of ${file} ends with a carriage return, which is taken for a part of the interpreter's name`;
  }
  return existsSync(interpreter) ? '' : `; ${file} needs ${interpreter}, which this machine has not: try its image`;
}

/** On a program with paths that are the image's. @param lines of its log */
export function adviceOnPaths(program: Program, lines: readonly string[]): string {
  if (isImageProgram(program) || !lines.some((line) => line.includes('/opt/ml'))) return '';
  return '; a program that runs as a process has the folder SAGEMAKER_BASE_DIR in place of /opt/ml: try its image';
}

/** On a server that ended although nothing was asked of it. */
export function adviceOnModel({ model }: { readonly model: string | undefined }): string {
  return model === undefined
    ? '; it had no model in its folder: where the image has none of its own, a profile (--profile) must name one, or a training job'
    : '';
}

interface Listening {
  readonly program: Program;
  readonly tree: OptMl;
  readonly port: number;
}

/** On a server that does not listen where it should. */
export function adviceOnPort({ program, tree, port }: Listening): string {
  const listeners = isImageProgram(program) ? [] : (listenersOf(tree) ?? []);
  if (listeners.length === 0) return '';
  const own = listeners.filter((one) => one.port === port);
  if (own.length === 0) {
    return `; it listens on ${listListeners(listeners)}, where SAGEMAKER_BIND_TO_PORT is ${port}: try its image if its port is fixed`;
  }
  return own.some(({ address }) => address.includes('.')) ? '' : `; it listens on ${listListeners(own)}, not on IPv4`;
}

// --- internal ---

/** More than the kernel reads of the line. */
const START_BYTES = 512;

function startOf(file: string): string {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return '';
  const opened = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(START_BYTES);
    return bytes.toString('latin1', 0, readSync(opened, bytes));
  } finally {
    closeSync(opened);
  }
}
