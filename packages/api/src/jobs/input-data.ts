/**
 * Input data of jobs: objects of S3 as a folder of links, in the shape in which the platform gives them: the keys below
 * a prefix, the files of a manifest in its order, or an augmented manifest whose references are made files.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ArgumentError, type Manifest, parseManifest } from '@algo/local';
import { type ObjectStore, parseS3Uri, type S3Location } from '../object-store.js';
import { keyPath } from '../s3/key-path.js';
import { ServiceError } from '../service-error.js';
import { objectUri, SOURCE } from './platform-names.js';

export type S3DataType = 'S3Prefix' | 'ManifestFile' | 'AugmentedManifestFile';

/** A problem of the input: the job fails with it, as a ClientError. */
export class InputError extends Error {}

/**
 * Puts the objects as links below `folder`.
 * @returns the path for the job: the folder, or the file of a manifest that has paths in place of URLs
 * @throws InputError when there is nothing, a key cannot be a path, or a manifest is none
 */
export async function stageInput(
  objects: ObjectStore,
  type: S3DataType,
  uri: string,
  folder: string,
  attributeNames: readonly string[] = [],
): Promise<string> {
  const place = locate(uri);
  if (type === 'ManifestFile') return stageManifest(objects, place, uri, folder);
  if (type === 'AugmentedManifestFile') return stageAugmented(objects, place, uri, folder, attributeNames);
  if ((await stageObjects(objects, place, folder)) === 0)
    throw new InputError(`No S3 objects found under S3 URL "${uri}".`);
  symlinkSync(keyPath(join(objects.folder, place.bucket), place.key), folder + SOURCE);
  return folder;
}

/**
 * Puts the objects whose keys begin with the place's as links below `folder`, but for those of size 0 whose key ends with a
 * slash: consoles show them as folders.
 * @returns how many there are
 */
export async function stageObjects(
  objects: ObjectStore,
  { bucket, key: prefix }: S3Location,
  folder: string,
): Promise<number> {
  let count = 0;
  for await (const { key, size } of objects.objects(bucket, prefix)) {
    if (size === 0 && key.endsWith('/')) continue;
    stageObject(objects, { bucket, key }, folder, pathBelow(prefix, key));
    count++;
  }
  return count;
}

// --- internal ---

function locate(uri: string): S3Location {
  const place = parseS3Uri(uri);
  if (place) return place;
  throw new InputError(`The URL of input data must be s3://BUCKET/KEY; received "${uri}".`);
}

/** What follows the prefix; where the prefix ends within a name, what follows its last slash. */
function pathBelow(prefix: string, key: string): string {
  const rest = key.slice(prefix.length);
  if (prefix === '' || prefix.endsWith('/')) return rest;
  return rest.startsWith('/') ? rest.slice(1) : key.slice(prefix.lastIndexOf('/') + 1);
}

function stageObject(objects: ObjectStore, { bucket, key }: S3Location, folder: string, path: string): void {
  const file = objects.fileOf(bucket, key);
  if (file === undefined) throw new InputError(`There is no object s3://${bucket}/${key}.`);
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.includes('.') || parts.includes('..') || path.includes('\0')) {
    throw new InputError(`The key of s3://${bucket}/${key} cannot be a path of a file.`);
  }
  const target = join(folder, parts.join('/'));
  try {
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(file, target);
  } catch (error) {
    const uri = `s3://${bucket}/${key}`;
    const other = linkAtOrBelow(folder, parts);
    if (other === undefined) throw new InputError(`${uri} cannot be a file: ${(error as Error).message}.`);
    throw new InputError(
      `Each object becomes the file of its key below the prefix: "${parts.join('/')}" of ${uri} is in the way of ${objectUri(objects, other)}. Rename one of the two.`,
    );
  }
}

/** What the link leads to that is in the way of a file: in the place of the file or of one of its folders, or below it. */
function linkAtOrBelow(folder: string, parts: readonly string[]): string | undefined {
  for (let count = 1; count <= parts.length; count++) {
    const path = join(folder, parts.slice(0, count).join('/'));
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return readlinkSync(path);
  }
  const target = join(folder, parts.join('/'));
  if (!existsSync(target)) return undefined;
  const below = readdirSync(target, { recursive: true, withFileTypes: true }).find((entry) => entry.isSymbolicLink());
  return below && readlinkSync(join(below.parentPath, below.name));
}

/** `[{"prefix": "s3://bucket/some/"}, "a.csv", "sub/b.csv"]`, as a manifest of the links in the same order. */
function stageManifest(objects: ObjectStore, place: S3Location, uri: string, folder: string): string {
  const { prefix, names } = readManifest(objects, place, uri);
  const { bucket, key } = locate(prefix);
  for (const name of names) stageObject(objects, { bucket, key: key + name }, join(folder, 'objects'), name);
  return writeManifest(
    objects,
    place,
    join(folder, 'manifest.json'),
    JSON.stringify([{ prefix: 'objects/' }, ...names]),
  );
}

function readManifest(objects: ObjectStore, place: S3Location, uri: string): Manifest {
  const text = readObject(objects, place, uri);
  try {
    return parseManifest(text, uri);
  } catch (error) {
    throw error instanceof ArgumentError ? new InputError(error.message) : error;
  }
}

/** JSON Lines; an attribute whose name ends in -ref holds the URL of an object. */
function stageAugmented(
  objects: ObjectStore,
  place: S3Location,
  uri: string,
  folder: string,
  attributeNames: readonly string[],
): string {
  const references = attributeNames.filter((name) => name.endsWith('-ref'));
  const linked = new Set<string>();
  const lines = readObject(objects, place, uri)
    .replace(/\n$/, '')
    .split('\n')
    .map((line, i) => {
      if (line.trim() === '') return ''; // each line keeps its number
      const record = parseLine(line, uri, i + 1);
      const local = references.map((name) => {
        const target = record[name];
        if (typeof target !== 'string')
          throw new InputError(`${uri} line ${i + 1} must have "${name}" with an s3:// URL.`);
        const { bucket, key } = locate(target);
        const path = `objects/${bucket}/${key}`;
        if (!linked.has(path)) stageObject(objects, { bucket, key }, folder, path);
        linked.add(path);
        return [name, path] as const;
      });
      return JSON.stringify({ ...record, ...Object.fromEntries(local) });
    });
  mkdirSync(folder, { recursive: true });
  return writeManifest(objects, place, join(folder, 'manifest.jsonl'), `${lines.join('\n')}\n`);
}

/** With a link to its object next to it, so that errors can name that. @returns the file */
function writeManifest(objects: ObjectStore, { bucket, key }: S3Location, file: string, content: string): string {
  writeFileSync(file, content);
  symlinkSync(objects.fileOf(bucket, key)!, file + SOURCE);
  return file;
}

function parseLine(line: string, uri: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // the error below has the place
  }
  throw new InputError(`${uri} line ${number} must be a JSON object.`);
}

function readObject(objects: ObjectStore, { bucket, key }: S3Location, uri: string): string {
  const file = objects.fileOf(bucket, key);
  if (file === undefined) throw new InputError(`There is no object ${uri}.`);
  return readFileSync(file, 'utf8');
}

/**
 * Whether there is anything under a URL.
 * @returns undefined, or why not
 */
export async function missingInput(objects: ObjectStore, uri: string): Promise<string | undefined> {
  const place = parseS3Uri(uri);
  if (!place) return `"${uri}" is not s3://BUCKET/KEY`;
  try {
    for await (const _ of objects.objects(place.bucket, place.key)) return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error.message;
    throw error;
  }
  return 'No S3 objects found';
}

/** The prefix of the names in a manifest. @throws InputError when there is none, or it is none */
export function manifestPrefix(objects: ObjectStore, uri: string): string {
  return readManifest(objects, locate(uri), uri).prefix;
}

/**
 * What a channel in FastFile mode sees of a prefix: a folder, or one object.
 * @returns its URL; undefined where the prefix ends within the names of its objects
 */
export async function fastFileInput(objects: ObjectStore, uri: string): Promise<string | undefined> {
  const place = parseS3Uri(uri);
  if (!place || place.key === '' || uri.endsWith('/')) return uri;
  if ((await missingInput(objects, `${uri}/`)) === undefined) return `${uri}/`;
  return objects.fileOf(place.bucket, place.key) === undefined ? undefined : uri;
}
