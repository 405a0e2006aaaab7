/** The bundle of a library, in a folder that is a package of two files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const BUILD = fileURLToPath(new URL('../build-bundle.js', import.meta.url));
/** Apart from its file's name: packages/checks reads `import(…)` of this file as one of its own. */
const DYNAMIC_IMPORT = 'import';
const FILES = {
  'package.json': '{ "name": "library", "version": "1.0.0", "type": "module" }',
  'index.js': `
    import fs, { readFileSync as read } from 'node:fs';
    import * as http from 'node:http';
    export const isWhole = fs.readFileSync === read && typeof http.createServer === 'function';
    export const late = () => ${DYNAMIC_IMPORT}('./late.js');`,
  'late.js': `
    import { join } from 'node:path';
    globalThis.isLateLoaded = true;
    export const path = join('a', 'b');`,
};

/** The folder of the package, which the test removes, and how a program is run in it. */
function makePackage() {
  const folder = mkdtempSync(join(tmpdir(), 'library-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { folder, run };
}

it('loads what is imported late when it is asked for, and of Node only what is named', () => {
  const { run } = makePackage();

  run(BUILD, 'index.js', 'dist/index.js', '--library');
  const program = `
    const { isWhole, late } = await import('./dist/index.js');
    const before = globalThis.isLateLoaded;
    const { path } = await late();
    const hasClient = process.moduleLoadList.some((name) => name.includes('undici'));
    console.log(JSON.stringify({ isWhole, before, after: globalThis.isLateLoaded, path, hasClient }));`;
  const found: unknown = JSON.parse(run('--input-type=module', '--eval', program));

  // Node's client of WebSocket, in undici, is an export of http: an import would load it.
  expect(found).toEqual({ isWhole: true, after: true, path: 'a/b', hasClient: false });
});

it('loads a package that parts share without what else they share', () => {
  const { folder, run } = makePackage();
  const packages = { one: 'globalThis.isOneLoaded = true;', '@scope/two': 'globalThis.isTwoLoaded = true;' };
  for (const [name, text] of Object.entries(packages)) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(join(folder, 'node_modules', name, 'package.json'), `{ "name": "${name}", "version": "1.0.0" }`);
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), text);
  }
  writeFileSync(join(folder, 'both.js'), `import 'one'; import '@scope/two';`);
  const parts = { 'first.js': './both.js', 'second.js': './both.js', 'third.js': 'one' };
  for (const [file, imported] of Object.entries(parts)) writeFileSync(join(folder, file), `import '${imported}';`);
  const imports = Object.keys(parts).map((file) => `() => ${DYNAMIC_IMPORT}('./${file}')`);
  writeFileSync(join(folder, 'index.js'), `export const parts = [${imports.join(', ')}];`);

  run(BUILD, 'index.js', 'dist/index.js', '--library');
  const program = `
    const loaded = () => [Boolean(globalThis.isOneLoaded), Boolean(globalThis.isTwoLoaded)];
    const { parts } = await import('./dist/index.js');
    const steps = [loaded()];
    for (const index of [2, 0]) {
      await parts[index]();
      steps.push(loaded());
    }
    console.log(JSON.stringify(steps));`;

  expect(JSON.parse(run('--input-type=module', '--eval', program))).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ]);
});

it('removes the parts that an earlier build wrote, and nothing else', () => {
  const { folder, run } = makePackage();
  const others = ['index.d.ts', 'index-page.old.part.js', 'main.old.part.js'];
  mkdirSync(join(folder, 'dist'));
  for (const name of ['index.old.part.js', 'index.old.part.js.map', 'index2.old.part.js', ...others]) {
    writeFileSync(join(folder, 'dist', name), '');
  }

  run(BUILD, 'index.js', 'dist/index.js', '--library');
  const left = readdirSync(join(folder, 'dist'));

  expect(left.filter((name) => name.includes('old'))).toEqual(['index-page.old.part.js', 'main.old.part.js']);
  expect(left).toEqual(expect.arrayContaining(['index.js', 'index.late.part.js', 'index.d.ts']));
});
