/** Buckets: the folders in the store's folder whose names S3 allows, with the settings that clients made for them. */
import { lstatSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../service-error.js';
import type { Database } from '../store/database.js';
import { hasCode } from './file-errors.js';
import { walkFolder } from './folder-walk.js';
import { noSuchBucket } from './s3-errors.js';

/** A setting is the document that a client put, e.g. `tagging` with its XML. */
export type BucketSettings = Readonly<Record<string, string>>;

export interface Bucket {
  readonly name: string;
  readonly created: Date;
}

/** Amazon S3 User Guide, "General purpose buckets naming rules"; what looks like an IPv4 address is no name. */
function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|--x-s3)$/.test(name)
  );
}

export class BucketStore {
  readonly #folder: string;
  readonly #sql: Database['sql'];

  /** @param folder without links in its path */
  constructor(folder: string, database: Database) {
    this.#folder = folder;
    this.#sql = database.sql;
  }

  /** In order of their names. */
  list(): Bucket[] {
    const names = readdirSync(this.#folder).filter((name) => this.has(name));
    return names.sort().map((name) => this.get(name));
  }

  has(name: string): boolean {
    const stats = isBucketName(name) && lstatSync(join(this.#folder, name), { throwIfNoEntry: false });
    return stats !== false && stats !== undefined && stats.isDirectory();
  }

  /** @throws ServiceError NoSuchBucket */
  get(name: string): Bucket {
    return { name, created: lstatSync(this.folderOf(name)).birthtime };
  }

  /** @throws ServiceError NoSuchBucket */
  folderOf(name: string): string {
    if (!this.has(name)) throw noSuchBucket(name);
    return join(this.#folder, name);
  }

  /** Makes a bucket, or returns false if it exists. @throws ServiceError InvalidBucketName */
  create(name: string): boolean {
    if (!isBucketName(name)) {
      throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    }
    try {
      mkdirSync(join(this.#folder, name));
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST') && this.has(name)) return false;
      throw error;
    }
  }

  /** @throws ServiceError NoSuchBucket, BucketNotEmpty */
  async delete(name: string): Promise<void> {
    const folder = this.folderOf(name);
    const notEmpty = new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
      BucketName: name,
    });
    for await (const _ of walkFolder(folder, { prefix: '', after: '', skip: '' })) throw notEmpty;
    if (!removeFolders(folder)) throw notEmpty;
    this.#sql.prepare('DELETE FROM bucket WHERE name = ?').run(name);
    this.#sql.prepare('DELETE FROM object WHERE bucket = ?').run(name);
  }

  settings(name: string): BucketSettings {
    this.folderOf(name);
    const row = this.#sql.prepare('SELECT settings FROM bucket WHERE name = ?').get(name) as
      | { settings: string }
      | undefined;
    return row === undefined ? {} : JSON.parse(row.settings);
  }

  /** Sets one setting, or removes it if there is no document. */
  set(name: string, setting: string, document: string | undefined): void {
    const { [setting]: _, ...others } = this.settings(name);
    const settings = document === undefined ? others : { ...others, [setting]: document };
    this.#sql.prepare('INSERT OR REPLACE INTO bucket VALUES (?, ?)').run(name, JSON.stringify(settings));
  }
}

// --- internal ---

/** Removes a folder that holds only folders; false if it holds anything else. */
function removeFolders(folder: string): boolean {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !removeFolders(join(folder, entry.name))) return false;
  }
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY')) return false;
    throw error;
  }
}
