import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The content of all files below a directory by their path in it, sorted; none where it is not there. */
export function readTree(directory: string): Map<string, Buffer> {
  if (!existsSync(directory)) return new Map();
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  return new Map(names.sort().map((name) => [name, readFileSync(join(directory, name))]));
}
