/**
 * What `validation-profile.json` of an algorithm's sample data must be: what to train on (or the model of a model package),
 * what to transform and invoke, and the outputs to expect. AWS's word is ValidationProfile (CreateAlgorithm): one training job and
 * one transform job; the real-time samples, bounds and tolerance go beyond it. All paths are relative to the file's folder.
 */
import { posix } from 'node:path';
import { z } from 'zod';

/** In one form, as keys of objects are made of it: `a/b` for `./a//b/`. */
const path = z
  .string()
  .min(1)
  .refine((text) => !text.startsWith('/') && !text.split('/').includes('..'), 'must be a path below the sample data')
  .overwrite((text) => posix.normalize(text).replace(/\/$/, ''))
  .refine((text) => text !== '.', 'must be a path below the sample data');

const inputMode = z.enum(['File', 'FastFile', 'Pipe']);

const channelSchema = z.strictObject({
  path,
  contentType: z.string().optional(),
  inputMode: inputMode.optional(),
  compressionType: z.enum(['None', 'Gzip']).optional(),
  recordWrapperType: z.enum(['None', 'RecordIO']).optional(),
  /** The path is an augmented manifest. */
  attributeNames: z.array(z.string()).optional(),
});

const trainingJobSchema = z.strictObject({
  hyperparameters: z.record(z.string(), z.string()).default({}),
  channels: z.record(z.string(), channelSchema),
  inputMode: inputMode.default('File'),
  maxRuntimeInSeconds: z.int().min(1).default(3600),
  environment: z.record(z.string(), z.string()).default({}),
});

const transformJobSchema = z.strictObject({
  /** A file, or a folder of files. */
  input: path,
  contentType: z.string(),
  accept: z.string(),
  compressionType: z.enum(['None', 'Gzip']).default('None'),
  splitType: z.enum(['None', 'Line', 'RecordIO']).default('Line'),
  assembleWith: z.enum(['None', 'Line']).default('Line'),
  batchStrategy: z.enum(['MultiRecord', 'SingleRecord']).optional(),
  maxPayloadInMB: z.int().min(0).max(100).optional(),
  maxConcurrentTransforms: z.int().min(0).optional(),
  /** For an input file the output file, for a folder the folder of `.out` files. */
  expectedOutput: path,
});

const sampleSchema = z.strictObject({
  input: path,
  contentType: z.string(),
  accept: z.string(),
  expectedOutput: path,
});

const boundSchema = z
  .strictObject({ atMost: z.number().optional(), atLeast: z.number().optional() })
  .refine((bound) => bound.atMost !== undefined || bound.atLeast !== undefined, 'must have atMost, atLeast or both');

/** Rows with their label, which the model is measured on. */
const holdOutSchema = z.strictObject({
  path,
  contentType: z.string().default('text/csv'),
  /** Default: as labels and predictions look. */
  task: z.enum(['regression', 'classification']).optional(),
});

const validationProfileSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Left out for a model package. */
  trainingJob: trainingJobSchema.optional(),
  /** Of a model package: model.tar.gz, or a folder with the files of the model; left out where they are in the image. */
  model: path.optional(),
  transformJob: transformJobSchema.optional(),
  /** Of further content types, run besides by one server: AWS's validation takes one transform job. */
  moreTransformJobs: z
    .array(transformJobSchema.omit({ batchStrategy: true, maxPayloadInMB: true, maxConcurrentTransforms: true }))
    .default([])
    .refine(
      (jobs) => new Set(jobs.map(({ input }) => input.split('/').at(-1))).size === jobs.length,
      'must have inputs whose last parts differ: they name the folders of the jobs',
    ),
  realTime: z.array(sampleSchema).default([]),
  /** |expected − received| ≤ tolerance × the larger of both. */
  relativeTolerance: z.number().min(0).max(1).default(1e-9),
  /** For the last value of a metric. */
  metricBounds: z.record(z.string(), boundSchema).default({}),
  /** For the report; default: the channel `validation`. */
  holdOut: holdOutSchema.optional(),
  /** For the report: of the columns of the training data and the hold-out, the label first. */
  columnNames: z.array(z.string().min(1)).optional(),
  /** For the report: names of classes, by the label that is in the data. */
  classNames: z.record(z.string(), z.string().min(1)).optional(),
});

export type ValidationProfile = z.output<typeof validationProfileSchema>;

/** @throws Error that names each place where something is unknown or out of range */
export function parseProfile(value: unknown): ValidationProfile {
  const parsed = validationProfileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
