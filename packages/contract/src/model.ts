/**
 * The model directory: what training leaves in /opt/ml/model and serving finds there again. Beside the algorithm's own
 * files stands `manifest.json`: who wrote the model, in which format, for rows of which shape, and a digest of each
 * file. It is checked before `load` sees anything. No time or host is in it: equal models are equal bytes.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AlgorithmError, ClientError, PlatformError } from './errors.js';

/** The model as an algorithm hands it over. */
export interface ModelFiles {
  /** Content by path relative to the model directory, `/` between folders. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Feature columns that `predict` will get. */
  readonly featureCount: number;
  readonly featureNames?: readonly string[];
  /** [featureCount] finite values that the start-up self-test predicts; default: zeros. */
  readonly exampleRow?: readonly number[];
}

/** The model as `load` gets it. */
export interface ModelArtifact {
  readonly manifest: Manifest;
  /** Content of one file of the model. @throws ClientError E_MODEL when the manifest does not list it */
  read(name: string): Buffer;
  /** The file parsed as JSON and checked. @throws ClientError E_MODEL naming the file and what is wrong in it */
  readJson<T>(name: string, schema: z.ZodType<T>): T;
}

/** Raised when a change makes older serving code misread a model. */
const FORMAT_VERSION = 1;
export const MANIFEST_FILE = 'manifest.json';
/** Being under the model directory makes the renames atomic; the leading dot hides it from readers of the model. */
const STAGING_DIRECTORY = '.saving';

const manifestSchema = z.object({
  formatVersion: z.int().min(1),
  algorithm: z.object({ name: z.string(), version: z.string() }),
  libraries: z.record(z.string(), z.string()),
  input: z.object({
    featureCount: z.int().min(1),
    featureNames: z.array(z.string()).optional(),
    exampleRow: z.array(z.number()).optional(),
  }),
  files: z.record(z.string(), z.object({ bytes: z.int().min(0), sha256: z.string() })),
});

export type Manifest = z.output<typeof manifestSchema>;

/** What of a definition a model is bound to. */
interface Identity {
  readonly name: string;
  readonly version: string;
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
  const manifest = Buffer.from(`${JSON.stringify(describeModel(model, contents, identity), null, 2)}\n`);
  const staging = join(directory, STAGING_DIRECTORY);
  try {
    rmSync(staging, { recursive: true, force: true });
    for (const [name, content] of [...contents, [MANIFEST_FILE, manifest] as const]) {
      const path = join(staging, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { flush: true });
    }
    rmSync(join(directory, MANIFEST_FILE), { force: true });
    removeAllBut(directory, STAGING_DIRECTORY);
    for (const name of [...contents.keys(), MANIFEST_FILE]) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      renameSync(join(staging, name), join(directory, name));
    }
    rmSync(staging, { recursive: true, force: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlatformError('E_OUTPUT', `The model could not be written to ${directory}: ${reason}.`, { cause: error });
  }
  return [...contents.values(), manifest].reduce((sum, content) => sum + content.length, 0);
}

/** Whether a complete model stands in `directory`. */
export function hasModel(directory: string): boolean {
  return existsSync(join(directory, MANIFEST_FILE));
}

/** Removes what an interrupted save left behind. */
export function removeUnfinishedModel(directory: string): void {
  rmSync(join(directory, STAGING_DIRECTORY), { recursive: true, force: true });
  if (!hasModel(directory) && existsSync(directory)) removeAllBut(directory);
}

/**
 * Reads and checks the manifest.
 * @throws ClientError E_MODEL when there is no model, it is another algorithm's, of a newer format, or damaged
 */
export function openModel(directory: string, identity: Identity): ModelArtifact {
  const path = join(directory, MANIFEST_FILE);
  if (!existsSync(path)) {
    const found = existsSync(directory) ? readdirSync(directory).join(', ') || 'nothing' : 'no such directory';
    throw new ClientError(
      'E_MODEL',
      `${directory} must hold a model with ${MANIFEST_FILE}; found ${found}. Use the model.tar.gz of a training job of ${identity.name}.`,
    );
  }
  const manifest = parseJson(path, readFileSync(path, 'utf8'), manifestSchema);
  if (manifest.formatVersion > FORMAT_VERSION) {
    throw new ClientError(
      'E_MODEL',
      `${path}: formatVersion must be at most ${FORMAT_VERSION}; received ${manifest.formatVersion}. Serve the model with the version that trained it, ${manifest.algorithm.version}, or a newer one.`,
    );
  }
  if (manifest.algorithm.name !== identity.name) {
    throw new ClientError(
      'E_MODEL',
      `${path}: algorithm must be "${identity.name}"; received "${manifest.algorithm.name}".`,
    );
  }
  return {
    manifest,
    read: (name) => readModelFile(directory, manifest, name),
    readJson: (name, schema) => {
      return parseJson(join(directory, name), readModelFile(directory, manifest, name).toString('utf8'), schema);
    },
  };
}

// --- internal ---

function checkModelFiles(model: ModelFiles): void {
  const { featureCount, exampleRow } = model;
  if (!Number.isInteger(featureCount) || featureCount < 1) {
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
    if (!isPlain || name === MANIFEST_FILE) {
      throw new AlgorithmError('E_ALGORITHM', `saveModel: "${name}" is not a usable file name for a model archive.`);
    }
  }
}

function describeModel(model: ModelFiles, contents: ReadonlyMap<string, Buffer>, identity: Identity): Manifest {
  return {
    formatVersion: FORMAT_VERSION,
    algorithm: { name: identity.name, version: identity.version },
    libraries: { node: process.version.slice(1) },
    input: {
      featureCount: model.featureCount,
      ...(model.featureNames && { featureNames: [...model.featureNames] }),
      ...(model.exampleRow && { exampleRow: [...model.exampleRow] }),
    },
    files: Object.fromEntries(
      [...contents].map(([name, content]) => [name, { bytes: content.length, sha256: sha256(content) }]),
    ),
  };
}

function readModelFile(directory: string, manifest: Manifest, name: string): Buffer {
  const path = join(directory, name);
  const listed = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
  if (!listed) {
    const known = Object.keys(manifest.files).join(', ');
    throw new ClientError('E_MODEL', `${path}: ${MANIFEST_FILE} does not list this file; it lists ${known}.`);
  }
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw new ClientError('E_MODEL', `${path}: ${MANIFEST_FILE} lists this file, but it cannot be read.`, {
      cause: error,
    });
  }
  if (content.length !== listed.bytes || sha256(content) !== listed.sha256) {
    throw new ClientError('E_MODEL', `${path}: the file was changed or damaged after training (its digest differs).`);
  }
  return content;
}

function parseJson<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ClientError('E_MODEL', `${path}: not valid JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ClientError('E_MODEL', `${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function removeAllBut(directory: string, kept?: string): void {
  for (const entry of readdirSync(directory)) {
    if (entry !== kept) rmSync(join(directory, entry), { recursive: true, force: true });
  }
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
