/**
 * Writes the notes of a release and prints the folder of its package: the part of the package's CHANGELOG.md that is about
 * the version of the tag.
 *
 *   node release.ts @algo/linear-regression@1.1.0 NOTES.md
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readWorkspaces } from './workspaces.ts';

const [tag = '', target] = process.argv.slice(2);
const [, name, version] = /^(@?[^@]+)@(.+)$/.exec(tag) ?? [];
if (!name || !target) fail(`usage: release.ts NAME@VERSION FILE; received ${JSON.stringify(tag)}.`);
const workspaces = readWorkspaces();
const workspace = workspaces.find(({ manifest }) => manifest.name === name);
if (!workspace) {
  const known = workspaces.map(({ manifest }) => manifest.name).join(', ');
  fail(`The tag ${tag} must name a package of this repository: ${known}; received "${name}".`);
}
const { folder, manifest } = workspace;
if (manifest.version !== version)
  fail(`The tag ${tag} must have the version of ${folder}/package.json, ${manifest.version}; received ${version}.`);
writeFileSync(target, notesOf(join(ROOT, folder, 'CHANGELOG.md'), version));
console.log(folder);

/** The part of a changelog below the version's heading. */
function notesOf(path: string, of: string): string {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const parts = text.split(/^## /m).map((part) => part.split('\n'));
  const part = parts.find(([heading]) => heading?.trim() === of);
  return part ? `${part.slice(1).join('\n').trim()}\n` : `The first release. See the repository's CHANGELOG.md.\n`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
