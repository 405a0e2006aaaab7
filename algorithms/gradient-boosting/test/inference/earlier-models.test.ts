/** Models that earlier versions of this algorithm left are served as they were then. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeContainerRoot, openInvocations } from '@algo/contract/testing';
import { expect, it } from 'vitest';
import { gradientBoosting } from '../../src/algorithm.js';

const FOLDER = join(import.meta.dirname, '../fixtures/earlier-models');
const names = readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const rows = readFileSync(join(FOLDER, 'rows.csv'));

it.each(names)('a model of version %s answers as in its time', async (name) => {
  const root = makeContainerRoot();
  for (const file of readdirSync(join(FOLDER, name))) {
    if (file !== 'answers.csv') root.write(`model/${file}`, readFileSync(join(FOLDER, name, file)));
  }

  const invoke = await openInvocations(gradientBoosting, { root });
  const answer = await invoke({ contentType: 'text/csv', body: rows });
  root.remove();

  expect(answer.body.trimEnd()).toBe(readFileSync(join(FOLDER, name, 'answers.csv'), 'utf8').trimEnd());
});
