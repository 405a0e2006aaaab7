/**
 * A network trained here, on a backend. Rows are standardized on the host in float64, predictions of numbers scaled
 * back there.
 */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backends/backend.js';
import type { NetworkDefinition, TrainedNetwork } from '../network/definition.js';
import { createPredictor, type InputTensors } from '../network/forward.js';
import { createInputEncoder, type NetworkInputs, outOfRange } from '../network/inputs.js';
import { HEAD_NAME, inputShape, outputShape, sizeOf, weightDefinitions, widestLayer } from '../network/weights.js';
import type { Scorer, Scores } from './scorer.js';

/** @param maxRows maximum batch size; chosen for the network if undefined */
export function createNetworkScorer(backend: Backend, network: TrainedNetwork, maxRows?: number): Scorer {
  const { definition } = network;
  const encoder = createInputEncoder(definition, network.inputScaling);
  const predictor = createPredictor(backend.operations, network);
  const finish = createFinish(network);
  const isImmediate = !backend.isGpu && backend.name !== 'webgpu';
  /** Encoded rows: of one row, and of the largest batch so far. */
  const single = encoder.allocate(1);
  let several = single;

  return {
    featureCount: definition.featureCount,
    imageShape: definition.imageShape,
    maxRows: maxRows ?? suitableRows(definition, backend),
    isImmediate,
    rowProducts: rowProducts(definition),
    score({ features, rows }) {
      if (rows > several.rows) several = encoder.allocate(rows);
      const inputs = rows === 1 ? single : several;
      encoder.encode(features, rows, inputs);
      engine().startScope('score');
      try {
        const predictions = predictor.predictions(upload(inputs, rows, definition));
        const check = (values: Float32Array) => requireNumbers(values, inputs, network);
        if (isImmediate) return finish(check(predictions.dataSync<'float32'>()));
        return read(engine().keep(predictions)).then((values) => finish(check(values)));
      } finally {
        engine().endScope();
      }
    },
  };
}

// --- internal ---

/**
 * Maximum number of rows, and of values of the widest layer for all rows together. A processor is as fast with 2048
 * rows as with more, and gets round to other requests sooner; a GPU must get enough to be busy. The values are 16 MiB,
 * and 128 MiB.
 */
const PROCESSOR_LIMITS = { rows: 2 ** 11, values: 2 ** 22 };
const GPU_LIMITS = { rows: 2 ** 15, values: 2 ** 25 };

function suitableRows(definition: NetworkDefinition, { isGpu }: Backend): number {
  const most = isGpu ? GPU_LIMITS : PROCESSOR_LIMITS;
  return Math.max(1, Math.min(most.rows, Math.floor(most.values / widestLayer(definition))));
}

/** Products of one row: each kernel once, that of a convolution once for each place. */
function rowProducts(definition: NetworkDefinition): number {
  const kernels = new Map(weightDefinitions(definition).map(({ name, shape }) => [name, sizeOf(shape)]));
  let shape = inputShape(definition);
  let products = sizeOf(shape) + kernels.get(`${HEAD_NAME}/kernel`)!;
  for (const layer of definition.layers) {
    const places = layer.kind === 'convolution' ? shape[0]! * shape[1]! : 1;
    products += sizeOf(shape);
    if (layer.kind === 'dense' || layer.kind === 'convolution')
      products += places * kernels.get(`${layer.name}/kernel`)!;
    shape = outputShape(layer, shape);
  }
  return products;
}

function upload(inputs: NetworkInputs, rows: number, definition: NetworkDefinition): InputTensors {
  const { imageShape, numericColumns } = definition;
  const width = numericColumns.length;
  const numeric = rows === inputs.rows ? inputs.numeric : inputs.numeric.subarray(0, rows * width);
  return {
    numeric: engine().makeTensor(numeric, imageShape ? [rows, ...imageShape] : [rows, width], 'float32'),
    categories: inputs.categories.map((indices) => engine().makeTensor(indices.subarray(0, rows), [rows], 'int32')),
  };
}

async function read(predictions: Tensor): Promise<Float32Array> {
  try {
    return await predictions.data<'float32'>();
  } finally {
    predictions.dispose();
  }
}

/**
 * `predictions` when all are numbers. Weights are finite: it is a value far from those of training that made sums infinite.
 * @throws ClientError E_DATA_RANGE naming the value that is farthest from those of training
 */
function requireNumbers(
  predictions: Float32Array,
  { numeric }: NetworkInputs,
  { definition, inputScaling: { means, deviations } }: TrainedNetwork,
): Float32Array {
  let sum = 0;
  for (const value of predictions) sum += value;
  if (Number.isFinite(sum)) return predictions;
  const index = predictions.findIndex((value) => !Number.isFinite(value));
  const { numericColumns, outputCount } = definition;
  const first = Math.floor(index / outputCount) * numericColumns.length;
  let farthest = 0;
  for (let position = 0; position < numericColumns.length; position++) {
    if (Math.abs(numeric[first + position]!) > Math.abs(numeric[first + farthest]!)) farthest = position;
  }
  const group = farthest % means.length;
  throw outOfRange(numericColumns[farthest] ?? 0, numeric[first + farthest]! * deviations[group]! + means[group]!);
}

/** Predictions as the answer has them: of a regression on the label's scale, in float64. */
function createFinish({ definition, outputScaling }: TrainedNetwork): (predictions: Float32Array) => Scores {
  const width = definition.outputCount;
  if (!outputScaling) return (predictions) => ({ values: predictions.slice(), width });
  const { means, deviations } = outputScaling;
  return (predictions) => {
    const values = new Float64Array(predictions.length);
    for (let i = 0; i < values.length; i++) {
      const output = i % width;
      values[i] = predictions[i]! * deviations[output]! + means[output]!;
    }
    return { values, width };
  };
}
