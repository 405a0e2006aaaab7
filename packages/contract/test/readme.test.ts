import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '../src/errors.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the README lists every error code with its class and meaning, and no other', () => {
  const rows = [...readme.matchAll(/^\| `(E_\w+)` \| (\w+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);

  expect(rows).toEqual(Object.entries(ERROR_CODES).map(([code, [cause, meaning]]) => [code, cause, meaning]));
});
