/** What `algo new` writes, and what it refuses. The other kinds pass in the long runs. Needs `npm run build`. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { algoHere } from './support/command.js';
import { algoDone, expectToPass, LONGEST_NAME, makeRepository, ROOT } from './support/repository.js';

describe('algo new', () => {
  it('--kind tabular writes an algorithm that passes as it is', () => expectToPass('tabular'));

  it('takes the scope of the repository', async () => {
    const repository = makeRepository();

    const made = await algoDone(repository, 'new', 'my-model');
    expect(made).toContain('npm install adds the new package to package-lock.json');

    const { name, dependencies } = JSON.parse(
      readFileSync(join(repository, 'algorithms/my-model/package.json'), 'utf8'),
    );
    const contract = JSON.parse(readFileSync(join(ROOT, 'packages/contract/package.json'), 'utf8'));
    expect(name).toBe(contract.name.replace('/contract', '/my-model'));
    expect(dependencies[contract.name]).toBe(contract.version);
  });

  it('gives an algorithm that trains the script for its tests on several hosts', async () => {
    const repository = makeRepository();

    for (const kind of ['tabular', 'custom']) {
      await algoDone(repository, 'new', kind, '--kind', kind);

      const { scripts } = JSON.parse(readFileSync(join(repository, 'algorithms', kind, 'package.json'), 'utf8'));
      const ours = JSON.parse(readFileSync(join(ROOT, 'algorithms/linear-regression/package.json'), 'utf8'));
      expect(scripts['test:mpi']).toBe(ours.scripts['test:mpi']);
    }
  });

  it.each([
    ['My-Model', 'must be lower-case letters'],
    ['my_model', 'must be lower-case letters'],
    [`${LONGEST_NAME}s`, 'at most 63 characters'],
    ['contract', 'Choose another name than "contract"'],
    ['sample-data', 'Choose another name than "sample-data"'],
  ])('refuses the name %s with exit code 2 and writes nothing', async (name, message) => {
    const repository = makeRepository();

    const { code, stderr } = await algoHere(repository, 'new', name);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(join(repository, 'algorithms'))).toEqual([]);
  });

  it('refuses to write over an algorithm, or over its sample data', async () => {
    const repository = makeRepository();
    mkdirSync(join(repository, 'sample-data', 'mine'));

    const { code, stderr } = await algoHere(repository, 'new', 'mine');

    expect(code).toBe(2);
    expect(stderr).toContain('sample-data/mine exists already');
    expect(existsSync(join(repository, 'algorithms', 'mine'))).toBe(false);
  });

  it.each([
    ['class', 'tabular', 'a word of the language'],
    ['train', 'tabular', 'imported by the template'],
    ['definition', 'custom', 'declared by the template'],
  ])('refuses the name %s for --kind %s, which is %s', async (name, kind) => {
    const repository = makeRepository();

    const { code, stderr } = await algoHere(repository, 'new', name, '--kind', kind);

    expect(code).toBe(2);
    expect(stderr).toContain(`The name "${name}" cannot be used`);
    expect(existsSync(join(repository, 'algorithms', name))).toBe(false);
  });

  it('names a package.json of the repository that is not JSON, and leaves a broken link alone', async () => {
    const repository = makeRepository();
    symlinkSync('/no/such/folder', join(repository, 'algorithms', 'linked'));
    expect((await algoHere(repository, 'new', 'linked')).stderr).toContain('algorithms/linked exists already');
    expect(readdirSync(join(repository, 'algorithms'))).toEqual(['linked']);

    mkdirSync(join(repository, 'algorithms', 'broken'));
    writeFileSync(join(repository, 'algorithms', 'broken', 'package.json'), '{');
    const { code, stderr } = await algoHere(repository, 'new', 'mine');

    expect(code).toBe(2);
    expect(stderr).toContain('algorithms/broken/package.json cannot be read: ');
  });

  it('outside of a repository says what it needs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'algo-new-'));
    onTestFinished(() => removeTree(folder));

    const { code, stderr } = await algoHere(folder, 'new', 'mine');

    expect(code).toBe(2);
    expect(stderr).toContain('packages/contract');
    expect(stderr).toContain('clone the template');
    expect(readdirSync(folder)).toEqual([]);
  });
});
