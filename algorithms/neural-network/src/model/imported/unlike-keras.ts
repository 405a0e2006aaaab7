/**
 * Layers that TensorFlow.js builds without an error, but computes in another way than Keras, from which the model is: its
 * answers would be wrong in silence. A model that TensorFlow.js itself saved is served as it computes it.
 */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelJson } from './model-json.js';

/** @throws Error naming the first such layer of a model that Keras saved, and what differs */
export function refuseUnlikeKeras(model: Pick<LayersModel, 'layers'>, { modelTopology }: ModelJson): void {
  const isOfTensorflowJs = String(modelTopology.keras_version ?? 'tfjs').startsWith('tfjs');
  if (!isOfTensorflowJs) refuseAmong(model.layers as readonly LayerLike[]);
}

// --- internal ---

/** What is read of a layer of TensorFlow.js: a wrapper has one inside, a model several. */
interface LayerLike {
  readonly name: string;
  readonly layer?: LayerLike;
  readonly layers?: readonly LayerLike[];
  readonly inputSpec?: readonly { readonly ndim?: number | null }[];
  getClassName(): string;
  getConfig(): Readonly<Record<string, unknown>>;
}

function refuseAmong(layers: readonly LayerLike[]): void {
  for (const layer of layers) {
    const difference = differenceOf(layer);
    if (difference) {
      throw new Error(`${layer.getClassName()} "${layer.name}" ${difference}, which TensorFlow.js computes wrongly`);
    }
    refuseAmong(layer.layers ?? (layer.layer ? [layer.layer] : []));
  }
}

function differenceOf(layer: LayerLike): string | undefined {
  const kind = layer.getClassName();
  if (kind === 'BatchNormalization') return notLastAxis(layer);
  const config = layer.getConfig();
  if (kind === 'UpSampling2D' && config.interpolation === 'bilinear') return 'has interpolation bilinear';
  // Its strides are used and its dilation is not.
  if (kind === 'DepthwiseConv2D' && [config.dilationRate].flat().some((rate) => Number(rate ?? 1) !== 1)) {
    return `has dilation_rate ${String(config.dilationRate)}`;
  }
  return undefined;
}

/** Keras writes the axis as a number or as a list of one. */
function notLastAxis(layer: LayerLike): string | undefined {
  const axis = Number(layer.getConfig().axis);
  const last = (layer.inputSpec?.[0]?.ndim ?? 0) - 1;
  return axis === -1 || axis === last ? undefined : `normalizes axis ${axis}, not the last one, ${last}`;
}
