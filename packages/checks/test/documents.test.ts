/** The TypeScript of the READMEs compiles as it is written there. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { commands, readDocuments, typescriptBlocks } from '../src/documents.ts';
import { whyNotRun } from '../src/run-elsewhere.ts';
import { ROOT } from '../src/workspaces.ts';

/** AssemblyScript has types that TypeScript lacks; the kernels' own builds compile it. */
const isAssemblyScript = (code: string) => /\b(i32|usize|f64)\b/.test(code);

it('every block of TypeScript in a README compiles', () => {
  mkdirSync(join(ROOT, 'node_modules', '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.cache', 'documents-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const blocks = typescriptBlocks(readDocuments()).filter(({ code }) => !isAssemblyScript(code));
  const names = blocks.map(({ document, line }) => `${document.replaceAll('/', '-').replace('.md', '')}-${line}.ts`);
  for (const [index, { code }] of blocks.entries()) writeFileSync(join(folder, names[index]!), `${code}\nexport {};\n`);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.base.json'),
      compilerOptions: { noEmit: true, noUnusedLocals: false, types: ['node'] },
      files: names,
    }),
  );

  const { status, stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });

  expect(blocks.length).toBeGreaterThan(3);
  expect(status, stdout).toBe(0);
});

it('commands are found in fenced and indented blocks, joined and without their comments', () => {
  const root = mkdtempSync(join(ROOT, 'node_modules', '.cache', 'documents-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  writeFileSync(
    join(root, 'README.md'),
    [
      '# A',
      '',
      '    npm test   # all of them',
      '    npx algo a \\',
      '      --b',
      '',
      '```sh',
      'docker build .',
      '```',
      '    text',
      '',
    ].join('\n'),
  );
  execFileSync('git', ['add', '.'], { cwd: root });

  expect(commands(readDocuments(root), root)).toEqual([
    { document: 'README.md', line: 3, command: 'npm test' },
    { document: 'README.md', line: 4, command: 'npx algo a --b' },
    { document: 'README.md', line: 8, command: 'docker build .' },
  ]);
});

it('no command that is run with the documents changes an AWS account or a listing', () => {
  const all = commands(readDocuments()).map(({ command }) => command);
  const changing = all.filter((command) => /^npx algo (un)?publish|sagemaker$|listing release/.test(command));

  expect(changing.length).toBeGreaterThan(5);
  expect(changing.filter((command) => whyNotRun(command) === undefined)).toEqual([]);
  expect(whyNotRun('npx algo describe algorithms/linear-regression')).toBeUndefined();
});
