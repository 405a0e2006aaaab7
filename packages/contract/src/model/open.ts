/**
 * The model directory as serving finds it: what training left in /opt/ml/model, what another program left and the
 * algorithm knows, or the files of a model package as they are. What has a manifest is checked against it before `load`
 * sees anything of it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '../errors.js';
import { MANIFEST_FILE } from './directory.js';
import { describeContents, findModel, type Owner } from './find.js';
import { digestOf, readFile, sha256 } from './manifest.js';
import type { ModelArtifact, ModelFolder, ModelInput } from './model.js';
import { parseJson } from './parse-json.js';
import type { WrittenFile } from './write-content.js';

/**
 * Reads and checks the manifest; without one, asks the algorithm whether it can take the files as they are. A model
 * package, which nothing here has trained, needs neither.
 * @throws ClientError E_MODEL when there is no model, it is another algorithm's, of a newer format, or damaged
 */
export function openModel(directory: string, owner: Owner): ModelArtifact {
  const found = findModel(directory, owner);
  if (found) {
    const folder = openFolder(join(directory, found.folder), found.files, `${MANIFEST_FILE} does not list this file`);
    return { ...folder, input: found.input, categories: found.input.categories };
  }
  if (!owner.train) return { ...openPlainFolder(directory), input: NO_INPUT };
  throw new ClientError(
    'E_MODEL',
    `${directory} must contain a model with ${MANIFEST_FILE}; found ${describeContents(directory)}. Use the model.tar.gz of a training job of ${owner.name}.`,
  );
}

/** Each folder of additional model data by the name of its channel; AdditionalModelDataSources of CreateModel. */
export function openAdditionalModels(directory: string): Readonly<Record<string, ModelFolder>> {
  if (!existsSync(directory)) return {};
  const names = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
  return Object.fromEntries(names.map((name) => [name, openPlainFolder(join(directory, name))]));
}

// --- internal ---

const NO_INPUT: ModelInput = {};

/** The files that are there, which nobody has a digest of. */
function openPlainFolder(directory: string): ModelFolder {
  return openFolder(
    directory,
    new Map(filesBelow(directory).map((name) => [name, undefined])),
    'there is no such file',
  );
}

/** @param files by name, with what the manifest says of them */
function openFolder(
  directory: string,
  files: ReadonlyMap<string, WrittenFile | undefined>,
  missing: string,
): ModelFolder {
  const checked = new Set<string>();
  const pathOf = (name: string) => {
    if (files.has(name)) return join(directory, name);
    const known = [...files.keys()].join(', ') || 'nothing';
    throw new ClientError('E_MODEL', `${join(directory, name)}: ${missing}; there is ${known}.`);
  };
  const check = (name: string, { bytes, sha256: digest }: WrittenFile) => {
    const listed = files.get(name);
    checked.add(name);
    if (!listed || (listed.bytes === bytes && listed.sha256 === digest)) return;
    throw new ClientError(
      'E_MODEL',
      `${join(directory, name)}: the file was changed or damaged after training (its digest differs); use the unchanged model.tar.gz.`,
    );
  };
  const read = (name: string) => {
    const content = readFile(pathOf(name), `the model has this file`);
    if (files.get(name)) check(name, { bytes: content.length, sha256: sha256(content) });
    return content;
  };
  return {
    directory,
    names: [...files.keys()].sort(),
    path(name) {
      const path = pathOf(name);
      if (files.get(name) && !checked.has(name)) check(name, digestOf(path));
      return path;
    },
    read,
    readJson: (name, schema) => parseJson(join(directory, name), read(name).toString('utf8'), schema),
  };
}

/** Paths below the directory, without hidden ones. */
function filesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .flatMap((entry) => {
      if (!entry.isDirectory()) return [entry.name];
      return filesBelow(join(directory, entry.name)).map((name) => `${entry.name}/${name}`);
    })
    .sort();
}
