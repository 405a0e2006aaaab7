/** What is loaded at a start: a package that only some commands use is loaded when they use it. Needs `npm run build`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BIN } from './support/command.js';

/** Prints the address of each module as it is loaded. */
const HOOK = `
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      console.error(url);
      return next(url, context);
    },
  });`;

/** The packages of npm that Node loads for a program, in bundles too. */
function packagesOf(...program: string[]): readonly string[] {
  const hook = `data:text/javascript,${encodeURIComponent(HOOK)}`;
  const options = { cwd: join(import.meta.dirname, '..'), encoding: 'utf8' } as const;
  const { status, stderr } = spawnSync(process.execPath, ['--import', hook, ...program], options);
  const files = stderr.split('\n').filter((line) => line.startsWith('file:'));
  expect([status, files.length > 0]).toEqual([0, true]);
  const names = files
    .flatMap(sourcesOf)
    .flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** The files that one was bundled from; itself where it is no bundle. */
function sourcesOf(url: string): readonly string[] {
  const map = `${fileURLToPath(url)}.map`;
  return existsSync(map) ? (JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] }).sources : [url];
}

it('algo loads of the packages only what reads a command line', () => {
  expect(packagesOf(BIN, '--help')).toEqual(['commander']); // the help of all loads the file of every command
});

it('the server of algo up loads of the packages only what reads and writes its protocols', () => {
  const server = packagesOf('--input-type=module', '--eval', "import '@algo/api';");

  expect(server).toEqual(['cborg', 'saxes', 'xmlchars']);
});
