/** The inputs of a LayersModel, from its topology in Keras's form: sequential, functional, or the one inside the other. */
import { ClientError } from '@algo/contract';
import { z } from 'zod';
import type { DeclaredInput } from './declared-input.js';
import { type ModelJson, malformed } from './model-json.js';

const shape = z.array(z.int().min(0).nullable());

interface Layer {
  readonly class_name: string;
  readonly name?: string | undefined;
  readonly config: LayerConfig | readonly Layer[];
}

interface LayerConfig {
  readonly name?: string | undefined;
  readonly dtype?: unknown;
  readonly batch_input_shape?: readonly (number | null)[] | undefined;
  readonly batch_shape?: readonly (number | null)[] | undefined;
  readonly layers?: readonly Layer[] | undefined;
  readonly input_layers?: unknown;
}

const layer: z.ZodType<Layer> = z.lazy(() =>
  z.looseObject({
    class_name: z.string(),
    name: z.string().optional(),
    config: z.union([
      z.array(layer),
      z.looseObject({
        name: z.string().optional(),
        batch_input_shape: shape.optional(),
        batch_shape: shape.optional(),
        layers: z.array(layer).optional(),
      }),
    ]),
  }),
);

/** @throws ClientError E_MODEL when the topology is none of Keras */
export function layersInputs(file: string, { modelTopology }: ModelJson): readonly DeclaredInput[] {
  const parsed = layer.safeParse(modelTopology.model_config ?? modelTopology);
  if (!parsed.success) throw malformed(file, parsed.error, 'modelTopology');
  return inputsOf(file, parsed.data);
}

// --- internal ---

function inputsOf(file: string, model: Layer): readonly DeclaredInput[] {
  const { config } = model;
  const layers = isList(config) ? config : (config.layers ?? []);
  if (model.class_name === 'Sequential') {
    const [first] = layers;
    return first ? inputsOfFirst(file, first) : [];
  }
  return inputNames(isList(config) ? undefined : config.input_layers).map((name) => {
    const found = layers.find((candidate) => nameOf(candidate) === name);
    if (found) return declaredBy(file, found);
    throw new ClientError('E_MODEL', `${file}: input_layers names layer "${name}", which must be among the layers.`);
  });
}

/** A sequence may begin with a whole model. */
function inputsOfFirst(file: string, first: Layer): readonly DeclaredInput[] {
  const isModel = isList(first.config) || first.config.layers !== undefined;
  return isModel ? inputsOf(file, first) : [declaredBy(file, first)];
}

function declaredBy(file: string, found: Layer): DeclaredInput {
  const config = isList(found.config) ? {} : found.config;
  const declared = config.batch_input_shape ?? config.batch_shape;
  const name = nameOf(found) ?? found.class_name;
  if (!declared) {
    throw new ClientError(
      'E_MODEL',
      `${file}: the first layer, "${name}", must have a batch_input_shape, but has none. Build the model before saving it.`,
    );
  }
  return { name, dtype: dtypeOf(found.class_name, config), shape: declared.map((side) => side ?? undefined) };
}

/** What a layer at the start takes; the type in its settings is that of its own numbers. */
function dtypeOf(className: string, { dtype }: LayerConfig): string {
  if (className === 'Embedding') return 'int32';
  return className === 'InputLayer' && typeof dtype === 'string' ? dtype : 'float32';
}

/** `[["a", 0, 0], ["b", 0, 0]]`, or for a single input `["a", 0, 0]`. */
function inputNames(inputLayers: unknown): readonly string[] {
  if (!Array.isArray(inputLayers)) return [];
  const references: readonly unknown[] = typeof inputLayers[0] === 'string' ? [inputLayers] : inputLayers;
  return references.map((reference) => String(Array.isArray(reference) ? reference[0] : reference));
}

function nameOf({ name, config }: Layer): string | undefined {
  return name ?? (isList(config) ? undefined : config.name);
}

function isList(config: Layer['config']): config is readonly Layer[] {
  return Array.isArray(config);
}
