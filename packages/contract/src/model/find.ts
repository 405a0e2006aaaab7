/**
 * Where the model is in a model directory: at its top, as training leaves it, or in a folder below, as archives hold
 * it that were packed with their parent folder, that MLflow or Spark wrote, or that follow another container's layout.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '../errors.js';
import { KIND_BYTES, recognizeFile } from './file-kinds.js';
import { type Identity, loadInput, readFile, readManifest } from './manifest.js';
import type { AdoptedModel, ImportedModel, ModelInput } from './model.js';
import type { WrittenFile } from './write-content.js';

/** An algorithm, with the way to take in models of other programs. */
export interface Owner extends Identity {
  adoptModel?(model: ImportedModel): AdoptedModel | undefined;
  /** Absent: a model package, whose files may be any. */
  readonly train?: unknown;
}

export interface FoundModel {
  /** Below the model directory, `/` at its end; empty for its top. */
  readonly folder: string;
  readonly input: ModelInput;
  /** What is known of each file; undefined of one that was adopted as it is. */
  readonly files: ReadonlyMap<string, WrittenFile | undefined>;
}

/** Layouts in use have the model one or two folders down; what lies deeper is no layout. */
const MAX_LEVELS = 3;
/** Folders that are looked into: an archive of data shall not keep the start waiting. */
const MAX_FOLDERS = 100;

/**
 * The model nearest to the top, or undefined.
 * @throws ClientError E_MODEL for several as near, for files that the algorithm refuses, and as `readManifest`
 */
export function findModel(directory: string, owner: Owner): FoundModel | undefined {
  let refusal: unknown;
  let folders = [''];
  for (let level = 0, seen = 0; level <= MAX_LEVELS && folders.length > 0 && seen <= MAX_FOLDERS; level++) {
    const found: FoundModel[] = [];
    for (const folder of folders) {
      try {
        const model = readSaved(directory, folder, owner) ?? adopt(directory, folder, owner);
        if (model) found.push(model);
      } catch (error) {
        if (level === 0 || !(error instanceof ClientError)) throw error;
        refusal ??= new ClientError(error.code, `In folder ${folder} of the model: ${error.message}`, { cause: error });
      }
    }
    const [first, ...others] = found;
    if (others.length > 0) throw several(directory, found);
    if (first) return first;
    folders = folders.flatMap((folder) => foldersIn(directory, folder));
    seen += folders.length;
  }
  if (refusal) throw refusal;
  return undefined;
}

/** The content of the directory, for messages: `model.onnx (an ONNX model), notes.txt, data/`. */
export function describeContents(directory: string): string {
  if (!existsSync(directory)) return 'no such directory';
  const entries = readdirSync(directory, { withFileTypes: true }).map((entry) => {
    if (entry.isDirectory()) return `${entry.name}/`;
    const kind = recognizeFile(entry.name, readStart(join(directory, entry.name), KIND_BYTES));
    return kind ? `${entry.name} (${kind.what})` : entry.name;
  });
  return entries.join(', ') || 'nothing';
}

// --- internal ---

/** A model with its manifest. */
function readSaved(directory: string, folder: string, owner: Owner): FoundModel | undefined {
  const manifest = readManifest(join(directory, folder), owner);
  return manifest && { folder, input: loadInput(manifest.input), files: new Map(Object.entries(manifest.files)) };
}

/** The files of another program. */
function adopt(directory: string, folder: string, owner: Owner): FoundModel | undefined {
  const root = join(directory, folder);
  if (!owner.adoptModel || !existsSync(root)) return undefined;
  const names = readdirSync(root, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
  const read = (name: string) => readFile(join(root, name), 'the directory lists this file');
  const adopted = owner.adoptModel({
    names,
    folder,
    read,
    readStart: (name, bytes) => readStart(join(root, name), bytes),
  });
  if (!adopted) return undefined;
  const { files, ...input } = adopted;
  return { folder, input, files: new Map(files.map((name) => [name, undefined])) };
}

/** Folders of a folder, sorted; hidden ones and what macOS adds to archives are left out. */
function foldersIn(directory: string, folder: string): string[] {
  const path = join(directory, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== '__MACOSX')
    .map((entry) => `${folder}${entry.name}/`)
    .sort();
}

function several(directory: string, found: readonly FoundModel[]): ClientError {
  const folders = found.map(({ folder }) => folder).join(', ');
  return new ClientError(
    'E_MODEL',
    `${directory} must contain one model; found one in each of the folders ${folders}. Put the files of one model at the top level of the archive.`,
  );
}

function readStart(path: string, bytes: number): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const start = Buffer.alloc(bytes);
      return start.subarray(0, readSync(file, start, 0, bytes, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new ClientError('E_MODEL', `${path}: the directory lists this file, but it cannot be read.`, {
      cause: error,
    });
  }
}
