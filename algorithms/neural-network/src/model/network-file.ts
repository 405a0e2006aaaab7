/**
 * network.json: the definition of a network and its scalings with all their digits, which float32 weights cut off. A
 * file that does not describe a network is refused here, so that later code can rely on the definition.
 */
import { z } from 'zod';
import type { NetworkDefinition, Scaling, TrainedNetwork } from '../network/definition.js';
import { definitionProblems } from './definition-rules.js';

/** Raised when a change makes older code misread the file. */
const FORMAT_VERSION = 1;

export type NetworkFile = Pick<TrainedNetwork, 'definition' | 'inputScaling' | 'outputScaling' | 'featureNames'>;

const count = z.int().min(1);
const activation = z.enum(['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish']);
/** A layer's name is part of its weights' names and of node names in other formats. */
const name = z.string().regex(/^[A-Za-z][\w-]*$/);

const layer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dense'), name, units: count, activation }),
  z.object({ kind: z.literal('convolution'), name, filters: count, kernelSize: count, activation }),
  z.object({ kind: z.literal('maxPooling'), name, size: count }),
  z.object({
    kind: z.literal('batchNormalization'),
    name,
    momentum: z.number().min(0).max(1),
    epsilon: z.number().min(0),
  }),
  z.object({ kind: z.literal('activation'), name, activation }),
  z.object({ kind: z.literal('dropout'), name, rate: z.number().min(0).lt(1) }),
  z.object({ kind: z.literal('flatten'), name }),
]);

const categoricalInput = z.object({ column: z.int().min(0), values: z.array(z.number()).min(1), dimensions: count });

const definitionSchema = z
  .object({
    task: z.enum(['regression', 'binary', 'multiclass']),
    featureCount: count,
    imageShape: z.tuple([count, count, count]).optional(),
    numericColumns: z.array(z.int().min(0)),
    categoricalInputs: z.array(categoricalInput),
    layers: z.array(layer),
    outputCount: count,
  })
  .transform(({ imageShape, ...others }): NetworkDefinition => ({ ...others, imageShape }))
  .superRefine((value, context) => {
    for (const message of definitionProblems(value)) context.addIssue({ code: 'custom', message });
  });

const scaling = z
  .object({ means: z.array(z.number()), deviations: z.array(z.number().gt(0)) })
  .refine(({ means, deviations }) => means.length === deviations.length, 'there must be as many means as deviations')
  .transform(
    ({ means, deviations }): Scaling => ({
      means: Float64Array.from(means),
      deviations: Float64Array.from(deviations),
    }),
  );

/** @throws by zod, naming the place, on anything that is no network */
export const networkSchema = z
  .object({
    formatVersion: z.int().min(1).max(FORMAT_VERSION),
    definition: definitionSchema,
    inputScaling: scaling,
    outputScaling: scaling.optional(),
    featureNames: z.array(z.string()).optional(),
  })
  .superRefine(({ definition, featureNames, ...scalings }, context) => {
    const { task, imageShape, numericColumns, outputCount, featureCount } = definition;
    if (featureNames && featureNames.length !== featureCount) {
      const message = `must be ${featureCount} names; received ${featureNames.length}`;
      context.addIssue({ code: 'custom', path: ['featureNames'], message });
    }
    const inputs = imageShape ? imageShape[2] : numericColumns.length;
    const outputs = task === 'regression' ? outputCount : 0;
    const requireLength = (key: 'inputScaling' | 'outputScaling', wanted: number) => {
      const found = scalings[key]?.means.length ?? 0;
      if (found === wanted) return;
      context.addIssue({ code: 'custom', path: [key], message: `must have ${wanted} means; received ${found}` });
    };
    requireLength('inputScaling', inputs);
    requireLength('outputScaling', outputs);
  })
  .transform(
    (file): NetworkFile => ({
      definition: file.definition,
      inputScaling: file.inputScaling,
      outputScaling: file.outputScaling,
      ...(file.featureNames && { featureNames: file.featureNames }),
    }),
  );

/**
 * The text of network.json. The schema puts the keys in its own order, so that equal networks are equal bytes.
 * @throws ZodError for a definition that reading would refuse
 */
export function writeNetworkFile(network: TrainedNetwork): string {
  const { definition, inputScaling, outputScaling, featureNames } = network;
  const file = {
    formatVersion: FORMAT_VERSION,
    definition: definitionSchema.parse(definition),
    inputScaling: plainScaling(inputScaling),
    ...(outputScaling && { outputScaling: plainScaling(outputScaling) }),
    ...(featureNames && { featureNames }),
  };
  return `${JSON.stringify(file)}\n`;
}

// --- internal ---

function plainScaling({ means, deviations }: Scaling) {
  return { means: [...means], deviations: [...deviations] };
}
