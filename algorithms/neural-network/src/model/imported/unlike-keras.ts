/**
 * Layers that TensorFlow.js builds without an error, but computes in another way than Keras, from which the model is: its
 * answers would be wrong in silence. A model that TensorFlow.js itself saved is served as it computes it.
 */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelJson } from './model-json.js';

/** @throws Error naming the first such layer of a model that Keras saved, and what differs */
export function refuseUnlikeKeras(model: Pick<LayersModel, 'layers'>, { modelTopology }: ModelJson): void {
  if (String(modelTopology.keras_version ?? 'tfjs').startsWith('tfjs')) return;
  refuseSaved(modelTopology.model_config ?? modelTopology);
  refuseBuilt(model.layers as unknown as readonly BuiltLayer[]);
}

// --- internal ---

function refuse(kind: string, name: unknown, difference: string): never {
  throw new Error(`${kind} "${name}" ${difference}, which TensorFlow.js computes wrongly`);
}

// By what Keras saved of a layer: TensorFlow.js leaves out what it does not know.

type Config = Readonly<Record<string, unknown>>;

/** Of a layer, a wrapper or a model. */
interface SavedLayer {
  readonly class_name?: unknown;
  readonly config?: unknown;
}

const isDilated = ({ dilation_rate: rate }: Config) =>
  [rate].flat().some((step) => Number(step ?? 1) !== 1) && `has dilation_rate ${String(rate)}`;
const isTransposed = (config: Config) =>
  isDilated(config) || (config.output_padding != null && `has output_padding ${String(config.output_padding)}`);
const has = (config: Config, key: string) =>
  typeof config[key] === 'number' && config[key] !== 0 && `has ${key} ${config[key]}`;

/** What differs in layers of a class. */
const DIFFERENCES: Readonly<Record<string, (config: Config) => string | false>> = {
  // Its strides are used and its dilation is not.
  DepthwiseConv2D: isDilated,
  Conv2DTranspose: isTransposed,
  Conv3DTranspose: isTransposed,
  UpSampling2D: ({ interpolation }) => interpolation === 'bilinear' && 'has interpolation bilinear',
  ReLU: (config) => has(config, 'negative_slope') || has(config, 'threshold'),
  // Keras 3 gave `alpha` another name.
  LeakyReLU: ({ alpha, negative_slope: slope }) =>
    alpha == null && slope != null && `has negative_slope ${String(slope)}`,
  LayerNormalization: ({ rms_scaling: isScaling }) => isScaling === true && 'has rms_scaling',
};

function refuseSaved(layer: unknown): void {
  if (typeof layer !== 'object' || layer === null) return;
  const { class_name: kind, config } = layer as SavedLayer;
  if (typeof config !== 'object' || config === null) return;
  const difference = DIFFERENCES[String(kind)]?.(config as Config);
  if (difference) refuse(String(kind), (config as Config).name, difference);
  const { layers = config, layer: wrapped } = config as Config; // a sequence once was a list
  for (const inner of Array.isArray(layers) ? layers : [wrapped]) refuseSaved(inner);
}

// By what TensorFlow.js built of it: where a layer's input counts.

/** What is read of a layer of TensorFlow.js: a wrapper has one inside, a model several. */
interface BuiltLayer {
  readonly name: string;
  readonly layer?: BuiltLayer;
  readonly layers?: readonly BuiltLayer[];
  readonly inputSpec?: readonly { readonly ndim?: number | null }[];
  readonly supportsMasking: boolean;
  readonly inboundNodes: readonly { readonly inboundLayers: readonly BuiltLayer[] }[];
  getClassName(): string;
  getConfig(): Config;
}

function refuseBuilt(layers: readonly BuiltLayer[]): void {
  for (const layer of layers) {
    const kind = layer.getClassName();
    const difference = BUILT_DIFFERENCES[kind]?.(layer);
    if (difference) refuse(kind, layer.name, difference);
    refuseBuilt(layer.layers ?? (layer.layer ? [layer.layer] : []));
  }
}

const BUILT_DIFFERENCES: Readonly<Record<string, (layer: BuiltLayer) => string | false>> = {
  BatchNormalization: notLastAxis,
  GlobalAveragePooling1D: (layer) => isMasked(layer) && 'has an input with a mask',
};

/** Keras writes the axis as a number or as a list of one. */
function notLastAxis(layer: BuiltLayer): string | false {
  const axis = Number(layer.getConfig().axis);
  const last = (layer.inputSpec?.[0]?.ndim ?? 0) - 1;
  return axis !== -1 && axis !== last && `normalizes axis ${axis}, not the last one, ${last}`;
}

/** Whether Keras leaves out steps of its input. */
function isMasked(layer: BuiltLayer, seen = new Set<BuiltLayer>()): boolean {
  const masks = (before: BuiltLayer): boolean => {
    if (seen.has(before)) return false;
    seen.add(before);
    const kind = before.getClassName();
    if (kind === 'Masking' || (kind === 'Embedding' && before.getConfig().maskZero === true)) return true;
    return before.supportsMasking && isMasked(before, seen);
  };
  return layer.inboundNodes.some(({ inboundLayers }) => inboundLayers.some(masks));
}
