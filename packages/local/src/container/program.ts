/**
 * The program of an algorithm: its location and its description. The tools never import an algorithm, they only start
 * its program, so they work the same for a folder of this repository and for one elsewhere.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ArgumentError, JobError, messageOf } from '../errors.js';
import type { AlgorithmDescription } from './description.js';
import { describeArguments, type ImageProgram } from './image-program.js';

/** What can be started with `train`, `serve` or `describe`: a file of this machine, or an image. */
export type Program = FileProgram | ImageProgram;

/** A program that runs as a process, with `train`, `serve` or `describe` after its own arguments. */
export interface FileProgram {
  /** The executable: Node for a JavaScript file (the project's own, if it pins one), else the file itself. */
  readonly command: string;
  readonly args: readonly string[];
  /** The file that was found. */
  readonly file: string;
  /** The algorithm's folder; for a file the folder it lies in. */
  readonly folder: string;
}

/** The time limit of `describe`: it loads the program and prints, without reading data. */
const DESCRIBE_TIMEOUT_MS = 120_000;
const DESCRIPTION_MAX_BYTES = 16 * 1024 * 1024;

/**
 * The program of an algorithm folder (`main` of its package.json, else dist/main.js), or the given file itself.
 * @throws ArgumentError when there is no such path, it is no algorithm, or it has not been built
 */
export function locateProgram(path: string): FileProgram {
  const full = resolve(path);
  if (!existsSync(full)) {
    throw new ArgumentError(`There is no algorithm folder or program ${full}. Check the path.`);
  }
  if (!statSync(full).isDirectory()) return programOf(checkRunnable(full), dirname(full));
  const main = readMain(full) ?? 'dist/main.js';
  const file = resolve(full, main);
  if (existsSync(file) && statSync(file).isFile()) return programOf(file, full);
  if (!existsSync(join(full, 'package.json'))) {
    throw new ArgumentError(
      `${full} must be an algorithm's folder, with package.json or dist/main.js; it has neither. Check the path.`,
    );
  }
  throw new ArgumentError(`${full} has not been built: there is no ${main}. Run "npm run build" first.`);
}

/**
 * Asks a program for its definition.
 * @throws JobError when it fails, takes longer than 30 s, or prints something else than a description
 */
export async function describeProgram(program: Program): Promise<AlgorithmDescription> {
  const text = await runDescribe(describeCommand(program), program.file);
  if (text.trim() === '') {
    throw new JobError(
      `${program.file} describe must print the algorithm's definition; it printed nothing. Check that it is an algorithm's program.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const start = JSON.stringify(text.slice(0, 80));
    throw new JobError(`${program.file} describe must print only JSON; it printed ${start}.`, {
      cause: error,
    });
  }
  const { parseDescription } = await import('./description.js'); // with zod, which all else starts faster without
  try {
    return parseDescription(value);
  } catch (error) {
    const problems = messageOf(error);
    throw new JobError(`${program.file} describe printed an unusable description:\n${problems}`, { cause: error });
  }
}

export function isImageProgram(program: Program): program is ImageProgram {
  return 'image' in program;
}

/** PATH of an image, with the folder of the program's command first: an image that has Node has it on its PATH. */
export function programPath({ command }: FileProgram): string {
  return `${dirname(command)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
}

// --- internal ---

/** @throws ArgumentError for a file that cannot be a program, such as a README of the algorithm */
function checkRunnable(file: string): string {
  const isFile = statSync(file).isFile();
  if (isFile && (isJavaScript(file) || isExecutable(file))) return file;
  throw new ArgumentError(
    `${file} must be an algorithm's folder or its program, a JavaScript file or an executable one; it is ` +
      `${isFile ? 'another file' : 'no file'}. Check the path.`,
  );
}

function isJavaScript(file: string): boolean {
  return /\.[cm]?js$/.test(file);
}

/** Executable for its owner or anybody else; spawn reports other problems itself. */
function isExecutable(file: string): boolean {
  return (statSync(file).mode & 0o111) !== 0;
}

function programOf(file: string, folder: string): FileProgram {
  return isJavaScript(file)
    ? { command: findNode(folder), args: [file], file, folder }
    : { command: file, args: [], file, folder };
}

/**
 * The Node that an algorithm's project pins with the npm package `node`, found as npm finds packages: the Node that
 * ships in its image, whatever Node runs these tools. Without one, the Node that runs them.
 */
function findNode(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const pinned = join(at, 'node_modules', 'node', 'bin', 'node');
    if (existsSync(pinned)) return pinned;
    if (at === dirname(at)) return process.execPath;
  }
}

function readMain(folder: string): string | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  let value: { readonly main?: unknown } | null;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ArgumentError(`${path} must be a package's JSON; ${messageOf(error)}`, { cause: error });
  }
  const main = value?.main;
  if (main === undefined || typeof main === 'string') return main;
  throw new ArgumentError(`${path}: main must be a path; received ${JSON.stringify(main)}.`);
}

interface DescribeCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Default: the caller's, which an engine needs and its container does not get. */
  readonly env?: NodeJS.ProcessEnv;
}

function describeCommand(program: Program): DescribeCommand {
  if (isImageProgram(program)) return { command: program.engine.name, args: describeArguments(program) };
  const { command, args, folder: cwd } = program;
  return { command, args: [...args, 'describe'], cwd, env: { PATH: programPath(program) } };
}

function runDescribe({ command, args, ...options }: DescribeCommand, file: string): Promise<string> {
  return new Promise((resolveText, reject) => {
    execFile(
      command,
      args,
      { timeout: DESCRIBE_TIMEOUT_MS, maxBuffer: DESCRIPTION_MAX_BYTES, ...options },
      (error, stdout, stderr) => {
        if (!error) return resolveText(stdout);
        const seconds = DESCRIBE_TIMEOUT_MS / 1000;
        const how = error.killed ? `gave no answer within ${seconds} s` : `failed (${error.code ?? error.message})`;
        const said = stderr.trim().split('\n').slice(-10).join('\n');
        reject(new JobError(`${file} describe ${how}.${said ? ` Its output:\n${said}` : ''}`, { cause: error }));
      },
    );
  });
}
