#!/usr/bin/env node
/**
 * Builds a page from a folder with `src/main.tsx`, `tsconfig.json`, `styles/*.css` and `public/`: one script, one style sheet and the
 * files of `public`, with the list of packages in them and their licences. Runs in the package's folder. Nothing is inlined
 * into the HTML, so that a content security policy may refuse inline code.
 *
 *   build-page console dist/page [--style PACKAGE/FILE.css]…     further style sheets come first
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { packageFolder, writeInventory } from './bundle-inventory.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { style: { type: 'string', multiple: true, default: [] } },
});
const [source, target] = positionals;
if (!source || !target) {
  console.error('usage: build-page SOURCE_FOLDER TARGET_FOLDER [--style PACKAGE/FILE.css]...');
  process.exit(2);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const bundle = await rolldown({
  input: join(source, 'src', 'main.tsx'),
  platform: 'browser',
  resolve: { extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } },
  transform: { target: 'es2022' },
});
const { output } = await bundle.write({
  file: join(target, 'page.js'),
  format: 'esm',
  minify: true,
  codeSplitting: false,
});
await bundle.close();
const folder = process.cwd();
const foreign = values.style.map((path) => {
  const [, name, file] = /^((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(path);
  return join(packageFolder(name, folder), file);
});
const styles = [...foreign, ...globSync(join(source, 'styles', '*.css')).sort()];
writeFileSync(join(target, 'page.css'), styles.map((file) => readFileSync(file, 'utf8')).join('\n'));
cpSync(join(source, 'public'), target, { recursive: true });
const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
writeInventory(modules, [], folder, target);
