/** The README's algorithms that answer in streams, conversations and batches, as they are printed there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { writeModel } from '../src/model/save.js';
import { makeContainerRoot } from '../src/testing/container-root.js';
import { openInvocations } from '../src/testing/invoke.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
// Inside the package, so that its own name resolves to it; `run` would make this process the program.
const directory = mkdtempSync(join(folder, 'dist', 'readme-'));
const root = makeContainerRoot();

afterAll(() => {
  root.remove();
  rmSync(directory, { recursive: true });
});

/** The program of a section, asked for the answers of a model. */
async function open(section: string, name: string) {
  const [, code = ''] = new RegExp(`## ${section}\n.*?\`\`\`ts\n(.*?)\`\`\``, 's').exec(readme) ?? [];
  const path = join(directory, `${name}.ts`);
  writeFileSync(path, code.replace(`await run(${name});`, `export default ${name};`));
  const { default: algorithm } = await import(path);
  await writeModel(root.paths.model, { files: { model: '' }, featureCount: 1 }, algorithm);
  return openInvocations(algorithm, { root });
}

it('streams a part for each count', async () => {
  const invoke = await open('Streams', 'countdown');

  const lines = await invoke({ contentType: 'text/csv', body: '2' });
  const events = await invoke({ contentType: 'text/csv', accept: 'text/event-stream', body: '1' });

  expect(lines.parts).toEqual(['{"score":2}\n', '{"score":1}\n', '{"score":0}\n']);
  expect(events.body).toBe('data: {"score":1}\n\ndata: {"score":0}\n\n');
});

it('says the average after each number of a conversation', async () => {
  const { converse } = await open('Conversations', 'average');
  const said: unknown[] = [];

  for await (const message of converse(['1', '4', '7'])) said.push(message);

  expect(said).toEqual(['1', '2.5', '4']);
});

it('answers requests that are predicted together with their own rows', async () => {
  const invoke = await open('Batching', 'doubling');

  const answers = await Promise.all(['1', '2\n3'].map((body) => invoke({ contentType: 'text/csv', body })));

  expect(answers.map(({ body }) => body)).toEqual(['2\n', '4\n6\n']);
});
