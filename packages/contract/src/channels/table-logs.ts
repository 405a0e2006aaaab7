/**
 * Logs of tables whose data files are not their rows: a Delta, Iceberg or Hudi table says in its log which files are
 * valid, and which rows of them are deleted. Read without it, removed and replaced rows come back.
 */
import { readdirSync } from 'node:fs';
import { ClientError } from '../errors.js';

/**
 * @param path of a folder in a channel, `name` its last part
 * @throws ClientError E_CHANNEL when it holds the log of a table
 */
export function refuseTableLog(path: string, name: string): void {
  const table = kindOf(path, name);
  if (!table) return;
  throw new ClientError(
    'E_CHANNEL',
    `${path} is the log of ${table}, which says which rows of the other files are valid: without it, deleted and replaced rows would reappear. Write the table's current rows to a separate folder, and use that.`,
  );
}

// --- internal ---

/** What Iceberg keeps in `metadata/`: descriptions of the table, and lists of its files. */
const ICEBERG_FILE = /\.metadata\.json(\.gz)?$|^snap-.*\.avro$|-m\d+\.avro$|^version-hint\.text$/;

function kindOf(path: string, name: string): string | undefined {
  if (name === '_delta_log') return 'a Delta table';
  if (name === '.hoodie') return 'a Hudi table';
  if (name === 'metadata' && readdirSync(path).some((file) => ICEBERG_FILE.test(file))) return 'an Iceberg table';
  return undefined;
}
