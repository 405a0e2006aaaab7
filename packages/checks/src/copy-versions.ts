/**
 * Copies the version of each algorithm's package.json to where other programs read it: the definition, and the labels of the
 * image. `npm run version` runs it after changesets; test/versions.test.ts fails where they differ.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readWorkspaces, VERSION_PLACES } from './workspaces.ts';

for (const { folder, manifest } of readWorkspaces()) {
  for (const { file, pattern } of VERSION_PLACES) {
    const path = join(ROOT, folder, file);
    if (!folder.startsWith('algorithms/') || !existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    const updated = text.replace(pattern, (whole, version: string) => whole.replace(version, manifest.version));
    if (updated !== text) writeFileSync(path, updated);
  }
}
