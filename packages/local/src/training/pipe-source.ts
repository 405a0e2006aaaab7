/**
 * What comes through a channel in Pipe mode: its files one after the other, byte for byte; with RecordWrapperType RecordIO
 * each as a record; of an augmented manifest the attributes of each line, with RecordIO a record each.
 * Sources: API Channel; AWS guide, "Augmented Manifest File Format for Pipe Mode Training".
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ArgumentError, JobError, reasonOf } from '../errors.js';
import { openInput, type TreeFile } from '../files/file-tree.js';
import { linesOf } from '../files/lines.js';
import { isOf, partOf, type Share } from './share.js';
import { shuffled } from './shuffle.js';

/** Begins the content of an epoch, counted from 0. */
export type PipeSource = (epoch: number) => AsyncIterable<Buffer>;

/** What a source does with files. */
export interface FileSourceOptions {
  /** Whether they are unpacked on the way (CompressionType Gzip). */
  readonly isGzip: boolean;
  /** Of a ShuffleConfig: each epoch has an order of its own. */
  readonly shuffleSeed?: number | undefined;
  /** Of a channel that is sharded: the files of one host, which are others in each epoch where they are shuffled. */
  readonly share?: Share | undefined;
}

/** What a source does with the attributes of an augmented manifest. */
export interface ManifestSourceOptions {
  /** Whether each is a record of RecordIO; otherwise nothing is between them, and the program has to know where each ends. */
  readonly isWrapped: boolean;
  /** Of a ShuffleConfig: each epoch has an order of the lines of its own. */
  readonly shuffleSeed?: number | undefined;
  /** Of a channel that is sharded: the lines of one host. */
  readonly share?: Share | undefined;
}

/** Files as they are. */
export function fileSource(files: readonly TreeFile[], { isGzip, shuffleSeed, share }: FileSourceOptions): PipeSource {
  return async function* (epoch) {
    for (const { path } of partOf(shuffled(files, shuffleSeed, epoch), share)) yield* contentOf(path, isGzip);
  };
}

/** Each file as a record of RecordIO, in memory as a whole. */
export function recordSource(
  files: readonly TreeFile[],
  { isGzip, shuffleSeed, share }: FileSourceOptions,
): PipeSource {
  return async function* (epoch) {
    for (const { path, bytes } of partOf(shuffled(files, shuffleSeed, epoch), share)) {
      const parts: Buffer[] = [];
      let length = 0;
      checkRecordBytes(isGzip ? 0 : bytes, path);
      for await (const part of contentOf(path, isGzip)) {
        length += part.length;
        checkRecordBytes(length, path);
        parts.push(part);
      }
      yield recordOf(Buffer.concat(parts), path);
    }
  };
}

/**
 * The attributes of an augmented manifest: JSON Lines, in which a path that an attribute ending with `-ref` has is taken from
 * the manifest's folder, in the place of an S3 URI.
 * @param names AttributeNames, in the order in which they are sent
 */
export function manifestSource(
  manifest: string,
  names: readonly string[],
  { isWrapped, shuffleSeed, share }: ManifestSourceOptions,
): PipeSource {
  return async function* (epoch) {
    let index = 0;
    for await (const { text, line } of shuffledLines(manifest, shuffleSeed, epoch)) {
      if (text.trim() === '' || !isOf(share, index++)) continue;
      const place = `${manifest} line ${line}`;
      const attributes = parseLine(text, place);
      for (const name of names) {
        const content = await attributeOf(attributes, name, dirname(manifest), place);
        yield isWrapped ? recordOf(content, place) : content;
      }
    }
  };
}

/** AttributeNames of the API: 1 to 16, of at most 256 characters each. @throws ArgumentError for others */
export function checkAttributeNames(names: readonly string[], what: string): void {
  if (names.length < 1 || names.length > 16) {
    throw new ArgumentError(`${what}: AttributeNames must have 1 to 16 names; received ${names.length}.`);
  }
  const wrong = names.find((name) => name.length < 1 || name.length > 256);
  if (wrong !== undefined) throw new ArgumentError(`${what}: an attribute's name must have 1 to 256 characters.`);
}

// --- internal ---

const REFERENCE = '-ref';
const MAGIC = 0xced7230a;
/** The length of a record has 29 bits. */
const MAX_RECORD_BYTES = 2 ** 29 - 1;

interface Line {
  readonly text: string;
  readonly line: number;
}

/** Only a shuffled manifest is in memory as a whole. */
async function* shuffledLines(path: string, seed: number | undefined, epoch: number): AsyncGenerator<Line> {
  const lines: Line[] = [];
  let line = 0;
  for await (const text of linesOf(path)) {
    line += 1;
    if (seed === undefined) yield { text, line };
    else lines.push({ text, line });
  }
  yield* shuffled(lines, seed, epoch);
}

async function* contentOf(path: string, isGzip: boolean): AsyncGenerator<Buffer> {
  try {
    yield* openInput(path, isGzip);
  } catch (error) {
    throw new JobError(`${path} could not be read: ${reasonOf(error)}.`, { cause: error });
  }
}

function parseLine(text: string, place: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new JobError(`${place}: a line of an augmented manifest must be a JSON object; received ${text.slice(0, 40)}.`);
}

/** The bytes of a reference, or the attribute's JSON, of a text the text. */
async function attributeOf(
  attributes: Readonly<Record<string, unknown>>,
  name: string,
  folder: string,
  place: string,
): Promise<Buffer> {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (value === undefined) throw new JobError(`${place}: attribute "${name}" must be there; it is missing.`);
  if (!name.endsWith(REFERENCE)) return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  if (typeof value !== 'string') throw new JobError(`${place}: attribute "${name}" must be the path of a file.`);
  try {
    return await readFile(resolve(folder, value));
  } catch (error) {
    throw new JobError(`${place}: attribute "${name}": ${value} could not be read: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

function checkRecordBytes(bytes: number, place: string): void {
  if (bytes <= MAX_RECORD_BYTES) return;
  throw new JobError(`${place}: a record must have at most ${MAX_RECORD_BYTES} bytes; received ${bytes} or more.`);
}

/** A magic number, the length, the content, zeros up to a multiple of four: dmlc-core, recordio.h. */
function recordOf(content: Buffer, place: string): Buffer {
  checkRecordBytes(content.length, place);
  const record = Buffer.alloc(8 + Math.ceil(content.length / 4) * 4);
  record.writeUInt32LE(MAGIC, 0);
  record.writeUInt32LE(content.length, 4);
  content.copy(record, 8);
  return record;
}
