/**
 * `.manifest.json` of a model directory: who wrote the model, in which format, for rows of which shape, and a digest of
 * each file. The dot keeps it apart from the model's own files: AWS's XGBoost container takes every file without one for
 * a model. Models of older versions have it without the dot.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { ClientError } from '../errors.js';
import { quoted, shortened } from '../visible.js';
import { findManifest } from './directory.js';
import { type Manifest, manifestProblems } from './manifest-rules.js';
import type { ModelInput } from './model.js';
import { firstOf, jsonOf } from './parse-json.js';
import { categoriesProblem, loadCategories, saveCategories } from './saved-categories.js';
import type { WrittenFile } from './write-content.js';

/** The maximum size that Node can read into memory. */
const MAX_FILE_BYTES = 2 ** 31 - 1;
/** Raised when a change makes older serving code misread a model. */
const FORMAT_VERSION = 1;

/** The parts of a definition that a model must match. */
export interface Identity {
  readonly name: string;
  readonly version: string;
}

/** The checked manifest, or undefined when there is none. */
export function readManifest(directory: string, identity: Identity): Manifest | undefined {
  const path = findManifest(directory);
  if (path === undefined) return undefined;
  const manifest = parseManifest(path, readFile(path, 'it says what the model is').toString('utf8'));
  if (manifest.algorithm.name !== identity.name) {
    throw new ClientError(
      'E_MODEL',
      `${path}: algorithm must be "${identity.name}"; received ${quoted(manifest.algorithm.name)}.`,
    );
  }
  return manifest;
}

/** The manifest of files by name. */
export function describeModel(
  input: Manifest['input'],
  files: ReadonlyMap<string, WrittenFile>,
  identity: Identity,
): Manifest {
  return {
    formatVersion: FORMAT_VERSION,
    algorithm: { name: identity.name, version: identity.version },
    libraries: { node: process.version.slice(1) },
    input,
    files: Object.fromEntries(files),
  };
}

/**
 * What the text of a manifest says about the rows.
 * @throws ClientError E_MODEL for one that is damaged or of a newer format
 */
export function inputInManifest(path: string, text: string): Manifest['input'] {
  return parseManifest(path, text).input;
}

/** @param reason why the file must be there */
export function readFile(path: string, reason: string): Buffer {
  try {
    const bytes = statSync(path).size;
    if (bytes <= MAX_FILE_BYTES) return readFileSync(path);
    throw new ClientError(
      'E_MODEL',
      `${path} must be a file of at most ${MAX_FILE_BYTES} bytes (2 GiB); it has ${bytes}. Use a smaller model.`,
    );
  } catch (error) {
    if (error instanceof ClientError) throw error;
    throw new ClientError('E_MODEL', `${path}: ${reason}, but it cannot be read.`, { cause: error });
  }
}

/** What a manifest says of the rows. */
export function inputOf(input: ModelInput): Manifest['input'] {
  const { featureCount = 0, featureNames, exampleRow, libsvmIndexBase, categories, unseenCategories = 'error' } = input;
  return {
    featureCount,
    ...(featureNames && { featureNames: [...featureNames] }),
    ...(exampleRow && { exampleRow: [...exampleRow] }),
    ...(libsvmIndexBase !== undefined && { libsvmIndexBase }),
    ...(categories && { categories: saveCategories(categories, unseenCategories) }),
  };
}

/** The same as an algorithm has it. */
export function loadInput({ categories, ...input }: Manifest['input']): ModelInput {
  const { featureCount, featureNames, exampleRow, libsvmIndexBase } = input;
  return {
    featureCount,
    ...(featureNames && { featureNames }),
    ...(exampleRow && { exampleRow }),
    ...(libsvmIndexBase !== undefined && { libsvmIndexBase }),
    ...(categories && { categories: loadCategories(categories), unseenCategories: categories.unseen }),
  };
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Of a file of any size, a piece at a time. @throws ClientError E_MODEL when it cannot be read */
export function digestOf(path: string): WrittenFile {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(1 << 20);
  let bytes = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
        hash.update(piece.subarray(0, read));
        bytes += read;
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new ClientError('E_MODEL', `${path}: the model has this file, but it cannot be read.`, { cause: error });
  }
  return { bytes, sha256: hash.digest('hex') };
}

// --- internal ---

/** @throws ClientError E_MODEL naming all that is wrong */
function parseManifest(path: string, text: string): Manifest {
  const value = jsonOf(path, text);
  refuseNewer(path, value);
  const problems = manifestProblems(value);
  if (problems.length > 0) throw new ClientError('E_MODEL', `${path}: ${firstOf(problems).join('; ')}.`);
  const manifest = value as Manifest;
  const { categories, featureCount } = manifest.input;
  const problem = categories && categoriesProblem(categories, featureCount);
  if (problem !== undefined) throw new ClientError('E_MODEL', `${path}: ${problem}.`);
  return manifest;
}

/**
 * Before anything else is checked: a newer format may have other rules.
 * @throws ClientError E_MODEL naming the version of the algorithm that can read it, where it says so
 */
function refuseNewer(path: string, value: unknown): void {
  const { formatVersion, algorithm } = (value ?? {}) as { formatVersion?: unknown; algorithm?: { version?: unknown } };
  if (!Number.isSafeInteger(formatVersion) || Number(formatVersion) <= FORMAT_VERSION) return;
  const version = algorithm?.version;
  const named = typeof version === 'string' ? `, ${shortened(version)},` : '';
  throw new ClientError(
    'E_MODEL',
    `${path}: formatVersion must be at most ${FORMAT_VERSION}; received ${formatVersion}. Serve the model with the version that trained it${named} or a newer one.`,
  );
}
