/** The inputs of a GraphModel: those that its signature names, otherwise its placeholders; and the names of its outputs. */
import { z } from 'zod';
import type { DeclaredInput } from './declared-input.js';
import { type ModelJson, malformed } from './model-json.js';

/** JSON of a TensorShapeProto; sizes are 64-bit numbers and so often texts, −1 an open side. */
const tensorShape = z.object({
  dim: z.array(z.object({ size: z.coerce.number().int().optional() })).optional(),
  unknownRank: z.boolean().optional(),
});

const dtype = z.union([z.string(), z.number()]);

const signature = z.object({
  inputs: z
    .record(
      z.string(),
      z.object({ tensorShape: tensorShape.optional(), dtype: dtype.optional(), resourceId: z.unknown() }).partial(),
    )
    .optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

const node = z.object({
  name: z.string(),
  op: z.string(),
  attr: z
    .looseObject({
      shape: z.object({ shape: tensorShape.optional() }).optional(),
      dtype: z.object({ type: dtype.optional() }).optional(),
    })
    .optional(),
});

const schema = z.object({
  modelTopology: z.object({ node: z.array(node) }),
  signature: signature.nullish(),
  userDefinedMetadata: z.object({ signature: signature.optional() }).nullish(),
});

/** @throws ClientError E_MODEL when the topology is no graph */
export function graphInputs(file: string, model: ModelJson): readonly DeclaredInput[] {
  const parsed = schema.safeParse(model);
  if (!parsed.success) throw malformed(file, parsed.error);
  const { modelTopology, ...others } = parsed.data;
  const named = Object.entries(signatureOf(others)?.inputs ?? {});
  if (named.length > 0) {
    // Tables that the graph holds are inputs too, which the converter's runtime fills in itself.
    const given = named.filter(([, input]) => input.resourceId === undefined && typeName(input.dtype) !== 'resource');
    return given.map(([name, input]) => declare(name, input.dtype, input.tensorShape));
  }
  return modelTopology.node
    .filter(({ op }) => op.startsWith('Placeholder'))
    .map(({ name, attr }) => declare(name, attr?.dtype?.type, attr?.shape?.shape));
}

/** The outputs that the signature names, in its order; undefined without any. */
export function signatureOutputs(model: ModelJson): readonly string[] | undefined {
  const parsed = schema.pick({ signature: true, userDefinedMetadata: true }).safeParse(model);
  const names = Object.keys((parsed.success && signatureOf(parsed.data)?.outputs) || {});
  return names.length > 0 ? names : undefined;
}

// --- internal ---

/** The one that TensorFlow.js takes, too. */
function signatureOf({
  signature: own,
  userDefinedMetadata,
}: Omit<z.output<typeof schema>, 'modelTopology'>): z.output<typeof signature> | undefined {
  return userDefinedMetadata?.signature ?? own ?? undefined;
}

function declare(
  name: string,
  type: string | number | undefined,
  declared: z.output<typeof tensorShape> | undefined,
): DeclaredInput {
  const sides = declared?.unknownRank ? undefined : declared?.dim;
  const shape = sides?.map(({ size }) => (size === undefined || size < 0 ? undefined : size));
  return { name, dtype: typeName(type), limits: LIMITS[String(type)], shape };
}

/** TensorFlow's types as TensorFlow.js holds them, by name and by number in types.proto. */
const TYPES: Readonly<Record<string, string>> = {
  DT_FLOAT: 'float32',
  DT_DOUBLE: 'float32',
  DT_HALF: 'float32',
  DT_INT32: 'int32',
  DT_INT64: 'int32',
  DT_INT8: 'int32',
  DT_UINT8: 'int32',
  DT_BOOL: 'bool',
  DT_STRING: 'string',
  DT_RESOURCE: 'resource',
  1: 'float32',
  2: 'float32',
  19: 'float32',
  3: 'int32',
  9: 'int32',
  6: 'int32',
  4: 'int32',
  10: 'bool',
  7: 'string',
  20: 'resource',
};

/** Of types that TensorFlow.js holds as int32: what does not fit would be another number to the model. */
const LIMITS: Readonly<Record<string, readonly [low: number, high: number]>> = {
  DT_UINT8: [0, 255],
  DT_INT8: [-128, 127],
  4: [0, 255],
  6: [-128, 127],
};

function typeName(type: string | number | undefined): string {
  return TYPES[String(type ?? 'DT_FLOAT')] ?? String(type);
}
