/**
 * A database of a folder. One process has it: SQLite's exclusive lock is the folder's lock, and the system frees it however
 * the process ends.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ArgumentError, messageOf, systemCode } from '@algo/local';

export interface Database {
  readonly sql: DatabaseSync;
  /** All of `work` or nothing of it. Inside of another transaction it is a part of that one. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens a folder's database, makes it where there is none, and brings an older one up to date.
 * @param file       its name in the folder
 * @param migrations the steps from an empty database to this version's; SQLite's user_version counts those it has had
 * @throws ArgumentError when another process has the folder, its database cannot be read and written, or a newer version of this package wrote it
 */
export function openDatabase(folder: string, file: string, migrations: readonly string[]): Database {
  mkdirSync(folder, { recursive: true });
  const sql = open(folder, file);
  try {
    lock(sql, folder);
    migrate(sql, folder, migrations);
  } catch (error) {
    sql.close();
    throw error;
  }
  return { sql, transaction: createTransaction(sql), close: () => sql.close() };
}

// --- internal ---

function open(folder: string, file: string): DatabaseSync {
  try {
    return new DatabaseSync(join(folder, file), { enableForeignKeyConstraints: true });
  } catch (error) {
    throw notUsable(folder, error);
  }
}

/** SQLite has a code for all that is wrong with a file, and its reasons in words. */
function notUsable(folder: string, error: unknown): unknown {
  if (systemCode(error) !== 'ERR_SQLITE_ERROR') return error;
  return new ArgumentError(
    `The data folder ${folder} must have a database that can be read and written: ${messageOf(error)}. Check the rights of its files, or choose another folder.`,
    { cause: error },
  );
}

function lock(sql: DatabaseSync, folder: string): void {
  try {
    // The lock is taken with the first write and kept. In WAL a killed process loses nothing that was committed.
    sql.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    sql.exec('BEGIN EXCLUSIVE; COMMIT');
  } catch (error) {
    if (!/locked|busy/i.test(String(error))) throw notUsable(folder, error);
    throw new ArgumentError(
      `The data folder ${folder} is in use by another server. If that is your own "algo up", stop it with Ctrl-C, or choose another folder.`,
      {
        cause: error,
      },
    );
  }
}

function migrate(sql: DatabaseSync, folder: string, migrations: readonly string[]): void {
  const { user_version: version } = sql.prepare('PRAGMA user_version').get() as { readonly user_version: number };
  if (version > migrations.length) {
    throw new ArgumentError(
      `The data folder ${folder} must be of version ${migrations.length} or older; it is of version ${version}. Use the newer algo that wrote it.`,
    );
  }
  migrations.slice(version).forEach((step, i) => {
    sql.exec(`BEGIN; ${step}; PRAGMA user_version = ${version + i + 1}; COMMIT`);
  });
}

function createTransaction(sql: DatabaseSync): Database['transaction'] {
  return (work) => {
    if (sql.isTransaction) return work();
    sql.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      sql.exec('COMMIT');
      return result;
    } catch (error) {
      if (sql.isTransaction) sql.exec('ROLLBACK'); // where the disk is full, SQLite has done it itself
      throw error;
    }
  };
}
