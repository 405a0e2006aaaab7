/**
 * The types that flow from own inputs and answers to `predict`, and what the compiler refuses. `tsc` is the judge: the
 * typecheck step compiles this file, and a line below `@ts-expect-error` that compiles is an error of its own.
 */
import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import type { ChannelItem, EitherChannel, FileChannel, JsonValue } from '../../src/channels/channel.js';
import { declareAlgorithm, defineAlgorithm } from '../../src/define-algorithm.js';
import type { Block } from '../../src/formats/block.js';
import { denseRows } from '../../src/payloads/rows.js';
import type { AnswerOf, InputOf, JobOf } from '../../src/types-of.js';

const named = { name: 'typed', version: '1.0.0', description: 'Has types.' } as const;
const texts = z.object({ texts: z.array(z.string()), limit: z.int().default(10) });
const labels = z.object({ labels: z.array(z.string()), limit: z.int().default(10) });

/** Never called: the compiler looks at it. */
function compile(_: () => void): void {}

it('gives predict the output of the schema and what decoders return', () => {
  const definition = declareAlgorithm({
    ...named,
    inputs: {
      'application/json': { description: 'Texts.', schema: texts },
      'image/png': {
        description: 'An image.',
        async decode(bytes, { parameters, maxBytes }) {
          expectTypeOf(bytes).toEqualTypeOf<Uint8Array>();
          expectTypeOf(parameters).toEqualTypeOf<Readonly<Record<string, string>>>();
          expectTypeOf(maxBytes).toEqualTypeOf<number>();
          return { width: bytes.length };
        },
      },
    },
    answers: {
      'application/json': { description: 'Labels.', schema: labels },
      'text/plain': { description: 'Text.', encode: (value: string) => value },
    },
  });

  expectTypeOf<InputOf<typeof definition>>().toEqualTypeOf<{ texts: string[]; limit: number } | { width: number }>();
  expectTypeOf<AnswerOf<typeof definition>>().toEqualTypeOf<
    { labels: string[]; limit?: number | undefined } | string
  >();
  const typed = defineAlgorithm(definition, {
    load: () => 1,
    predict: (_, input) => ('texts' in input ? { labels: input.texts } : String(input.width)),
  });
  expectTypeOf(typed).toExtend<Algorithm>();
  compile(() => {
    // @ts-expect-error: a value for no declared answer
    defineAlgorithm(definition, { load: () => 1, predict: () => 5 });
    // @ts-expect-error: an answer that the schema would refuse
    defineAlgorithm(definition, { load: () => 1, predict: () => ({ labels: [1] }) });
    // @ts-expect-error: columns, where no format of rows is declared
    defineAlgorithm(definition, { load: () => 1, predict: () => ({ score: new Float64Array(1) }) });
  });
});

it('gives predict rows where a format of rows is declared, and rows of decoders as such', () => {
  const rows = {
    ...named,
    contentTypes: { input: ['text/csv'], output: ['text/csv'] },
    outputs: { score: { description: 'Score.' } },
  } as const;
  const plain = declareAlgorithm(rows);
  const mixed = declareAlgorithm({
    ...rows,
    inputs: {
      'application/x-npy': { description: 'Numbers.', decode: () => denseRows(new Float64Array(1), 1) },
      'text/plain': { description: 'Words.', decode: () => ['a'] },
    },
    answers: { 'image/png': { description: 'A plot.', encode: (plot: { png: Uint8Array }) => plot.png } },
  });
  const score = new Float64Array(1);

  expectTypeOf<InputOf<typeof plain>>().toEqualTypeOf<Block<Float64Array>>();
  expectTypeOf<AnswerOf<typeof plain>>().toEqualTypeOf<never>();
  expectTypeOf<InputOf<typeof mixed>>().toEqualTypeOf<Block<Float64Array> | string[]>();
  const typed = defineAlgorithm(mixed, {
    load: () => 1,
    predict: (_, input, { accept }) =>
      accept.type === 'image/png' ? { png: new Uint8Array('rows' in input ? input.rows : input.length) } : { score },
  });
  expectTypeOf(typed).toExtend<Algorithm>();
  compile(() => {
    // @ts-expect-error: the required output is missing in addition to an own answer
    defineAlgorithm(mixed, { load: () => 1, predict: (model) => (model > 1 ? { png: new Uint8Array() } : {}) });
    // @ts-expect-error: an output that is not declared
    defineAlgorithm(mixed, { load: () => 1, predict: () => ({ score, lowr: score }) });
    // @ts-expect-error: no value of its own is declared
    defineAlgorithm(plain, { load: () => 1, predict: () => 'text' });
  });
});

it('takes own inputs and answers in one call too', () => {
  const typed = defineAlgorithm({
    ...named,
    inputs: { 'text/plain': { description: 'A text.', decode: (bytes) => new TextDecoder().decode(bytes) } },
    answers: { 'application/json': { description: 'Labels.', schema: labels } },
    load: () => ['a', 'b'],
    predict(known, input) {
      expectTypeOf(input).toEqualTypeOf<string>();
      return { labels: known.filter((label) => input.includes(label)) };
    },
  });
  expectTypeOf(typed).toExtend<Algorithm>();
  compile(() => {
    declareAlgorithm({
      ...named,
      // @ts-expect-error: neither a schema nor a decoder
      inputs: { 'text/plain': { description: 'A text.' } },
    });
  });
});

it('gives a channel of files its objects with the declared attributes, and no rows', () => {
  const definition = declareAlgorithm({
    ...named,
    inputs: { 'text/plain': { description: 'A text.', decode: () => 1 } },
    answers: { 'application/json': { description: 'Labels.', schema: labels } },
    channels: {
      images: {
        content: 'files',
        description: 'Images.',
        required: true,
        contentTypes: ['image/png'],
        attributes: ['source-ref', 'class'],
      },
      train: { description: 'Rows or images.', contentTypes: ['text/csv'], fileTypes: ['image/png'] },
    },
  });
  type Job = JobOf<typeof definition>;

  expectTypeOf<Job['channels']['images']>().toEqualTypeOf<FileChannel<'source-ref' | 'class'>>();
  expectTypeOf<Job['channels']['train']>().toEqualTypeOf<EitherChannel | undefined>();
  expectTypeOf<ChannelItem<'source-ref' | 'class'>['attributes']>().toEqualTypeOf<{
    readonly 'source-ref'?: Uint8Array;
    readonly class?: JsonValue;
  }>();
  compile(() => {
    const job = {} as Job;
    // @ts-expect-error: files have no rows
    job.channels.images.blocks();
    declareAlgorithm({
      ...named,
      channels: {
        // @ts-expect-error: what is no media type
        train: { description: 'Rows.', contentTypes: ['text/csv'], fileTypes: ['png'] },
      },
    });
  });
});
