/** The README's first algorithm with the shared suite, and its model without a training, as they are printed there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const [definition = '', suite = '', model = ''] = [
  ...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/```ts(?: continued)?\n(.*?)```/gs),
].map(([, code]) => code!);
// Inside the package, so that its own name resolves to it; `run` would make this process the program.
const directory = mkdtempSync(join(folder, 'dist', 'readme-'));
afterAll(() => rmSync(directory, { recursive: true }));

const load = (name: string, code: string) => {
  writeFileSync(join(directory, name), code);
  return import(join(directory, name));
};
const algorithm = definition.replace('await run(mean);', '');

describe('the README’s algorithm and its call of the shared suite', async () => {
  await load('suite.ts', `${algorithm}\n${suite}`);
});

it('a model that no training has made is answered as the README says', async () => {
  const { answer } = await load('model.ts', `${algorithm}\n${model}\nexport { answer };`);

  expect(answer).toMatchObject({ status: 200, body: '{"predictions":[{"score":2}]}' });
});
