/** All that is kept of the services' state, in the database of the data folder. */
import { type Changes, createChanges } from './changes.js';
import { type Database, openDatabase } from './database.js';
import { type Logs, openLogs } from './logs.js';
import { MIGRATIONS } from './migrations.js';
import { openRecords, type Records } from './records.js';
import { openTags, type Tags } from './tags.js';
import { openWorkList, type WorkList } from './work-list.js';

export interface Store extends Database {
  readonly records: Records;
  readonly tags: Tags;
  readonly work: WorkList;
  readonly logs: Logs;
  readonly changes: Changes;
}

/** @throws ArgumentError when another process has the folder, or a newer version wrote it */
export function openStore(folder: string): Store {
  const database = openDatabase(folder, 'state.db', MIGRATIONS);
  const changes = createChanges();
  return {
    ...database,
    changes,
    records: openRecords(database, changes),
    tags: openTags(database),
    work: openWorkList(database),
    logs: openLogs(database, changes),
  };
}
