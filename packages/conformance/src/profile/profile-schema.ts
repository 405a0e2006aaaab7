/** What a conformance profile must be: the data that the container under test needs. All paths are relative to the profile's folder. */
import { z } from 'zod';

const inputMode = z.enum(['File', 'FastFile', 'Pipe']);

const channelSchema = z.strictObject({
  path: z.string().min(1),
  contentType: z.string().optional(),
  inputMode: inputMode.optional(),
  compressionType: z.enum(['None', 'Gzip']).optional(),
  recordWrapperType: z.enum(['None', 'RecordIO']).optional(),
  attributeNames: z.array(z.string()).optional(),
});

const pattern = z.string().refine((text) => {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}, 'must be a regular expression');

const textMap = z.record(z.string(), z.string());

/** 28 days. API StoppingCondition. */
const MAX_RUNTIME_SECONDS = 2_419_200;

const trainingSchema = z.strictObject({
  hyperparameters: textMap.default({}),
  channels: z.record(z.string(), channelSchema).default({}),
  /** Every mode that the container is said to read; File is tried in any case. */
  inputModes: z.array(inputMode).default(['File']),
  /** It is killed then, as a job is that takes longer; default: a day. */
  maxRuntimeInSeconds: z.int().min(1).max(MAX_RUNTIME_SECONDS).optional(),
  /** Each must be found in the log of a job. */
  metricDefinitions: z.array(z.strictObject({ Name: z.string(), Regex: pattern })).default([]),
});

/** A part of a training job that differs from `training`. */
const jobChangeSchema = z.strictObject({
  hyperparameters: textMap.default({}),
  channels: z.record(z.string(), channelSchema).optional(),
});

/** One of `body`, a file, and `text`. */
const requestSchema = z
  .strictObject({
    body: z.string().min(1).optional(),
    text: z.string().optional(),
    contentType: z.string().min(1),
    accept: z.string().min(1).optional(),
  })
  .refine(({ body, text }) => (body === undefined) !== (text === undefined), 'must have either body or text');

const sessionSchema = z.strictObject({
  /** Opens a session; default: the first of `requests`. */
  open: requestSchema.optional(),
  /** Closes one; default: {"requestType":"CLOSE"}, which AWS's own containers take. */
  close: requestSchema.optional(),
  /** Variables with which a session lives for a few seconds. */
  shortLife: textMap.optional(),
});

/** Its UTF-8 fits in a frame with a length of 16 bits. */
const MAX_MESSAGE_CHARS = 16_384;
/** 1 GB, the limit of an asynchronous endpoint. */
const MAX_ASYNC_MB = 1024;

export const profileSchema = z.strictObject({
  $schema: z.string().optional(),
  training: trainingSchema.optional(),
  /** A job that must fail; default: a job whose files are no data. */
  failingJob: jobChangeSchema.optional(),
  /** A job that trains until it is stopped. */
  longJob: jobChangeSchema
    .extend({
      /** SIGTERM is sent when a line of the log matches; default: after half of the time that the job of `training` took. */
      afterLine: pattern.optional(),
      /** In the log of a job that resumes from a checkpoint. */
      resumedLine: pattern.optional(),
    })
    .optional(),
  /** model.tar.gz or a folder with its files; default: what the job of `training` leaves. */
  model: z.string().min(1).optional(),
  /** Of every container. */
  environment: textMap.default({}),
  requests: z.array(requestSchema).default([]),
  /** Bodies that must be refused; default: bytes that are no data. */
  badRequests: z.array(requestSchema).default([]),
  /** Requests whose answers are streams. */
  streamRequests: z.array(requestSchema).default([]),
  /** Of a container with stateful sessions. */
  session: sessionSchema.optional(),
  /** Texts for the WebSocket of a bidirectional stream, each of which is answered. */
  messages: z.array(z.string().min(1).max(MAX_MESSAGE_CHARS)).default([]),
  /** The body, in MB, that the container takes of an asynchronous endpoint. */
  asyncMB: z.int().min(1).max(MAX_ASYNC_MB).optional(),
  /** What the container is said to do besides; an image's labels count too. */
  claims: z
    .strictObject({
      multiModel: z.boolean().default(false),
      bidirectional: z.boolean().default(false),
      bindToPort: z.boolean().default(false),
      arbitraryUser: z.boolean().default(false),
    })
    .prefault({}),
});

export type ProfileFile = z.output<typeof profileSchema>;
export type RequestSpec = z.output<typeof requestSchema>;

/** @throws Error that names each place where something is unknown or out of range */
export function parseProfileFile(value: unknown): ProfileFile {
  const parsed = profileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
