import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeTree } from '../src/index.js';
import { makeFolder, writeFiles } from './scene.js';

/** 400 levels of 20 letters: 8 kB of path, twice what the system takes. A test may not change its own working folder. */
const MAKE_DEEP = `
  for (let i = 0; i < 400; i++) {
    require('node:fs').mkdirSync('x'.repeat(20));
    process.chdir('x'.repeat(20));
    require('node:fs').writeFileSync('file', '');
  }`;

describe('a folder is removed', () => {
  it('with more levels than a path can name', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'deep'));
    execFileSync(process.execPath, ['-e', MAKE_DEEP], { cwd: join(folder, 'deep') });

    await removeTree(join(folder, 'deep'));

    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('with names that are not text', async () => {
    const folder = makeFolder();
    const odd = Buffer.concat([Buffer.from(`${folder}/tree/`), Buffer.from([0xff, 0xfe])]);
    mkdirSync(join(folder, 'tree'));
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from('/'), Buffer.from([0xc3])]), '');

    await removeTree(join(folder, 'tree'));

    expect(readdirSync(folder)).toEqual([]);
  });

  it('with read-only folders, and without what its links lead to', async () => {
    const folder = writeFiles(makeFolder(), { 'tree/a/b/c': '', 'kept/file': '' });
    symlinkSync(join(folder, 'kept'), join(folder, 'tree/a/link'));
    symlinkSync(join(folder, 'kept'), join(folder, 'link'));
    for (const name of ['tree/a/b', 'tree/a', 'tree']) chmodSync(join(folder, name), 0o555);

    for (const name of ['tree', 'link', 'none']) await removeTree(join(folder, name));

    expect(readdirSync(folder)).toEqual(['kept']);
    expect(existsSync(join(folder, 'kept/file'))).toBe(true);
  });
});
