/** `algo notebook` without a kernel; packages/listing and .ci/notebooks execute notebooks. Needs `npm run build`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { algoHere, makeWorkspace, write } from './support/command.js';
import { PRODUCT } from './support/product.js';

const NOTEBOOKS = ['algorithm', 'model-package', 'operations'].map((kind) => `notebooks/sum/sum-${kind}.ipynb`);

it('makes the notebooks of a product once, and exports them with its data', async () => {
  const workspace = write(makeWorkspace(), { 'algorithms/sum/listing/product.yaml': PRODUCT, LICENSE: 'Free.\n' });

  const made = await algoHere(workspace, 'notebook', 'new', 'sum');
  const again = await algoHere(workspace, 'notebook', 'new', 'sum');
  const url = ['--repository-url', 'https://github.com/you/sums'];
  const exported = await algoHere(workspace, 'notebook', 'export', 'sum', '--to', 'public', ...url, '--write-links');
  const withoutUrl = await algoHere(workspace, 'notebook', 'export', 'sum', '--to', 'public', '--write-links');

  expect(made).toEqual({ code: 0, stderr: '', stdout: NOTEBOOKS.map((file) => `${file}\n`).join('') });
  expect(again).toMatchObject({
    code: 2,
    stderr: `algo: ${NOTEBOOKS[0]} is there already. Replace it with --force.\n`,
  });
  expect(exported).toMatchObject({ code: 0, stderr: '' });
  expect(exported.stdout).toContain(
    'links:\n  notebook: https://github.com/you/sums/blob/main/sum-algorithm.ipynb\n  repository: https://github.com/you/sums\n',
  );
  expect(existsSync(join(workspace, 'public', 'data', 'train'))).toBe(true);
  const product = readFileSync(join(workspace, 'algorithms', 'sum', 'listing', 'product.yaml'), 'utf8');
  expect(product).toBe(PRODUCT + exported.stdout.slice(exported.stdout.indexOf('links:')));
  expect(exported.stdout).toContain('Written into algorithms/sum/listing/product.yaml');
  expect(withoutUrl).toMatchObject({ code: 2, stderr: 'algo: --write-links needs --repository-url.\n' });
});

it('runs nothing where there is no ARN for AWS, or more than one algorithm for a repository', async () => {
  const workspace = makeWorkspace();

  const aws = await algoHere(workspace, 'notebook', 'run', 'sum', '--aws');
  const images = ['--runner', 'container', '--aws', '--arn', 'arn:aws:sagemaker:us-east-1:865070037744:algorithm/sum'];
  const awsImages = await algoHere(workspace, 'notebook', 'run', 'sum', ...images);
  const engine = await algoHere(workspace, 'notebook', 'run', 'sum', '--engine', 'podman');
  const two = await algoHere(workspace, 'notebook', 'run', 'sum', 'sum', '--from', 'public');

  expect(aws).toMatchObject({ code: 2, stderr: expect.stringContaining('--aws needs --arn') });
  expect(awsImages).toMatchObject({ code: 2, stderr: 'algo: --runner is for the API of this machine.\n' });
  expect(engine).toMatchObject({ code: 2, stderr: 'algo: --engine needs --runner container.\n' });
  expect(two).toMatchObject({ code: 2, stderr: expect.stringContaining('--from needs exactly one algorithm') });
});

it('refuses a folder without notebooks, whatever the workspace has and wherever the command is given', async () => {
  const workspace = write(makeWorkspace(), { [NOTEBOOKS[0]!]: '{}', 'empty/README.md': '' });
  const own = write(makeWorkspace(), { 'notebooks/sum/README.md': '' });
  const message = (folder: string, command: string) =>
    `algo: ${folder} must have notebooks; it has none. Make them with "algo notebook ${command}".\n`;

  const wrong = await algoHere(workspace, 'notebook', 'run', 'sum', '--from', 'pubic');
  const empty = await algoHere(workspace, 'notebook', 'run', 'sum', '--from', 'empty');
  const inside = await algoHere(join(own, 'notebooks', 'sum'), 'notebook', 'run', 'sum');

  expect(wrong).toMatchObject({ code: 2, stderr: message('pubic', 'export sum --to pubic') });
  expect(empty).toMatchObject({ code: 2, stderr: message('empty', 'export sum --to empty') });
  expect(inside).toMatchObject({ code: 2, stderr: message('.', 'new sum') });
});
