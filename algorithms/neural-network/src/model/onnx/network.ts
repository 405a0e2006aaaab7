/**
 * A network as an ONNX model. Its one input, `features`, are rows as `serve` takes them ([rows × columns], or
 * [rows × height × width × channels]), categories as they are; its one output, `score` [rows × outputs], is the
 * prediction. Operators: onnx.ai, ONNX Operators.
 */
import type { NetworkDefinition, Scaling, TrainedNetwork } from '../../network/definition.js';
import { HEAD_NAME, inputShape, outputShape } from '../../network/weights.js';
import { NAMES } from '../files.js';
import { categoryEmbedding, needsFloat64 } from './categories.js';
import { createGraph, ELEMENT_TYPES, type GraphBuilder } from './graph.js';
import { addActivation, addDense, addLayer } from './layers.js';

const ONNX_INPUT = 'features';
const ONNX_OUTPUT = 'score';

/** The bytes of the model file. */
export function writeOnnx(network: TrainedNetwork): Uint8Array {
  const { definition, weights } = network;
  const { featureCount, imageShape, outputCount, task } = definition;
  const graph = createGraph();
  let value = addInputs(graph, network);
  let shape = inputShape(definition);
  for (const layer of definition.layers) {
    value = addLayer(graph, layer, { value, shape, weights });
    shape = outputShape(layer, shape);
  }
  addHead(graph, network, value);
  return graph.finish({
    name: 'network',
    description: `A neural network for ${task}.`,
    inputs: [
      {
        name: ONNX_INPUT,
        type: needsFloat64(definition.categoricalInputs) ? 'float64' : 'float32',
        shape: ['rows', ...(imageShape ?? [featureCount])],
      },
    ],
    outputs: [{ name: ONNX_OUTPUT, type: 'float32', shape: ['rows', outputCount] }],
  });
}

// --- internal ---

/** Standardized numbers and embeddings side by side; an image with its channels first, as ONNX has them. */
function addInputs(graph: GraphBuilder, { definition, inputScaling, weights }: TrainedNetwork): string {
  const { imageShape, categoricalInputs } = definition;
  if (imageShape) {
    const standardized = standardize(graph, ONNX_INPUT, inputScaling);
    return graph.node('Transpose', 'channels_first', [standardized], { perm: [0, 3, 1, 2] });
  }
  const numbers = numericColumns(graph, definition);
  const parts = numbers === undefined ? [] : [standardize(graph, numbers, inputScaling)];
  for (const input of categoricalInputs) {
    const isFloat64 = needsFloat64(categoricalInputs);
    parts.push(categoryEmbedding(graph, { features: ONNX_INPUT, input, isFloat64, weights }));
  }
  return parts.length === 1 ? parts[0]! : graph.node('Concat', NAMES.joined, parts, { axis: 1 });
}

/** The columns that are numbers, as float32; undefined when there are none. */
function numericColumns(graph: GraphBuilder, definition: NetworkDefinition): string | undefined {
  const { numericColumns: columns, categoricalInputs } = definition;
  if (categoricalInputs.length === 0) return ONNX_INPUT;
  if (columns.length === 0) return undefined;
  const indices = graph.constant('numeric_columns', [columns.length], BigInt64Array.from(columns, BigInt));
  const selected = graph.node('Gather', NAMES.numericInput, [ONNX_INPUT, indices], { axis: 1 });
  if (!needsFloat64(categoricalInputs)) return selected;
  return graph.node('Cast', `${NAMES.numericInput}_float32`, [selected], { to: ELEMENT_TYPES.float32 });
}

/**
 * (x − mean) ÷ deviation over the last axis. The mean is subtracted in two parts, since float32 cuts off too much of one far
 * from 0, such as that of a year.
 */
function standardize(graph: GraphBuilder, input: string, { means, deviations }: Scaling): string {
  const name = NAMES.inputScaling;
  const coarse = Float32Array.from(means);
  const rest = Float32Array.from(means, (mean, i) => mean - coarse[i]!);
  const shape = [means.length];
  const shifted = graph.node('Sub', `${name}_shifted`, [input, graph.constant(`${name}/mean`, shape, coarse)]);
  const centred = graph.node('Sub', `${name}_centred`, [shifted, graph.constant(`${name}/mean_rest`, shape, rest)]);
  const deviation = graph.constant(`${name}/deviation`, shape, Float32Array.from(deviations));
  return graph.node('Div', name, [centred, deviation]);
}

function addHead(graph: GraphBuilder, { definition, outputScaling, weights }: TrainedNetwork, input: string): string {
  const output = addDense(graph, HEAD_NAME, input, definition.outputCount, weights);
  if (definition.task === 'binary') return addActivation(graph, 'sigmoid', ONNX_OUTPUT, output);
  if (definition.task === 'multiclass') return graph.node('Softmax', ONNX_OUTPUT, [output], { axis: 1 });
  return outputScaling ? restore(graph, output, outputScaling) : graph.node('Identity', ONNX_OUTPUT, [output]);
}

/** y · deviation + mean. */
function restore(graph: GraphBuilder, output: string, { means, deviations }: Scaling): string {
  const name = NAMES.outputScaling;
  const deviation = graph.constant(`${name}/deviation`, [means.length], Float32Array.from(deviations));
  const mean = graph.constant(`${name}/mean`, [means.length], Float32Array.from(means));
  return graph.node('Add', ONNX_OUTPUT, [graph.node('Mul', name, [output, deviation]), mean]);
}
