/**
 * Incremental training: the model of an earlier job from channel `model`. Training goes on from its weights, with its
 * scaling and its categories, so that they keep their meaning; new rows and new rates may differ.
 */
import { type Channel, ClientError, featureNamesOf, readerOf, unpackFiles } from '@algo/contract';
import type { Hyperparameters } from '../hyperparameters/index.js';
import { classCount, imageShape, networkLayers } from '../hyperparameters/settings.js';
import { NETWORK_FILE, readTrainedNetwork } from '../model/index.js';
import type { LayerDefinition, TrainedNetwork } from '../network/definition.js';

/**
 * @throws ClientError E_CHANNEL without a model; E_MODEL when it is damaged, or one that these hyperparameters cannot go
 *   on from
 */
export function readStartModel(channel: Pick<Channel, 'name' | 'files'>, values: Hyperparameters): TrainedNetwork {
  const files = unpackFiles(channel);
  if (!files.has(NETWORK_FILE)) {
    const found = [...files.keys()].join(', ');
    throw new ClientError(
      'E_CHANNEL',
      `Channel "${channel.name}" must hold the model of an earlier job (model.tar.gz, or its files with ${NETWORK_FILE}); received ${found}.`,
    );
  }
  const network = readTrainedNetwork(readerOf(files, `${channel.name}/`));
  requireFitting(network, values, channel.name);
  return { ...network, featureNames: network.featureNames ?? featureNamesOf(files) };
}

/** @throws ClientError E_DATA_COLUMNS when the rows have other columns than the model's */
export function requireColumns(
  { definition }: TrainedNetwork,
  scan: { columns: number; labels: { count: number } },
): void {
  const wanted = definition.task === 'regression' ? definition.outputCount : 1;
  if (scan.columns === definition.featureCount && scan.labels.count === wanted) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `Channel "train" must have the ${wanted} label and ${definition.featureCount} feature columns of the model to go on from; received ${scan.labels.count} and ${scan.columns}.`,
  );
}

/** The layers in words, such as `dense 128 relu, dense 64 relu`. */
export function describeLayers(layers: readonly LayerDefinition[]): string {
  return layers.map(describeLayer).join(', ') || 'none';
}

// --- internal ---

function requireFitting({ definition }: TrainedNetwork, values: Hyperparameters, channel: string): void {
  const columns = definition.categoricalInputs.map(({ column }) => column);
  const rules: readonly (readonly [name: string, wanted: string, found: string])[] = [
    ['objective', values.objective, definition.task],
    ['num_classes', text(classCount(values)), text(definition.task === 'binary' ? 2 : classesOf(definition))],
    ['input_shape', text(imageShape(values)), text(definition.imageShape)],
    ['categorical_features', text(sorted(values.categorical_features ?? [])), text(columns)],
    ['embedding_dimensions', ...embeddingsOf(values, definition)],
    ['layers', describeLayers(trained(networkLayers(values))), describeLayers(trained(definition.layers))],
  ];
  const broken = rules.find(([, wanted, found]) => wanted !== found);
  if (!broken) return;
  const [name, wanted, found] = broken;
  throw new ClientError(
    'E_MODEL',
    `Channel "${channel}": a model to go on from must have ${name} ${wanted}, as this job has; received ${found}.`,
  );
}

function classesOf({ task, outputCount }: TrainedNetwork['definition']): number | undefined {
  return task === 'multiclass' ? outputCount : undefined;
}

/** Widths are compared when they are given; by default they follow from the model's own categories. */
function embeddingsOf(
  { embedding_dimensions: wanted }: Hyperparameters,
  { categoricalInputs }: TrainedNetwork['definition'],
): readonly [string, string] {
  const found = categoricalInputs.map(({ dimensions }) => dimensions);
  return [text(wanted === undefined ? found : found.map(() => wanted)), text(found)];
}

/** Dropout has no weights: it may differ. */
function trained(layers: readonly LayerDefinition[]): readonly LayerDefinition[] {
  return layers.filter(({ kind }) => kind !== 'dropout');
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function text(value: number | readonly number[] | undefined): string {
  return value === undefined ? 'none' : String(value) || 'none';
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
