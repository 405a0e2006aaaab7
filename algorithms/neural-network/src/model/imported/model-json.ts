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

/** Larger ones are no texts to JavaScript; the largest published graph has 20 MB. */
const MAX_BYTES = 2 ** 28;
/** JSON inside JSON: a model within a model takes 4, and TensorFlow.js walks through them by recursion. */
const MAX_DEPTH = 256;

/** Whether the content is that of a TensorFlow.js model, sound or not. */
export function looksLikeModel(content: Buffer): boolean {
  return content.includes('"modelTopology"');
}

/** @throws ClientError E_MODEL naming the file and what is wrong in it */
export function parseModelJson(name: string, content: Buffer): ModelJson {
  if (content.length > MAX_BYTES) {
    throw new ClientError('E_MODEL', `${name} must have at most ${MAX_BYTES} bytes; it has ${content.length}.`);
  }
  requireFlat(name, content);
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch (error) {
    throw new ClientError('E_MODEL', `${name}: not valid JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw malformed(name, parsed.error);
  return parsed.data;
}

/** What is wrong in a file, in as many words as a log line can bear. @param place where in it, when that is known */
export function malformed(file: string, error: z.ZodError, place = ''): ClientError {
  const [first] = error.issues;
  const path = [...(place ? [place] : []), ...(first?.path ?? []).map(String)].join('.');
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more problems)` : '';
  return new ClientError('E_MODEL', `${file}: ${path ? `${path}: ` : ''}${first?.message ?? 'malformed'}${more}.`);
}

export function isGraphModel({ format, modelTopology }: ModelJson): boolean {
  return format === 'graph-model' || Array.isArray(modelTopology.node);
}

// --- internal ---

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** @throws ClientError E_MODEL for JSON that is nested deeper than a stack bears */
function requireFlat(name: string, content: Buffer): void {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at]!;
    if (byte === QUOTE) isText = !isText;
    else if (isText) at += byte === BACKSLASH ? 1 : 0;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    if (depth > MAX_DEPTH) {
      throw new ClientError(
        'E_MODEL',
        `${name}: JSON must be nested at most ${MAX_DEPTH} levels; it is deeper at byte ${at + 1}. Flatten models within models.`,
      );
    }
  }
}
