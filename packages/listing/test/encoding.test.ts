/** What a seller writes in another encoding is refused, wherever it is read: a buyer would see other characters. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readMaterial } from '../src/material.js';
import { makeFolder } from './support/folder.js';
import { requestOf } from './support/material.js';
import { productText } from './support/product.js';

const LATIN = Buffer.from('# A\n\ncafé\n', 'latin1');

async function materialWith(files: Readonly<Record<string, string | Buffer>>) {
  const from = makeFolder({ 'listing/product.yaml': productText('linear-regression'), ...files });
  const request = await requestOf('linear-regression');
  return readMaterial({ ...request, from, folder: from, sampleData: join(from, 'data') });
}

it('product.yaml has the problem, with its line', async () => {
  const { productFile } = await materialWith({ 'listing/product.yaml': LATIN });

  expect(productFile).toMatchObject({
    product: undefined,
    problems: [{ line: 3, text: 'must be UTF-8; received the byte 0xE9. Save the file in that encoding' }],
  });
});

it.each(['listing/description.md', 'listing/usage.md', 'data/README.md', 'CHANGELOG.md'])(
  '%s is refused by file and line',
  async (file) => {
    await expect(materialWith({ [file]: LATIN })).rejects.toThrow(
      `${file} line 3: must be UTF-8; received the byte 0xE9.`,
    );
  },
);

it('the published version has the problem', async () => {
  const { history } = await materialWith({ 'listing/published.json': LATIN });

  expect(history.publishedProblem).toBe(
    'listing/published.json line 3: must be UTF-8; received the byte 0xE9. Save the file in that encoding.',
  );
});
