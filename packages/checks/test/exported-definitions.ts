/**
 * Definitions of every shape, exported as a user's own package exports them. The typecheck step compiles this file against
 * the built package with `declaration: true`: a type that the compiler infers but cannot name, since no entry point exports
 * it, is an error here (TS2883).
 */
import {
  declareAlgorithm,
  defineAlgorithm,
  type InputOf,
  isWhole,
  type JobOf,
  nameList,
  numberGroups,
  numberList,
  type PredictionsOf,
  replayableRows,
  tunable,
} from '@algo/contract';
import { z } from 'zod';

const named = { name: 'exported', version: '1.0.0', description: 'Is exported.' } as const;
const rows = {
  contentTypes: { input: ['text/csv', 'text/libsvm'], output: ['application/json'] },
  outputs: { score: { description: 'The score.' }, lower: { description: 'Its lower end.', optional: true } },
} as const;
const payloads = {
  inputs: {
    'application/json': { description: 'A text.', schema: z.object({ text: z.string() }) },
    'image/png': { description: 'An image.', decode: (bytes: Uint8Array) => bytes.length },
  },
  answers: {
    'application/json': { description: 'A topic.', schema: z.object({ topic: z.string() }) },
    'image/png': { description: 'An image.', encode: (size: number) => new Uint8Array(size) },
  },
} as const;
const training = {
  hyperparameters: z.object({ eta: tunable(z.number().default(0.3), 'The step.'), depth: z.int().optional() }),
  hyperparameterAliases: { learning_rate: 'eta' },
  channels: {
    train: { description: 'Rows.', required: true, contentTypes: ['text/csv'] },
    model: { content: 'files', description: 'A model.', contentTypes: ['application/x-tar'] },
    images: { description: 'Both.', contentTypes: ['text/csv'], fileTypes: ['image/png'], attributes: ['image-ref'] },
  },
  metrics: { 'train:rmse': { goal: 'minimize', description: 'Error.' } },
} as const;

// One file: the declaration and the functions together

export const rowsOnly = defineAlgorithm({
  ...named,
  ...rows,
  load: () => 1,
  predict: (model, { rows: count }) => ({ score: new Float64Array(count).fill(model) }),
});

export const payloadsOnly = defineAlgorithm({
  ...named,
  ...payloads,
  load: () => new Map<string, number>(),
  predict: (_, input) => (typeof input === 'number' ? input : { topic: input.text }),
});

export const rowsAndPayloads = defineAlgorithm({
  ...named,
  ...rows,
  inputs: { 'image/png': payloads.inputs['image/png'] },
  answers: { 'image/png': payloads.answers['image/png'] },
  load: ({ artifact, additional }) => ({ artifact, additional }),
  predict: (_, input) => (typeof input === 'number' ? input : { score: input.features }),
});

export const trained = defineAlgorithm({
  ...named,
  ...rows,
  ...training,
  async train(job) {
    await job.saveModel({ files: { model: String(job.hyperparameters.eta) }, featureCount: 1 });
  },
  load: () => 1,
  predict: () => ({ score: [] }),
});

export const trainedOnFiles = defineAlgorithm({
  ...named,
  ...payloads,
  channels: { train: { content: 'files', description: 'Files.', contentTypes: ['text/plain'] } },
  train: () => {},
  load: () => 'text',
  predict: (topic) => ({ topic }),
});

export const streamed = defineAlgorithm({
  ...named,
  ...rows,
  load: () => 1,
  async *predict(model) {
    yield { score: Float64Array.of(model) };
  },
});

export const withLists = defineAlgorithm({
  ...named,
  ...rows,
  ...training,
  hyperparameters: z.object({
    layers: numberList({ rule: 'widths', holds: isWhole(1), words: { none: [] } }),
    groups: numberGroups({ rule: 'groups of columns', holds: isWhole(0) }).optional(),
    metrics: nameList('names of metrics').default(['rmse']),
  }),
  hyperparameterAliases: {},
  train: () => {},
  load: () => 1,
  predict: () => ({ score: [] }),
});

// Two files: the declaration in one, the functions in the other

export const rowsDeclared = declareAlgorithm({ ...named, ...rows });
export const rowsDefined = defineAlgorithm(rowsDeclared, { load: () => 1, predict: () => ({ score: [] }) });

export const payloadsDeclared = declareAlgorithm({ ...named, ...payloads });
export const payloadsDefined = defineAlgorithm(payloadsDeclared, { load: () => 1, predict: (size) => size });

export const trainedDeclared = declareAlgorithm({ ...named, ...rows, ...training });
export const trainedDefined = defineAlgorithm(trainedDeclared, {
  train: () => {},
  load: () => ({ factor: 1 }),
  predict: ({ factor }) => ({ score: Float64Array.of(factor) }),
});

// Parts of a definition, as a larger algorithm exports them from files of their own

export const { hyperparameters, channels, metrics, contentTypes, outputs, values } = trainedDeclared;
export const { inputs, answers } = payloadsDeclared;
export const { train, load, predict } = trainedDefined;
export const listFields = withLists.hyperparameters.shape;

// What the functions of a definition get, passed on by those of its other files

type Job = JobOf<typeof trainedDeclared>;
export const partsOfJob = ({ ...job }: Job) => job;
export const rowsOfJob = (job: Job) => replayableRows(job.channels.train, { keepBytes: 0, stop: job.stop });
export const checkpointOfJob = (job: Job) => job.checkpoints.ofJob({ file: 'checkpoint', data: {}, free: [] });
export const blocksOf = ({ channels: { train, images } }: Job) => [train.blocksAsStored(), images?.items()] as const;
export const inputOf = (input: InputOf<typeof payloadsDeclared | typeof rowsDeclared>) => input;
export const predictionsOf = (predictions: PredictionsOf<typeof rowsDeclared>) => ({ ...predictions });
