/**
 * `model.json` of TensorFlow.js as other programs write it: a LayersModel (from Keras or TensorFlow.js itself) or a
 * GraphModel (converted from a SavedModel), with the list of its weights. Format: tensorflow/tfjs, tfjs-core/src/io/types.ts.
 */
import { ClientError } from '@algo/contract';
import { z } from 'zod';

const weight = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: z.enum(['float32', 'int32', 'bool', 'string', 'complex64']),
  quantization: z.looseObject({ dtype: z.enum(['uint8', 'uint16', 'float16']) }).optional(),
});

const schema = z.looseObject({
  format: z.string().optional(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(weight) })),
});

/** The checked file; all else in it is left as it is. */
export type ModelJson = z.output<typeof schema>;
export type WeightGroup = ModelJson['weightsManifest'][number];

/** Whether the text is that of a TensorFlow.js model, sound or not. */
export function looksLikeModel(text: string): boolean {
  return text.includes('"modelTopology"');
}

/** @throws ClientError E_MODEL naming the file and what is wrong in it */
export function parseModelJson(name: string, text: string): ModelJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ClientError('E_MODEL', `${name}: not valid JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ClientError('E_MODEL', `${name}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export function isGraphModel({ format, modelTopology }: ModelJson): boolean {
  return format === 'graph-model' || Array.isArray(modelTopology.node);
}
