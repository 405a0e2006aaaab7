/** `algo rename` on small repositories. What it makes of this one is tested in packages/checks. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renameScope } from '../src/rename-scope.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rename-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Scopes are never written with their slash here, or `algo rename` on this repository would rewrite them too. */
const [OLD, NEW, OTHER] = ['@algo', '@acme', '@other'];
const SDK = `{\n  "name": "${OLD}/sdk"\n}\n`;
const USER = `{\n  "name": "${OLD}/user",\n  "dependencies": {\n    "${OLD}/sdk": "1.0.0"\n  }\n}\n`;

function repository(files: Record<string, string | Uint8Array> = {}): void {
  const all = {
    'package.json': '{}',
    'packages/sdk/package.json': SDK,
    'algorithms/user/package.json': USER,
    ...files,
  };
  for (const [path, content] of Object.entries(all)) write(path, content);
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'test');
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const git = (...command: string[]) => execFileSync('git', command, { cwd: root });
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const rename = (scope: string, isForced = false) => renameScope({ scope, from: root, isForced });

describe('a new scope', () => {
  const readme = (scope: string) =>
    `npm test --workspace ${scope}/NAME; npx algo rename --scope ${OLD}; me${OLD}.example\n`;

  it('replaces the old one in manifests, imports and documents, and nothing that only looks like it', () => {
    repository({
      'algorithms/user/main.ts': `import { run } from '${OLD}/sdk/run';\nconst algo = '${OLD}rithm/x';\n`,
      'README.md': readme(OLD),
    });

    const { previous, files } = rename(NEW);

    expect(previous).toBe(OLD);
    expect(files).toHaveLength(4);
    expect(read('algorithms/user/package.json')).toBe(USER.replaceAll(OLD, NEW));
    expect(read('algorithms/user/main.ts')).toBe(
      `import { run } from '${NEW}/sdk/run';\nconst algo = '${OLD}rithm/x';\n`,
    );
    expect(read('README.md')).toBe(readme(NEW));
  });

  it('changes nothing the second time, and can be changed again', () => {
    repository();
    rename(NEW);

    expect(rename(NEW).files).toEqual([]);
    expect(rename(OTHER, true).files).toHaveLength(2);
    expect(read('packages/sdk/package.json')).toBe(SDK.replace(OLD, OTHER));
  });

  it('leaves binary files and files that git ignores alone', () => {
    const binary = Buffer.from(`\0${OLD}/sdk`);
    repository({ 'data.bin': binary, '.gitignore': 'notes.txt\n' });
    write('notes.txt', `${OLD}/sdk`);

    rename(NEW);

    expect(readFileSync(join(root, 'data.bin')).equals(binary)).toBe(true);
    expect(read('notes.txt')).toBe(`${OLD}/sdk`);
  });

  it('keeps the lock file in the order of npm', () => {
    const link = { link: true };
    const [mid, own] = ['@mid', '@own'];
    const packages = {
      '': {},
      [`node_modules/${OLD}/sdk`]: link,
      [`node_modules/${mid}/x`]: {},
      'node_modules/zod': {},
    };
    repository({ 'package-lock.json': `${JSON.stringify({ name: 'x', packages }, null, 2)}\n` });

    rename(own);

    const lock = JSON.parse(read('package-lock.json'));
    expect(Object.keys(lock.packages)).toEqual([
      '',
      `node_modules/${mid}/x`,
      `node_modules/${own}/sdk`,
      'node_modules/zod',
    ]);
  });
});

describe('a renaming that is refused', () => {
  it.each(['acme', '@', '@Acme', `${NEW}/x`, '@ acme'])('names the rule for what is no scope: "%s"', (scope) => {
    repository();
    expect(() => rename(scope)).toThrow(`--scope must be @ and a name of lower-case letters`);
  });

  it('names a file with uncommitted changes, unless it is forced', () => {
    repository();
    write('package.json', '{"private":true}');

    expect(() => rename(NEW)).toThrow('these are not: package.json. Commit or stash them, or add --force.');
    expect(rename(NEW, true).files).toHaveLength(2);
  });

  it('names a new algorithm that is not committed, and renames it too when it is forced', () => {
    repository();
    write('algorithms/new/package.json', USER);
    write('algorithms/new/main.ts', `import '${OLD}/sdk';\n`);
    write('notes.txt', 'nothing to rename');

    expect(() => rename(NEW)).toThrow('these are not: algorithms/new/main.ts and 1 more. Commit');
    expect(rename(NEW, true).files).toHaveLength(4);
    expect(read('algorithms/new/main.ts')).toBe(`import '${NEW}/sdk';\n`);
  });

  it('names the scopes where packages have several', () => {
    repository({ 'packages/other/package.json': `{"name":"${OTHER}/x"}` });
    expect(() => rename(NEW)).toThrow(`must have one scope; received ${OLD}, ${OTHER}.`);
  });

  it.each(['package.json', 'package-lock.json'])('names a dependency in the new or the old scope: %s', (file) => {
    const [theirs, ours] = [`${NEW}/tool`, `${OLD}/tool`];
    const using = (name: string) =>
      file === 'package.json'
        ? { devDependencies: { [name]: '1.0.0' } }
        : { packages: { [`a/node_modules/${name}`]: {} } };
    repository({ [file]: JSON.stringify(using(theirs)) });

    expect(() => rename(NEW)).toThrow(`received ${NEW}, which the dependency ${theirs} has.`);
    expect(rename(OTHER).files).toHaveLength(2);
    write(file, JSON.stringify(using(ours)));
    write('packages/sdk/package.json', SDK);
    write('algorithms/user/package.json', USER);
    expect(() => rename(NEW, true)).toThrow(`received ${OLD}, which the dependency ${ours} has.`);
  });

  it('needs a repository of git', () => {
    write('algorithms/user/package.json', USER);
    expect(() => rename(NEW)).toThrow('must be in a git repository with a package.json and a folder "algorithms"');
  });
});
