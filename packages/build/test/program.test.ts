/** The bundle of a program, in a folder with stand-ins for what it needs of the repository. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

const BUILD = fileURLToPath(new URL('../build-bundle.js', import.meta.url));
/** Apart from its file's name: packages/checks reads `import(…)` of this file as one of its own. */
const LATER = 'import';
const CONTRACT = 'node_modules/@algo/contract';
const FILES = {
  'package.json': '{ "name": "it", "version": "1.0.0", "type": "module" }',
  'node_modules/node/package.json': '{ "name": "node", "version": "24.0.0" }',
  [`${CONTRACT}/package.json`]: JSON.stringify({
    ...{ name: '@algo/contract', version: '1.0.0', type: 'module', sideEffects: false },
    exports: { '.': './dist/index.js', './training-program': './dist/training.js' },
  }),
  [`${CONTRACT}/dist/index.js`]: `export { columns } from './columns.js'; export { run } from './main.js';`,
  [`${CONTRACT}/dist/main.js`]: `
    export const run = async (algorithm, command = process.argv[2]) => {
      if (command === 'serve') (await ${LATER}('./serve/serve.js')).serve();
      else await algorithm.train();
      console.log(globalThis.loaded.sort().join());
    };`,
  [`${CONTRACT}/dist/serve/serve.js`]: `
    import { both } from '../both.js'; (globalThis.loaded ??= []).push('serve'); export const serve = both;`,
  [`${CONTRACT}/dist/both.js`]: `(globalThis.loaded ??= []).push('both'); export const both = () => process.pid;`,
  [`${CONTRACT}/dist/columns.js`]: `(globalThis.loaded ??= []).push('columns'); export const columns = () => process.pid;`,
  [`${CONTRACT}/dist/training.js`]: 'export const runTraining = () => {};',
  'main.js': `
    import { run } from '@algo/contract';
    import { algorithm } from './algorithm.js';
    await run(algorithm);`,
  'algorithm.js': `
    (globalThis.loaded ??= []).push('algorithm');
    export const algorithm = { train: async () => (await ${LATER}('./train.js')).train() };`,
  'train.js': `
    import { columns } from '@algo/contract';
    import { both } from './${CONTRACT}/dist/both.js';
    globalThis.loaded.push('train');
    export const train = () => columns() + both();`,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'program-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(FILES)) write(name, text);
});

function write(name: string, text: string) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const build = () => spawnSync(process.execPath, [BUILD, 'main.js', 'dist/main.js'], { cwd: folder, encoding: 'utf8' });

const loadedBy = (command: string) => {
  const text = execFileSync(process.execPath, [join(folder, 'dist', 'program.js'), command], { encoding: 'utf8' });
  return text.trim();
};

it('a command loads what it needs, of the packages without side effects nothing else', () => {
  const { stderr } = build();

  expect(stderr).toBe('');
  expect(loadedBy('serve')).toBe('algorithm,both,serve');
  expect(loadedBy('other')).toBe('algorithm,both,columns,train');
});

it('what the server shares is apart from what others share', () => {
  write('other.js', `import './train-helper.js'; export const other = 1;`);
  write('train-helper.js', `globalThis.loaded.push('helper'); export const helper = 1;`);
  write(
    'train.js',
    `import './train-helper.js'; ${FILES['train.js']} export const later = () => ${LATER}('./other.js');`,
  );

  build();

  expect(loadedBy('serve')).toBe('algorithm,both,serve');
  expect(loadedBy('other')).toBe('algorithm,both,columns,helper,train');
});

it('the same source makes the same files, and no part of an earlier build stays', () => {
  const read = () => {
    const files = readdirSync(join(folder, 'dist')).toSorted();
    return files.map((name) => [name, readFileSync(join(folder, 'dist', name), 'utf8')]);
  };
  build();
  const first = read();
  write('dist/program.old.part.js', '');

  build();

  expect(read()).toEqual(first);
  expect(first.map(([name]) => name)).toEqual(expect.arrayContaining(['main.js', 'program.js', 'training.js']));
});

it('a module that is imported later and imports the program is refused, which would wait for it for ever', () => {
  write('main.js', `${FILES['main.js']} export const size = process.argv.length;`);
  write('train.js', `import { size } from './main.js'; export const train = () => size;`);

  const { status, stderr } = build();

  expect(status).toBe(1);
  expect(stderr).toContain(
    'No module that is imported later may import main.js, which waits for it; train.js does. Move what it takes from there into a file of its own.',
  );
});
