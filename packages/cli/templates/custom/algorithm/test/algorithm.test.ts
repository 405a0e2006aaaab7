import { gzipSync } from 'node:zlib';
import { checkAlgorithm, openInvocations, runTraining } from '@algo/contract/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exampleAlgorithm } from '../src/algorithm.js';

const TEXTS = [
  { text: 'the ball is out', label: 'sports' },
  { text: 'bread and butter', label: 'food' },
];

/** The lines of a channel's file. */
function jsonLines(texts: readonly object[]): string {
  return texts.map((text) => `${JSON.stringify(text)}\n`).join('');
}

/** What the service says of the channels. */
const inputDataConfig = {
  train: { ContentType: 'application/jsonlines' },
  validation: { ContentType: 'application/jsonlines' },
};

async function trainOn(lines: string | Uint8Array) {
  const { train } = inputDataConfig;
  const job = { inputDataConfig: { train }, channels: { train: { 'texts.jsonl': lines } } };
  const trained = await runTraining(exampleAlgorithm, job);
  onTestFinished(() => trained.root.remove());
  return trained;
}

describe('the shared rules of algorithms', () => {
  checkAlgorithm(exampleAlgorithm, {
    test: it,
    job: {
      inputDataConfig,
      channels: { train: { 'a.jsonl': jsonLines(TEXTS) }, validation: { 'b.jsonl': jsonLines(TEXTS) } },
    },
    payloads: { 'application/json': '{"text":"fresh bread"}', 'text/plain': 'fresh bread' },
    metrics: { 'validation:accuracy': { atLeast: 1 } },
  });
});

describe('an invocation', () => {
  it('answers plain text and JSON alike', async () => {
    const trained = await trainOn(jsonLines(TEXTS));
    const invoke = await openInvocations(exampleAlgorithm, trained);

    const plain = await invoke({ contentType: 'text/plain', body: 'fresh bread' });
    const json = await invoke({ contentType: 'application/json', body: '{"text":"fresh bread"}' });
    await invoke.close();

    expect(JSON.parse(plain.body).label).toBe('food');
    expect(json.body).toBe(plain.body);
  });

  it.each([
    ['application/json', '{"text":""}', 'text must have at least 1 character'],
    ['text/plain', Uint8Array.of(0xff), 'text/plain'],
  ])('refuses what is no text, in %s', async (contentType, body, message) => {
    const trained = await trainOn(jsonLines(TEXTS));
    const invoke = await openInvocations(exampleAlgorithm, trained);

    const answer = await invoke({ contentType, body });
    await invoke.close();

    expect(answer.status).toBe(400);
    expect(answer.body).toContain(message);
  });
});

it.each([
  ['{"text":1,"label":"a"}', 'train/texts.jsonl line 1: expected {"text":"…","label":"…"}'],
  ['{"text":"a","label":"b"}\nno JSON', 'train/texts.jsonl line 2: expected JSON; received no JSON.'],
  ['\n', 'Channel "train" must have texts; it has none.'],
  [
    Buffer.from('{"text":"a","label":"b"}\n{"text":"café","label":"b"}', 'latin1'),
    'train/texts.jsonl line 2: the text must be UTF-8',
  ],
  [gzipSync('{"text":"a","label":"b"}'), 'expected JSON; received gzip data. Upload it unpacked'],
])('a training job on %j fails and says where', async (lines, message) => {
  const trained = await trainOn(lines);

  expect(trained.exitCode).toBe(1);
  expect(trained.failure).toContain(message);
});
