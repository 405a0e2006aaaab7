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

it.each(names)('a model of version %s gives its original predictions', async (name) => {
  const root = makeContainerRoot();
  for (const file of readdirSync(join(FOLDER, name))) {
    if (file !== 'answers.csv') root.write(`model/${file}`, readFileSync(join(FOLDER, name, file)));
  }

  const invoke = await openInvocations(gradientBoosting, { root });
  const answer = await invoke({ contentType: 'text/csv', body: rows });
  root.remove();

  // Today's answers have no more digits than a float32 needs.
  expect(float32Of(answer.body)).toEqual(float32Of(readFileSync(join(FOLDER, name, 'answers.csv'), 'utf8')));
});

/** [rows][columns] */
function float32Of(csv: string): number[][] {
  const lines = csv.trimEnd().split('\n');
  return lines.map((line) => line.split(',').map((text) => Math.fround(Number(text))));
}
