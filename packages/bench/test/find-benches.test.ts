import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { benchesNamed, findBenches, repositoryRoot } from '../dist/find-benches.js';

let root: string;
const write = (path: string, content: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const bench = (name: string) => `export const bench = { name: '${name}' satisfies string };`;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bench-test-')));
  write('package.json', JSON.stringify({ workspaces: ['packages/*', 'solo'] }));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('findBenches', () => {
  it('imports the TypeScript and JavaScript benches of all workspaces, sorted by name', async () => {
    write('packages/b/bench/late.bench.ts', bench('late'));
    write('packages/a/bench/middle.bench.ts', bench('middle'));
    write('solo/bench/early.bench.js', `export const bench = { name: 'early' };`);

    const benches = await findBenches(root);

    expect(benches.map(({ name }) => name)).toEqual(['early', 'late', 'middle']);
  });

  it('searches bench folders of workspaces only, for files that end in .bench', async () => {
    write('packages/a/bench/program.ts', bench('program'));
    write('packages/a/src/other.bench.ts', bench('other'));
    write('elsewhere/bench/foreign.bench.ts', bench('foreign'));

    expect(await findBenches(root)).toEqual([]);
  });

  it('rejects a file that exports no bench, naming it', async () => {
    write('packages/a/bench/empty.bench.ts', 'export const other = 1;');

    await expect(findBenches(root)).rejects.toThrow(/empty\.bench\.ts must export a bench under the name "bench"/);
  });
});

it('a name is that of one bench or of a group', () => {
  const benches = [['a'], ['b', 'c'], ['d', 'c'], ['c-e']].map(([name, group]) => ({
    ...{ name: name!, description: '', pythonPackages: [], measure: async () => [] },
    ...(group !== undefined && { group }),
  }));
  const namesOf = (...given: string[]) => benchesNamed(benches, given).map(({ name }) => name);

  expect(namesOf('c')).toEqual(['b', 'd']);
  expect(namesOf('d', 'a')).toEqual(['a', 'd']);
  expect(namesOf('e')).toEqual([]);
});

describe('repositoryRoot', () => {
  it('is the nearest parent folder with workspaces', () => {
    write('packages/a/package.json', '{"name":"a"}');

    expect(repositoryRoot(join(root, 'packages', 'a'))).toBe(root);
  });

  it('rejects a folder outside any repository', () => {
    expect(() => repositoryRoot('/')).toThrow('no parent folder has a package.json with "workspaces"');
  });
});
