/**
 * What is kept of the objects, in SQLite next to the buckets' folders: their ETags and metadata, each for one file
 * identity. A file of another identity was put there by hand and has none. While an object is replaced there are two
 * entries, so a killed server never leaves a file with the metadata of another.
 */
import type { StatementSync } from 'node:sqlite';
import { type Database, openDatabase } from '../store/database.js';
import type { FileIdentity, ObjectDetails } from './object-details.js';

export interface IndexEntry {
  /** Without quotes. */
  readonly etag: string;
  readonly details: ObjectDetails;
}

/** Each entry is the SQL of one version of the database; a change adds an entry. */
const MIGRATIONS = [
  `CREATE TABLE object (
     bucket TEXT, key TEXT, inode INTEGER, bytes INTEGER, modified_ns INTEGER, etag TEXT, details TEXT,
     PRIMARY KEY (bucket, key, inode, bytes, modified_ns)) WITHOUT ROWID;
   CREATE TABLE bucket (name TEXT PRIMARY KEY, settings TEXT) WITHOUT ROWID;
   CREATE TABLE upload (id TEXT PRIMARY KEY, bucket TEXT, key TEXT, started_ms INTEGER, settings TEXT) WITHOUT ROWID;
   CREATE TABLE part (
     upload TEXT, number INTEGER, file TEXT, bytes INTEGER, etag TEXT, checksum TEXT, modified_ms INTEGER,
     PRIMARY KEY (upload, number)) WITHOUT ROWID;`,
];

/** The database of the buckets in a folder. @throws ArgumentError if another process has the folder */
export function openIndexDatabase(folder: string): Database {
  return openDatabase(folder, '.index.sqlite', MIGRATIONS);
}

export class ObjectIndex {
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #removeOthers: StatementSync;
  readonly #remove: StatementSync;

  constructor({ sql }: Database) {
    // A copy of the folder has other inodes: the same size and time are enough, the same inode is better.
    this.#find = sql.prepare(
      `SELECT etag, details FROM object WHERE bucket = ? AND key = ? AND bytes = ? AND modified_ns = ?
       ORDER BY inode = ? DESC LIMIT 1`,
    );
    this.#add = sql.prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#removeOthers = sql.prepare(
      'DELETE FROM object WHERE bucket = ? AND key = ? AND NOT (inode = ? AND bytes = ? AND modified_ns = ?)',
    );
    this.#remove = sql.prepare('DELETE FROM object WHERE bucket = ? AND key = ?');
  }

  /** What was kept for this file, if it is unchanged since. */
  find(bucket: string, key: string, { inode, bytes, modifiedNs }: FileIdentity): IndexEntry | undefined {
    const found = this.#find.get(bucket, key, bytes, modifiedNs, inode) as
      | { etag: string; details: string }
      | undefined;
    return found && { etag: found.etag, details: JSON.parse(found.details) as ObjectDetails };
  }

  /** Keeps it for a file that is not there yet. */
  add(bucket: string, key: string, { inode, bytes, modifiedNs }: FileIdentity, { etag, details }: IndexEntry): void {
    this.#add.run(bucket, key, inode, bytes, modifiedNs, etag, JSON.stringify(details));
  }

  /** Forgets what was kept for files that were there before this one. */
  removeOthers(bucket: string, key: string, { inode, bytes, modifiedNs }: FileIdentity): void {
    this.#removeOthers.run(bucket, key, inode, bytes, modifiedNs);
  }

  remove(bucket: string, key: string): void {
    this.#remove.run(bucket, key);
  }
}
