/** Where a validated program comes from, so that a report can say what to run again: the commit, and for a container its image. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bundleOfProgram } from '../container/bundle.js';
import { callEngine } from '../container/engine.js';
import type { ImageProgram } from '../container/image-program.js';
import { isImageProgram, type Program } from '../container/program.js';

export interface ValidationOrigin {
  /** Of the algorithm's folder; absent outside of a git repository. */
  readonly commit?: {
    readonly id: string;
    /** Whether the repository had changes that are in no commit. */
    readonly isChanged: boolean;
  };
  /** Digest of the bundle that ran as a process; absent for a program that is none, and in an image, whose check has it. */
  readonly bundle?: string;
  /** The one that served. */
  readonly image?: ValidatedImage;
  /** Where another one trained. */
  readonly trainingImage?: ValidatedImage;
}

export interface ValidatedImage {
  readonly reference: string;
  /** Of its configuration: `sha256:…`. */
  readonly id: string;
  /** The layers, uncompressed: `sha256:…`, the lowest first. */
  readonly diffIds: readonly string[];
  /** What it is in the engine, uncompressed. */
  readonly bytes?: number;
}

/** @param trainingProgram where it is not the one that serves */
export async function originOf(program: Program, trainingProgram?: Program): Promise<ValidationOrigin> {
  const commit = await readCommit(program.folder);
  const bundle = isImageProgram(program) ? undefined : bundleOfProgram(program.file);
  const image = isImageProgram(program) ? await inspect(program) : undefined;
  const trainingImage = trainingProgram && isImageProgram(trainingProgram) ? await inspect(trainingProgram) : undefined;
  return {
    ...(commit && { commit }),
    ...(bundle !== undefined && { bundle }),
    ...(image && { image }),
    ...(trainingImage && { trainingImage }),
  };
}

// --- internal ---

async function readCommit(folder: string): Promise<ValidationOrigin['commit']> {
  const git = async (...args: readonly string[]) =>
    (await promisify(execFile)('git', ['-C', folder, ...args], { encoding: 'utf8' })).stdout.trim();
  try {
    const id = await git('rev-parse', '--verify', 'HEAD');
    return { id, isChanged: (await git('status', '--porcelain', '--untracked-files=no')) !== '' };
  } catch {
    return undefined; // no git, no repository, or one without a commit
  }
}

async function inspect({ engine, image }: ImageProgram): Promise<ValidatedImage> {
  const found: unknown = JSON.parse(await callEngine(engine, ['image', 'inspect', image]));
  const { Id, RootFS, Size } = (found as readonly Inspected[])[0]!;
  const id = Id.startsWith('sha256:') ? Id : `sha256:${Id}`; // podman leaves the algorithm out
  return { reference: image, id, diffIds: RootFS?.Layers ?? [], ...(Size !== undefined && { bytes: Size }) };
}

/** Docker and podman alike. */
interface Inspected {
  readonly Id: string;
  readonly RootFS?: { readonly Layers?: readonly string[] };
  readonly Size?: number;
}
