/**
 * A channel of files that are no rows, such as a model that training continues from, with its archives opened: SageMaker gives the
 * `model.tar.gz` of an earlier job as it was left in S3, local tools often its files.
 */
import { readFileSync } from 'node:fs';
import { ClientError } from '../errors.js';
import { isOurs, MANIFEST_FILE, OLD_MANIFEST_FILE } from '../model/directory.js';
import { inputInManifest } from '../model/manifest.js';
import type { ModelFolder } from '../model/model.js';
import { parseJson } from '../model/parse-json.js';
import { loadCategories } from '../model/saved-categories.js';
import type { Channel } from './channel.js';
import { packingOfFile } from './packings.js';
import { isTar, readTar } from './tar.js';
import { unpackBytes } from './unpack.js';

/**
 * Content by name: files of tar archives, packed by gzip, Zstandard or nothing, under their names inside; a file that is only packed under
 * its own name; all others as they are. The later of two equal names wins.
 * @throws ClientError E_DATA_COMPRESSED, E_MODEL for a damaged archive, naming it
 */
export function unpackFiles(channel: Pick<Channel, 'name' | 'files'>): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const { name, path } of channel.files()) {
    for (const [inner, content] of unpack(readFileSync(path), `${channel.name}/${name}`)) {
      files.set(inner ?? name, content);
    }
  }
  return files;
}

/**
 * Files at hand, read as those of a model directory are.
 * @param label the path before the names, for errors: `model/`
 */
export function readerOf(
  files: ReadonlyMap<string, Uint8Array>,
  label: string,
): Pick<ModelFolder, 'read' | 'readJson'> {
  const read = (name: string) => {
    const content = files.get(name);
    if (content) return Buffer.from(content.buffer, content.byteOffset, content.length);
    const found = [...files.keys()].join(', ') || 'nothing';
    throw new ClientError('E_MODEL', `${label}${name} must be there; found ${found}.`);
  };
  return { read, readJson: (name, schema) => parseJson(`${label}${name}`, read(name).toString('utf8'), schema) };
}

/**
 * The names of a model's features, from the manifest among its files; undefined where there are none.
 * @throws ClientError E_MODEL for a manifest that is damaged or of a newer format
 */
export function featureNamesOf(files: ReadonlyMap<string, Uint8Array>): readonly string[] | undefined {
  return columnsOf(files).featureNames;
}

/**
 * The names of a model's features and categories, from the manifest among its files; undefined where there are none.
 * @param label the path before the names, for errors: `model/`
 * @throws ClientError E_MODEL for a manifest that is damaged or of a newer format: without its names columns would be misread
 */
export function columnsOf(files: ReadonlyMap<string, Uint8Array>, label = '') {
  const name = files.has(MANIFEST_FILE) ? MANIFEST_FILE : OLD_MANIFEST_FILE;
  const content = files.get(name);
  const text = content && Buffer.from(content).toString('utf8');
  const isManifest = text !== undefined && (name === MANIFEST_FILE || isOurs(text));
  const input = isManifest ? inputInManifest(`${label}${name}`, text) : undefined;
  return { featureNames: input?.featureNames, categories: input?.categories && loadCategories(input.categories) };
}

// --- internal ---

const TAR_MAGIC_OFFSET = 257;

/** The files of an archive by name, or the content itself under no name. */
function unpack(content: Buffer, label: string): Iterable<readonly [string | undefined, Uint8Array]> {
  const packing = packingOfFile(content);
  const plain = packing ? unpackBytes(packing, content, label) : content;
  const isMarked = plain.subarray(TAR_MAGIC_OFFSET, TAR_MAGIC_OFFSET + 5).toString('latin1') === 'ustar';
  return isMarked || isTar(plain) ? readTar(plain, label) : [[undefined, plain]];
}
