import { readdirSync, readFileSync } from 'node:fs';
import { ERROR_CODES } from '@algo/contract';
import { expect, it } from 'vitest';

const folder = new URL('../', import.meta.url);

it('the README lists the error codes that are thrown besides the SDK’s, and no other', () => {
  const sources = readdirSync(new URL('src/', folder), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.generated.ts'),
  );
  const text = sources.map((name) => readFileSync(new URL(`src/${name}`, folder), 'utf8')).join('\n');
  const thrown = new Set([...text.matchAll(/'(E_[A-Z_]+)'/g)].map(([, code]) => code!));
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  const listed = [...readme.matchAll(/^\| `(E_[A-Z_]+)` \|/gm)].map(([, code]) => code!);

  expect([...thrown].filter((code) => !(code in ERROR_CODES)).sort()).toEqual(listed.sort());
});
