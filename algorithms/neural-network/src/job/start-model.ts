/**
 * Incremental training: the model of an earlier job from channel `model`. Training continues from its weights, with its
 * scaling and its categories, so that they keep their meaning; new rows and new rates may differ.
 */
import { type Categories, type Channel, openStartModel, requireFitting, type StartModelJob } from '@algo/contract';
import type { Settings } from '../hyperparameters/settings.js';
import { NETWORK_FILE, readTrainedNetwork } from '../model/index.js';
import type { LayerDefinition, TrainedNetwork } from '../network/definition.js';

/** A network with the names behind the codes of its columns. */
export interface StartModel extends TrainedNetwork {
  readonly categories: Categories | 'none';
}

/**
 * @throws ClientError E_CHANNEL without a model; E_MODEL when it is damaged, or does not fit this job
 */
export function readStartModel(
  channel: Pick<Channel, 'name' | 'files'>,
  settings: Settings,
  job?: StartModelJob,
): StartModel {
  const wanted = `the model of an earlier job (model.tar.gz, or its files with ${NETWORK_FILE})`;
  const isNetwork = ({ names }: { readonly names: readonly string[] }) => names.filter((name) => name === NETWORK_FILE);
  const model = openStartModel(channel, isNetwork, wanted, job);
  const network = readTrainedNetwork(model);
  const { categories = 'none' } = model;
  requireSameNetwork(network, settings, { label: model.label, categories });
  return { ...network, featureNames: network.featureNames ?? model.featureNames, categories };
}

/** The layers in words, such as `dense 128 relu, dense 64 relu`. */
export function describeLayers(layers: readonly LayerDefinition[]): string {
  return layers.map(describeLayer).join(', ') || 'none';
}

// --- internal ---

function requireSameNetwork(
  { definition }: TrainedNetwork,
  settings: Settings,
  { label, categories }: { readonly label: string; readonly categories: StartModel['categories'] },
): void {
  // Columns of text are known by the rows.
  const isText = (column: number) => categories !== 'none' && categories.features[column] !== undefined;
  const columns = definition.categoricalInputs.map(({ column }) => column).filter((column) => !isText(column));
  const widths = definition.categoricalInputs.map(({ dimensions }) => dimensions);
  const { embeddingDimensions } = settings;
  // Labels that are text say how many classes there are, once they are read.
  const isOpen = settings.task === 'multiclass' && settings.classCount === undefined;
  const classCount = isOpen ? classesOf(definition) : settings.classCount;
  requireFitting(label, [
    ['objective', settings.task, definition.task],
    ['num_classes', classCount, classesOf(definition)],
    ['input_shape', settings.imageShape, definition.imageShape],
    ['categorical_features', sorted(settings.categoricalColumns), columns],
    // Widths are compared when they are given; by default they follow from the model's own categories.
    ['embedding_dimensions', embeddingDimensions ? widths.map(() => embeddingDimensions) : widths, widths],
    ['layers', describeLayers(trained(settings.layers)), describeLayers(trained(definition.layers))],
  ]);
}

function classesOf({ task, outputCount }: TrainedNetwork['definition']): number | undefined {
  return task === 'multiclass' ? outputCount : task === 'binary' ? 2 : undefined;
}

/** Dropout has no weights: it may differ. */
function trained(layers: readonly LayerDefinition[]): readonly LayerDefinition[] {
  return layers.filter(({ kind }) => kind !== 'dropout');
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function describeLayer(layer: LayerDefinition): string {
  switch (layer.kind) {
    case 'dense':
      return `dense ${layer.units} ${layer.activation}`;
    case 'convolution':
      return `convolution ${layer.filters} (${layer.kernelSize} × ${layer.kernelSize}) ${layer.activation}`;
    case 'maxPooling':
      return `pooling ${layer.size} × ${layer.size}`;
    case 'batchNormalization':
      return 'normalization';
    case 'activation':
      return layer.activation;
    case 'dropout':
      return `dropout ${layer.rate}`;
    case 'flatten':
      return 'flatten';
  }
}
