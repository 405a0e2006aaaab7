import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..');
/** What is fixed in a sentence of the code: a name in a template is `…`, as in the document. */
const code = globSync('src/**/*.ts', { cwd: PACKAGE })
  .map((file) =>
    readFileSync(join(PACKAGE, file), 'utf8')
      .replaceAll(/\$\{[^}]*\}/g, '…')
      .replaceAll("\\'", "'"),
  )
  .join('\n');
const rows = readFileSync(join(PACKAGE, 'SENTENCES.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (---|sentence)/.test(line))
  .map((line) => line.split(' | '));

it.each(rows.map(([sentence = '']) => [sentence.slice(2).trim()]))('the code has "%s"', (sentence) => {
  expect(code.includes(sentence)).toBe(true);
});

it('each sentence that was seen says where', () => {
  const seen = rows.filter((cells) => cells.length === 3);

  expect(seen.length).toBeGreaterThan(0);
  for (const [, , where] of seen) expect(where).toMatch(/\]\(https:\/\/github\.com\/|public repositor/);
});
