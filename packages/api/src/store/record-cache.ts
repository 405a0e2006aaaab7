/**
 * The records that were read last, parsed: clients ask for the same jobs again and again while they wait for them. This
 * process alone writes the database, so that what is here is what is there, if every change drops its record.
 */
import type { StoredRecord } from './record.js';

export interface RecordCache {
  get(kind: string, name: string): StoredRecord<unknown> | undefined;
  /** Keeps it, frozen: all who ask get the same object. */
  keep(record: StoredRecord<unknown>): void;
  drop(kind: string, name: string): void;
}

/** Some 10 MB of training jobs. */
const MAX_RECORDS = 2000;

export function createRecordCache(): RecordCache {
  const records = new Map<string, StoredRecord<unknown>>(); // oldest use … newest use
  const keyOf = (kind: string, name: string) => `${kind} ${name}`; // no kind has a space
  return {
    get(kind, name) {
      const key = keyOf(kind, name);
      const record = records.get(key);
      if (record === undefined) return undefined;
      records.delete(key);
      records.set(key, record);
      return record;
    },
    keep(record) {
      records.set(keyOf(record.kind, record.name), freeze(record));
      if (records.size > MAX_RECORDS) records.delete(records.keys().next().value!);
    },
    drop: (kind, name) => void records.delete(keyOf(kind, name)),
  };
}

// --- internal ---

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}
