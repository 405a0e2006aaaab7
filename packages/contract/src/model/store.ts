/**
 * The model directory: what training leaves in /opt/ml/model and serving finds there again. Beside the algorithm's own
 * files stands `.manifest.json`: who wrote the model, in which format, for rows of which shape, and a digest of each
 * file. It is checked before `load` sees anything. No time or host is in it: equal models are equal bytes.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { makeDirectory } from '../directory.js';
import { AlgorithmError, ClientError, PlatformError } from '../errors.js';
import type { Categories, UnseenCategories } from '../formats/categories/categories.js';
import { MANIFEST_FILE, OLD_MANIFEST_FILE, removeAllBut, STAGING_DIRECTORY } from './directory.js';
import { describeContents, findModel, inputOf, type Owner } from './find.js';
import { describeModel, type Identity, type Manifest, parseJson, readFile, sha256 } from './manifest.js';
import { loadCategories } from './saved-categories.js';

/** The model as an algorithm hands it over. */
export interface ModelFiles {
  /** Content by path relative to the model directory, `/` between folders. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Feature columns that `predict` will get; left out by an algorithm that reads no rows in requests. */
  readonly featureCount?: number;
  readonly featureNames?: readonly string[];
  /** [featureCount] finite values that the start-up self-test predicts; default: zeros. */
  readonly exampleRow?: readonly number[];
  /**
   * The index that the first column had in training data of libsvm (`index_base` of its content type, default 0): what
   * libsvm requests that do not say get, so that a model never sees its columns shifted.
   */
  readonly libsvmIndexBase?: 0 | 1;
  /** The names behind the codes of text columns; default: those of the training channel. */
  readonly categories?: Categories;
  /** What a category becomes in requests that is not among them; default 'error'. */
  readonly unseenCategories?: UnseenCategories;
}

/** The model as `load` gets it. */
export interface ModelArtifact {
  readonly manifest: Manifest;
  /** The names behind the codes of text columns; undefined where the training data had none. */
  readonly categories?: Categories | undefined;
  /** Content of one file of the model. @throws ClientError E_MODEL when the manifest does not list it */
  read(name: string): Buffer;
  /** The file parsed as JSON and checked. @throws ClientError E_MODEL naming the file and what is wrong in it */
  readJson<T>(name: string, schema: z.ZodType<T>): T;
}

/** A model directory without a manifest: what another program left. */
export interface ImportedModel {
  /** Names of the files at the top of the directory, sorted; hidden ones are left out. */
  readonly names: readonly string[];
  /** Where the archive has this directory, such as `model/`; empty for its top. */
  readonly folder: string;
  /** @throws ClientError E_MODEL when it cannot be read */
  read(name: string): Buffer;
  /** Up to `bytes` from its start. @throws ClientError E_MODEL when it cannot be read */
  readStart(name: string, bytes: number): Buffer;
}

/** What an algorithm finds such a directory to be. */
export interface AdoptedModel {
  /** The files that `load` may read. */
  readonly files: readonly string[];
  /** Feature columns that `predict` will get. */
  readonly featureCount: number;
  readonly featureNames?: readonly string[];
  /** The names behind the codes of its columns of categories; a category that is not among them is an error. */
  readonly categories?: Categories;
}

/**
 * Writes all files and the manifest, then moves them into place, the manifest last: a stop in between leaves the older
 * model or none, never half a model.
 * @returns total size in bytes
 * @throws PlatformError E_OUTPUT when the directory cannot be written
 */
export function saveModel(directory: string, model: ModelFiles, identity: Identity): number {
  checkModelFiles(model);
  const contents = new Map<string, Buffer>();
  for (const [name, content] of Object.entries(model.files)) {
    contents.set(name, typeof content === 'string' ? Buffer.from(content) : Buffer.from(content));
  }
  const manifest = Buffer.from(`${JSON.stringify(describeModel(inputOf(model), contents, identity), null, 2)}\n`);
  const staging = join(directory, STAGING_DIRECTORY);
  try {
    rmSync(staging, { recursive: true, force: true });
    for (const [name, content] of [...contents, [MANIFEST_FILE, manifest] as const]) {
      const path = join(staging, name);
      makeDirectory(dirname(path));
      writeFileSync(path, content, { flush: true });
    }
    for (const name of [MANIFEST_FILE, OLD_MANIFEST_FILE]) rmSync(join(directory, name), { force: true });
    removeAllBut(directory, STAGING_DIRECTORY);
    for (const name of [...contents.keys(), MANIFEST_FILE]) {
      makeDirectory(dirname(join(directory, name)));
      renameSync(join(staging, name), join(directory, name));
    }
    rmSync(staging, { recursive: true, force: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlatformError('E_OUTPUT', `The model could not be written to ${directory}: ${reason}.`, { cause: error });
  }
  return [...contents.values(), manifest].reduce((sum, content) => sum + content.length, 0);
}

/**
 * Reads and checks the manifest; without one, asks the algorithm whether it can take the files as they are.
 * @throws ClientError E_MODEL when there is no model, it is another algorithm's, of a newer format, or damaged
 */
export function openModel(directory: string, owner: Owner): ModelArtifact {
  const found = findModel(directory, owner);
  if (!found) {
    throw new ClientError(
      'E_MODEL',
      `${directory} must contain a model with ${MANIFEST_FILE}; found ${describeContents(directory)}. Use the model.tar.gz of a training job of ${owner.name}.`,
    );
  }
  const { manifest } = found;
  const root = join(directory, found.folder);
  return {
    manifest,
    categories: manifest.input.categories && loadCategories(manifest.input.categories),
    read: (name) => readModelFile(root, manifest, name),
    readJson: (name, schema) => {
      return parseJson(join(root, name), readModelFile(root, manifest, name).toString('utf8'), schema);
    },
  };
}

// --- internal ---

function checkModelFiles(model: ModelFiles): void {
  const { featureCount, exampleRow } = model;
  if (featureCount !== undefined && (!Number.isInteger(featureCount) || featureCount < 1)) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `saveModel: featureCount must be an integer ≥ 1; received ${featureCount}.`,
    );
  }
  if (exampleRow && (exampleRow.length !== featureCount || !exampleRow.every(Number.isFinite))) {
    throw new AlgorithmError('E_ALGORITHM', `saveModel: exampleRow must be ${featureCount} finite numbers.`);
  }
  for (const name of Object.keys(model.files)) {
    const parts = name.split('/');
    const isPlain = parts.every((part) => part !== '' && !part.startsWith('.') && Buffer.byteLength(part) <= 255);
    if (!isPlain || name === OLD_MANIFEST_FILE) {
      throw new AlgorithmError('E_ALGORITHM', `saveModel: "${name}" is not a usable file name for a model archive.`);
    }
  }
}

function readModelFile(directory: string, manifest: Manifest, name: string): Buffer {
  const path = join(directory, name);
  const listed = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
  if (!listed) {
    const known = Object.keys(manifest.files).join(', ');
    throw new ClientError('E_MODEL', `${path}: ${MANIFEST_FILE} does not list this file; it lists ${known}.`);
  }
  const content = readFile(path, `${MANIFEST_FILE} lists this file`);
  if (content.length !== listed.bytes || sha256(content) !== listed.sha256) {
    throw new ClientError(
      'E_MODEL',
      `${path}: the file was changed or damaged after training (its digest differs); use the unchanged model.tar.gz.`,
    );
  }
  return content;
}
