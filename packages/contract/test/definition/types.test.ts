/**
 * What the compiler refuses in a definition, and the types that flow from it. `tsc` is the judge here: the typecheck step
 * compiles this file, and a line below `@ts-expect-error` that compiles is an error of its own.
 */
import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import type { Channel, FileChannel } from '../../src/channels/channel.js';
import { replayableRows, replayableStoredRows } from '../../src/channels/replayable-rows.js';
import { declareAlgorithm, defineAlgorithm } from '../../src/define-algorithm.js';
import type { Block, SparseBlock } from '../../src/formats/block.js';
import { denseRows } from '../../src/payloads/rows.js';
import type { PredictionColumn } from '../../src/prediction.js';
import type { HyperparametersOf, InputOf, JobOf, MetricNameOf, PredictionsOf, RequestOf } from '../../src/types-of.js';

const named = { name: 'typed', version: '1.0.0', description: 'Has types.' } as const;
const inference = {
  contentTypes: { input: ['text/csv'], output: ['application/json'] },
  outputs: { score: { description: 'The score.' }, lower: { description: 'Its lower end.', optional: true } },
} as const;

const definition = declareAlgorithm({
  ...named,
  ...inference,
  hyperparameters: z.object({ eta: z.number().default(0.3), depth: z.int().optional() }),
  hyperparameterAliases: { learning_rate: 'eta' },
  checkHyperparameters: ({ eta }) => (eta > 1 ? ['eta is too large.'] : []),
  channels: {
    train: { description: 'Rows.', required: true, contentTypes: ['text/csv', 'application/x-parquet'] },
    validation: { description: 'Rows.', contentTypes: ['text/csv; label_size=2'] },
    model: { content: 'files', description: 'A model.', contentTypes: ['application/x-tar'] },
  },
  metrics: { 'train:rmse': { goal: 'minimize', description: 'Error.' } },
});

type Job = JobOf<typeof definition>;

/** Never called: the compiler looks at it. */
function compile(_: () => void): void {}

it('gives a training job in another file the exact types of the declaration', () => {
  expectTypeOf<Job['hyperparameters']>().toEqualTypeOf<{ eta: number; depth?: number | undefined }>();
  expectTypeOf<HyperparametersOf<typeof definition>>().toEqualTypeOf<Job['hyperparameters']>();
  expectTypeOf<Job['channels']['train']>().toEqualTypeOf<Channel<'float64'>>();
  expectTypeOf<Job['channels']['validation']>().toEqualTypeOf<Channel<'float64'> | undefined>();
  expectTypeOf<Job['channels']['model']>().toEqualTypeOf<FileChannel | undefined>();
  expectTypeOf<MetricNameOf<typeof definition>>().toEqualTypeOf<'train:rmse'>();
  compile(() => {
    const job = {} as Job;
    job.metrics.write({ 'train:rmse': 1 }, { round: 1 });
    // @ts-expect-error: a metric that is not declared
    job.metrics.write({ 'train:rsme': 1 });
    // @ts-expect-error: a channel that is not declared
    job.channels.valdation;
    // @ts-expect-error: a hyperparameter that is not declared
    job.hyperparameters.learning_rate;
    // @ts-expect-error: files have no rows
    job.channels.model?.blocks();
  });
});

it('requires the columns of required outputs and knows no others', () => {
  type Predicted = PredictionsOf<typeof definition>;
  expectTypeOf<Predicted['score']>().toEqualTypeOf<PredictionColumn>();
  expectTypeOf<Predicted['lower']>().toEqualTypeOf<PredictionColumn | undefined>();
  const rest = { train: (_: Job) => {}, load: () => 1 };
  const score = new Float64Array(1);
  compile(() => {
    defineAlgorithm(definition, { ...rest, predict: () => ({ score }) });
    defineAlgorithm(definition, { ...rest, predict: async () => ({ score, lower: score }) });
    defineAlgorithm(definition, { ...rest, predict: (model) => (model > 1 ? { score, lower: score } : { score }) });
    defineAlgorithm(definition, { ...rest, predict: (model) => ({ score, lower: model > 1 ? score : undefined }) });
    // @ts-expect-error: the required output is missing
    defineAlgorithm(definition, { ...rest, predict: () => ({ lower: score }) });
    // @ts-expect-error: an output that is not declared
    defineAlgorithm(definition, { ...rest, predict: () => ({ score, lowr: score }) });
    // @ts-expect-error: an output that is not declared, in a promise
    defineAlgorithm(definition, { ...rest, predict: async () => ({ score, lowr: score }) });
    // @ts-expect-error: a required output may not be undefined
    defineAlgorithm(definition, { ...rest, predict: (model) => ({ score: model > 1 ? score : undefined }) });
  });
});

it('gives predict the names of the declared outputs, which a caller may ask for', () => {
  expectTypeOf<RequestOf<typeof definition>['outputs']>().toEqualTypeOf<readonly ('score' | 'lower')[] | undefined>();
  const score = new Float64Array(1);
  compile(() => {
    defineAlgorithm(definition, {
      train: () => {},
      load: () => 1,
      boundedRows: (_, { outputs }) => (outputs?.includes('lower') ? 0 : 1),
      predict: (_, _input, { outputs }) => ({ score, ...(outputs?.includes('lower') && { lower: score }) }),
    });
    defineAlgorithm(definition, {
      train: () => {},
      load: () => 1,
      // @ts-expect-error: an output that is not declared
      predict: (_, _input, { outputs }) => ({ score, ...(outputs?.includes('lowr') && { lower: score }) }),
    });
    defineAlgorithm({
      ...named,
      ...inference,
      load: () => 1,
      // @ts-expect-error: an output that is not declared, in one call
      predict: (_, _input, { outputs }) => (outputs?.includes('lowr') ? { score, lower: score } : { score }),
    });
  });
});

it('what load returns has one type, the model, in all functions that get it', () => {
  const typed = defineAlgorithm(definition, {
    train(job) {
      expectTypeOf(job).toEqualTypeOf<Job>();
    },
    load: async ({ artifact }) => ({ factor: artifact.names.length }),
    boundedRows: (model) => expectTypeOf(model).toEqualTypeOf<{ factor: number }>() && 1,
    servingProcesses: ({ factor }) => factor,
    close(model) {
      expectTypeOf(model).toEqualTypeOf<{ factor: number }>();
    },
    predict: ({ factor }, { rows }) => ({ score: new Float64Array(rows).fill(factor) }),
  });
  expectTypeOf(typed).toExtend<Algorithm>();
  expectTypeOf<JobOf<typeof typed>>().toEqualTypeOf<Job>();
  compile(() => {
    // @ts-expect-error: a model of another type
    typed.predict('not a model', {}, {});
    defineAlgorithm(definition, {
      train: () => {},
      load: () => 'text',
      // @ts-expect-error: the model is a text
      predict: (model: number) => ({ score: new Float64Array(model) }),
    });
  });
});

it('takes the declaration and the functions in one call, with the same types', () => {
  const typed = defineAlgorithm({
    ...named,
    ...inference,
    hyperparameters: z.object({ eta: z.number() }),
    hyperparameterAliases: { learning_rate: 'eta' },
    checkHyperparameters: ({ eta }) => (eta > 1 ? ['eta is too large.'] : []),
    channels: { train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] } },
    metrics: { 'train:rmse': { goal: 'minimize', description: 'Error.' } },
    train(job) {
      expectTypeOf(job.channels.train).toEqualTypeOf<Channel<'float64'>>();
      expectTypeOf(job.hyperparameters).toEqualTypeOf<{ eta: number }>();
      job.metrics.write({ 'train:rmse': job.hyperparameters.eta });
      // @ts-expect-error: a metric that is not declared
      job.metrics.write({ 'train:rsme': 1 });
    },
    load: () => 5,
    predict: (model, { rows }) => ({ score: new Float64Array(rows).fill(model) }),
  });
  expectTypeOf(typed).toExtend<Algorithm>();
  expectTypeOf<JobOf<typeof typed>['hyperparameters']>().toEqualTypeOf<{ eta: number }>();
  compile(() => {
    const rest = { ...named, ...inference, load: () => 1 };
    // @ts-expect-error: the required output is missing
    defineAlgorithm({ ...rest, predict: () => ({ scor: [] }) });
    // @ts-expect-error: an output that is not declared
    defineAlgorithm({ ...rest, predict: () => ({ score: [], lowr: [] }) });
  });
});

it('has no training where there are no channels, and requires it where there are', () => {
  const packaged = defineAlgorithm({ ...named, ...inference, load: () => 1, predict: () => ({ score: [] }) });
  expectTypeOf(packaged).toExtend<Algorithm>();
  expectTypeOf<keyof JobOf<typeof packaged>['channels']>().toEqualTypeOf<never>();
  compile(() => {
    // @ts-expect-error: channels without train
    defineAlgorithm(definition, { load: () => 1, predict: () => ({ score: [] }) });
    // @ts-expect-error: train without channels
    defineAlgorithm({ ...named, ...inference, train: () => {}, load: () => 1, predict: () => ({ score: [] }) });
  });
});

it('refuses misspelt keys within channels, outputs, content types, inputs and answers', () => {
  const rows = { description: 'Rows.', contentTypes: ['text/csv'] } as const;
  const { contentTypes, outputs } = inference;
  const score = { description: 'The score.' };
  const rest = { load: () => 1, predict: () => ({ score: [] }) };
  const trained = { ...named, ...inference, ...rest, train: () => {} };
  compile(() => {
    defineAlgorithm({ ...trained, channels: { train: { ...rows, inputModes: ['File'] } } });
    declareAlgorithm({ ...named, ...inference, channels: { train: { ...rows, required: true } } });
    // @ts-expect-error: required
    declareAlgorithm({ ...named, ...inference, channels: { train: { ...rows, requred: true } } });
    // @ts-expect-error: compressionTypes
    declareAlgorithm({ ...named, ...inference, channels: { train: { ...rows, compressionType: ['None'] } } });
    // @ts-expect-error: optional
    declareAlgorithm({ ...named, contentTypes, outputs: { score: { ...score, optinal: true } } });
    // @ts-expect-error: output
    declareAlgorithm({ ...named, outputs, contentTypes: { input: ['text/csv'], ouput: ['text/csv'] } });
    const decode = () => 1;
    const answers = { 'text/plain': { description: 'Text.', encode: () => '' } } as const;
    declareAlgorithm({ ...named, answers, inputs: { 'image/png': { description: 'x', decode, maxBytes: 10 } } });
    // @ts-expect-error: maxBytes
    declareAlgorithm({ ...named, answers, inputs: { 'image/png': { description: 'x', decode, maxbytes: 10 } } });
    // @ts-expect-error: answers have no maxBytes
    declareAlgorithm({ ...named, answers: { 'image/png': { description: 'x', encode: () => '', maxBytes: 10 } } });
    // @ts-expect-error: optional, in one call
    defineAlgorithm({ ...named, contentTypes, outputs: { score: { ...score, optinal: true } }, ...rest });
    // @ts-expect-error: inputModes, in one call
    defineAlgorithm({ ...trained, channels: { train: { ...rows, inputMode: ['File'] } } });
  });
});

it('refuses names that mean nothing', () => {
  const hyperparameters = z.object({ eta: z.number() });
  compile(() => {
    // @ts-expect-error: an alias of a hyperparameter that is not there
    declareAlgorithm({ ...named, ...inference, hyperparameters, hyperparameterAliases: { learning_rate: 'etta' } });
    // @ts-expect-error: a content type that the SDK does not read
    declareAlgorithm({ ...named, ...inference, contentTypes: { input: ['text/cvs'], output: ['text/csv'] } });
    // @ts-expect-error: a content type that the SDK does not write
    declareAlgorithm({ ...named, ...inference, contentTypes: { input: ['text/csv'], output: ['text/libsvm'] } });
    // @ts-expect-error: a channel of rows in a format that is not read
    declareAlgorithm({ ...named, ...inference, channels: { train: { description: '', contentTypes: ['image/png'] } } });
    declareAlgorithm({
      ...named,
      ...inference,
      // @ts-expect-error: what is no media type
      channels: { train: { content: 'files', description: '', contentTypes: ['png'] } },
    });
    // @ts-expect-error: a goal that is none
    declareAlgorithm({ ...named, ...inference, metrics: { 'train:rmse': { goal: 'minimise', description: '' } } });
  });
});

const single = declareAlgorithm({
  ...named,
  ...inference,
  precision: 'float32',
  values: { range: 'float32' },
  inputs: { 'image/png': { description: 'An image.', decode: () => denseRows(new Float64Array(1), 1) } },
  channels: {
    train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] },
    images: { description: 'Rows or images.', contentTypes: ['text/csv'], fileTypes: ['image/png'] },
  },
});

/** The block of a pass. */
type BlockOf<P> = P extends AsyncIterable<infer B> ? B : never;

it('gives features the type of the precision that the declaration says, float64 if it says none', () => {
  expectTypeOf<InputOf<typeof definition>['features']>().toEqualTypeOf<Float64Array>();
  expectTypeOf<InputOf<typeof single>['features']>().toEqualTypeOf<Float32Array>();
  compile(() => {
    const { train } = ({} as Job).channels;
    const { train: rows, images } = ({} as JobOf<typeof single>).channels;
    const passes = {
      double: train.blocks(),
      plain: rows.blocks({ maxRows: 5 }),
      either: images?.blocks(),
      stored: rows.blocksAsStored(),
    };
    expectTypeOf<BlockOf<typeof passes.double>>().toEqualTypeOf<Block<Float64Array>>();
    expectTypeOf<BlockOf<typeof passes.plain>>().toEqualTypeOf<Block<Float32Array>>();
    expectTypeOf<BlockOf<typeof passes.either>>().toEqualTypeOf<Block<Float32Array>>();
    expectTypeOf<BlockOf<typeof passes.stored>>().toEqualTypeOf<Block<Float32Array> | SparseBlock<Float32Array>>();
    // @ts-expect-error: another type of array
    (block: BlockOf<typeof passes.plain>): Float64Array => block.features;
  });
});

it('gives features the type of the precision that a pass asks for', () => {
  compile(() => {
    const { train } = ({} as JobOf<typeof single>).channels;
    const options = { keepBytes: 0 };
    const asked = train.blocks({ precision: 'float64' });
    expectTypeOf<BlockOf<typeof asked>['features']>().toEqualTypeOf<Float64Array>();
    const kept = replayableRows(train, options).pass();
    expectTypeOf<BlockOf<typeof kept>['features']>().toEqualTypeOf<Float32Array>();
    const stored = replayableStoredRows(train, { ...options, read: { precision: 'float64' } }).pass();
    expectTypeOf<BlockOf<typeof stored>>().toEqualTypeOf<Block<Float64Array> | SparseBlock<Float64Array>>();
  });
});

it('gives predict and train arrays of the declared precision, in one call too', () => {
  const typed = defineAlgorithm(single, {
    train(job) {
      expectTypeOf(job).toEqualTypeOf<JobOf<typeof single>>();
    },
    load: () => 1,
    predict: (_, { features }) => {
      expectTypeOf(features).toEqualTypeOf<Float32Array>();
      return { score: features };
    },
    predictSparse: (_, { values }) => {
      expectTypeOf(values).toEqualTypeOf<Float32Array>();
      return { score: values };
    },
  });
  expectTypeOf(typed).toExtend<Algorithm>();
  compile(() => {
    const rest = { ...named, ...inference, load: () => 1 };
    defineAlgorithm({ ...rest, predict: (_, { features }: Block<Float64Array>) => ({ score: features }) });
    defineAlgorithm({ ...rest, precision: 'float32', predict: (_, { features }) => ({ score: single32(features) }) });
    // @ts-expect-error: float64 where nothing is said
    defineAlgorithm({ ...rest, predict: (_, { features }) => ({ score: single32(features) }) });
    // @ts-expect-error: no precision
    declareAlgorithm({ ...named, ...inference, precision: 'float16' });
  });
});

function single32(values: Float32Array): Float32Array {
  return values;
}
