/**
 * Objects as plain files: `<folder>/<bucket>/<key>`. This is how jobs read and write S3 within the process; the HTTP
 * handler is a layer over it. A file that anyone puts into a bucket's folder is an object.
 *
 *     <folder>/my-bucket/data/train.csv     the object data/train.csv in my-bucket
 *     <folder>/.index.sqlite                ETags, metadata, uploads in parts
 *     <folder>/.staging, .uploads           files that are not whole yet, parts of unfinished uploads
 *
 * One process at a time has a folder.
 */
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../store/database.js';
import { BucketStore } from './bucket-store.js';
import { startMd5 } from './checksum.js';
import { hasCode, isMissing } from './file-errors.js';
import { type WalkRange, walkFolder } from './folder-walk.js';
import { etagOfFile, type FileIdentity, identityOf, NO_DETAILS, type ObjectDetails } from './object-details.js';
import { findFile, MAX_KEY_BYTES, placeFile, removeFile } from './object-file.js';
import { type IndexEntry, ObjectIndex, openIndexDatabase } from './object-index.js';
import { keyTooLong } from './s3-errors.js';
import { openStaging, type StagedFile, stageFile } from './staging.js';

/** An object as a listing shows it. */
export interface ObjectEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

export interface StoredObject extends ObjectEntry {
  readonly details: ObjectDetails;
}

export interface OpenObject extends StoredObject {
  /** File descriptor, to be closed by the caller. It reads this object even if the key gets another one. */
  readonly descriptor: number;
}

export class ObjectStore {
  /** Without links in its path. */
  readonly folder: string;
  readonly buckets: BucketStore;
  readonly database: Database;
  /** Folder of the files that are being written. */
  readonly staging: string;
  /** Folder of the parts of uploads. */
  readonly uploads: string;
  readonly #index: ObjectIndex;

  /** @param folder is made if it does not exist. @throws ArgumentError if another process has it */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const root = realpathSync.native(folder);
    this.folder = root;
    this.database = openIndexDatabase(root);
    this.staging = openStaging(join(root, '.staging'));
    this.uploads = join(root, '.uploads');
    mkdirSync(this.uploads, { recursive: true });
    this.buckets = new BucketStore(root, this.database);
    this.#index = new ObjectIndex(this.database);
  }

  close(): void {
    this.database.close();
  }

  /** Objects whose keys start with `prefix`, in UTF-8 order. @throws ServiceError NoSuchBucket */
  objects(bucket: string, prefix: string): AsyncGenerator<ObjectEntry, void, void> {
    return this.walk(bucket, { prefix, after: '', skip: '' });
  }

  /** Path of the object's file, for reading; undefined if there is no such object. @throws ServiceError NoSuchBucket */
  fileOf(bucket: string, key: string): string | undefined {
    return findFile(this.buckets.folderOf(bucket), key)?.path;
  }

  /**
   * Writes an object: readers see the one before or this one, whole.
   * @param content path of a file, which is copied, or the bytes
   * @throws ServiceError NoSuchBucket, KeyTooLongError
   */
  async put(
    bucket: string,
    key: string,
    content: string | Uint8Array,
    details: ObjectDetails = NO_DETAILS,
  ): Promise<ObjectEntry> {
    this.checkKey(bucket, key);
    const md5 = startMd5();
    const chunks = typeof content === 'string' ? createReadStream(content) : once(content);
    const staged = await stageFile(this.staging, chunks, md5.update);
    return this.commit(bucket, key, staged, { etag: md5.hex(), details });
  }

  /** @throws ServiceError NoSuchBucket, KeyTooLongError */
  checkKey(bucket: string, key: string): void {
    this.buckets.folderOf(bucket);
    const bytes = Buffer.byteLength(key);
    if (bytes > MAX_KEY_BYTES) throw keyTooLong(MAX_KEY_BYTES, bytes);
  }

  /**
   * Moves a finished file to the place of its object, as one step for all readers.
   * @param check throws if the object that is there forbids it; the file is removed then
   */
  commit(
    bucket: string,
    key: string,
    staged: StagedFile,
    entry: IndexEntry,
    check: (existing: StoredObject | undefined) => void = () => {},
  ): ObjectEntry {
    try {
      check(this.find(bucket, key));
      this.#index.add(bucket, key, staged.identity, entry);
      placeFile(this.buckets.folderOf(bucket), key, staged.path);
      this.#index.removeOthers(bucket, key, staged.identity);
      return this.#describe(key, staged.identity, entry);
    } catch (error) {
      rmSync(staged.path, { force: true });
      throw error;
    }
  }

  /** @throws ServiceError NoSuchBucket */
  find(bucket: string, key: string): StoredObject | undefined {
    const file = findFile(this.buckets.folderOf(bucket), key);
    return file && this.#read(bucket, key, identityOf(file.stats));
  }

  /** Opens an object for reading. @throws ServiceError NoSuchBucket */
  open(bucket: string, key: string): OpenObject | undefined {
    const file = findFile(this.buckets.folderOf(bucket), key);
    if (file === undefined) return undefined;
    // O_NOFOLLOW and O_NONBLOCK: a link or a FIFO that takes the file's place now is not read either.
    const descriptor = openSync(file.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const identity = identityOf(fstatSync(descriptor, { bigint: true }));
      return { ...this.#read(bucket, key, identity), descriptor };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Objects whose keys are in range, in UTF-8 order. @throws ServiceError NoSuchBucket */
  async *walk(bucket: string, range: WalkRange): AsyncGenerator<StoredObject, void, void> {
    for await (const { key, path } of walkFolder(this.buckets.folderOf(bucket), range)) {
      const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      // The walk has passed no link, and this file is none: it need not be looked for by its key.
      if (stats?.isFile()) yield this.#read(bucket, key, identityOf(stats));
    }
  }

  /** Removes an object, if there is one. @throws ServiceError NoSuchBucket */
  delete(bucket: string, key: string): void {
    try {
      removeFile(this.buckets.folderOf(bucket), key);
    } catch (error) {
      if (!isMissing(error) && !hasCode(error, 'ENAMETOOLONG')) throw error;
    }
    this.#index.remove(bucket, key);
  }

  /** Changes what is kept of an object, without changing the object. */
  setDetails(bucket: string, key: string, change: (details: ObjectDetails) => ObjectDetails): void {
    const file = findFile(this.buckets.folderOf(bucket), key);
    if (file === undefined) return;
    const identity = identityOf(file.stats);
    const { etag, details } = this.#read(bucket, key, identity);
    this.#index.add(bucket, key, identity, { etag, details: change(details) });
  }

  #read(bucket: string, key: string, identity: FileIdentity): StoredObject {
    const entry = this.#index.find(bucket, key, identity) ?? { etag: etagOfFile(identity), details: NO_DETAILS };
    return this.#describe(key, identity, entry);
  }

  #describe(key: string, { bytes, modifiedNs }: FileIdentity, { etag, details }: IndexEntry): StoredObject {
    const lastModified = new Date(Number(modifiedNs / 1_000_000n));
    return { key, size: Number(bytes), etag, lastModified, details };
  }
}

// --- internal ---

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}
