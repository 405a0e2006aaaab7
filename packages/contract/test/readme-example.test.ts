/** The README's algorithm with formats of its own, as it is printed there: trained, served, described. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Algorithm } from '../src/algorithm.js';
import { describeAlgorithm } from '../src/specification/describe.js';
import { type Invocations, openInvocations } from '../src/testing/invoke.js';
import { runTraining, type TrainingResult } from '../src/testing/training.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

let directory: string;
let topics: Algorithm;
let trained: TrainingResult;
let invoke: Invocations;

beforeAll(async () => {
  const [, code = ''] = /## Your own formats.*?```ts\n(.*?)```/s.exec(readme) ?? [];
  // Inside the package, so that its own name resolves to it; `run` would make this process the program.
  directory = mkdtempSync(join(folder, 'dist', 'readme-'));
  const path = join(directory, 'topics.ts');
  writeFileSync(path, code.replace('await run(topics);', 'export default topics;'));
  topics = (await import(path)).default;
  trained = await runTraining(topics, {
    inputDataConfig: { train: { ContentType: 'text/plain' } },
    channels: { train: { 'sports/1.txt': 'the ball', 'food/1.txt': 'bread and butter', 'sports/2.txt': 'a goal' } },
  });
  expect(trained.failure).toBeUndefined();
  invoke = await openInvocations(topics, trained);
});

afterAll(async () => {
  await invoke.close();
  trained.root.remove();
  rmSync(directory, { recursive: true });
});

it('answers a text with JSON', async () => {
  const answer = await invoke({ contentType: 'text/plain; charset=utf-8', body: 'fresh bread' });

  expect(answer).toMatchObject({ status: 200, body: '{"topics":["food"]}' });
});

it('answers a list of texts with the topic of each', async () => {
  const answer = await invoke({ contentType: 'application/json', body: '["one goal","nothing"]' });

  expect(answer).toMatchObject({ status: 200, body: '{"topics":["sports","unknown"]}' });
});

it('answers a bad request with the path of the field, and bad bytes with the media type', async () => {
  const json = await invoke({ contentType: 'application/json', body: '["x",""]' });
  const text = await invoke({ contentType: 'text/plain', body: Buffer.from([0xff]) });

  expect(json.status).toBe(400);
  expect(json.body).toContain('request: the body[1] must have at least 1 character');
  expect(text.status).toBe(400);
  expect(text.body).toContain('request: the body must be text/plain; it cannot be decoded:');
});

it('is described to buyers', () => {
  expect(describeAlgorithm(topics).Capabilities.Inputs).toMatchObject([
    { ContentType: 'text/plain', MaxDecodedBytes: 1_000_000 },
    { Fields: [{ Rule: 'a list of 1 to 100 entries, each text of at least 1 character', Description: 'The texts.' }] },
  ]);
});
