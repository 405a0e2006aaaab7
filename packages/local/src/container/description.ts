/**
 * The description of an algorithm: the JSON that its program prints for `describe`, in the terms of CreateAlgorithm.
 * Keys that are not named here pass through, so that newer programs work with older tools.
 */
import { z } from 'zod';
import { metricProblem } from '../training/training-metrics.js';

const channelSpecification = z.looseObject({
  Name: z.string().regex(/^[A-Za-z0-9.\-_]{1,64}$/),
  Description: z.string().optional(),
  IsRequired: z.boolean().default(false),
  SupportedContentTypes: z.array(z.string()).default([]),
  SupportedCompressionTypes: z.array(z.string()).default([]),
  SupportedInputModes: z.array(z.string()).default(['File']),
});

const hyperparameterSpecification = z.looseObject({
  Name: z.string(),
  Type: z.enum(['Integer', 'Continuous', 'Categorical', 'FreeText']),
});

/** A request or an answer of the algorithm's own: JSON that a schema describes, or bytes. */
const payloadDescription = z.looseObject({
  ContentType: z.string(),
  Description: z.string().default(''),
  MaxDecodedBytes: z.number().optional(),
  Schema: z.record(z.string(), z.unknown()).optional(),
  Fields: z
    .array(z.looseObject({ Path: z.string(), Rule: z.string(), IsRequired: z.boolean(), Description: z.string() }))
    .optional(),
});

/** A column of the answers. */
const outputDescription = z.looseObject({
  Name: z.string(),
  Description: z.string().default(''),
  /** Not in every answer. */
  IsOptional: z.boolean().default(false),
});

const metricDefinition = z
  .looseObject({ Name: z.string().max(255), Regex: z.string().max(500) })
  .superRefine((definition, { addIssue }) => {
    const problem = metricProblem(definition);
    if (problem !== undefined) addIssue(problem);
  });

const algorithmDescriptionSchema = z.looseObject({
  Name: z.string().regex(/^[A-Za-z0-9](-*[A-Za-z0-9]){0,62}$/, 'must be letters, digits and hyphens, at most 63'),
  Version: z.string(),
  Description: z.string().default(''),
  /** Absent for a model package, which is served as it is. */
  TrainingSpecification: z
    .looseObject({
      SupportedHyperParameters: z.array(hyperparameterSpecification).default([]),
      TrainingChannels: z.array(channelSpecification).min(1),
      MetricDefinitions: z.array(metricDefinition).max(40).default([]),
      SupportsDistributedTraining: z.boolean().default(false),
    })
    .optional(),
  InferenceSpecification: z.looseObject({
    SupportedContentTypes: z.array(z.string()).min(1),
    SupportedResponseMIMETypes: z.array(z.string()).min(1),
  }),
  Capabilities: z
    .looseObject({
      SupportsGpu: z.boolean().default(false),
      Outputs: z.array(outputDescription).default([]),
      Inputs: z.array(payloadDescription).default([]),
      Answers: z.array(payloadDescription).default([]),
      /** Of an algorithm that holds conversations. */
      Conversation: z.looseObject({ Description: z.string(), MaxMessageBytes: z.number() }).optional(),
    })
    .prefault({}),
});

/** Name, version, channels, metrics and content types of an algorithm, under the names of the API. */
export type AlgorithmDescription = z.output<typeof algorithmDescriptionSchema>;

/** @throws Error that names each place that is not as it must be */
export function parseDescription(value: unknown): AlgorithmDescription {
  const parsed = algorithmDescriptionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
