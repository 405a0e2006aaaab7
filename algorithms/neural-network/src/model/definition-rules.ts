/** Rules of a network's definition beyond the types of its parts, one sentence for each broken one. */
import type { LayerDefinition, NetworkDefinition } from '../network/definition.js';
import { HEAD_NAME, inputShape, outputShape } from '../network/weights.js';

/** Empty when all is well. */
export function definitionProblems(definition: NetworkDefinition): string[] {
  const problems = [...columnProblems(definition), ...outputProblems(definition), ...nameProblems(definition.layers)];
  if (problems.length > 0) return problems;
  let shape = inputShape(definition);
  for (const layer of definition.layers) {
    const problem = layerProblem(layer, shape);
    if (problem) return [`layer "${layer.name}" ${problem}`];
    shape = outputShape(layer, shape);
  }
  return shape.length === 1 ? [] : ['the layers of an image must include one of kind flatten'];
}

// --- internal ---

function columnProblems({ featureCount, imageShape, numericColumns, categoricalInputs }: NetworkDefinition): string[] {
  if (imageShape) {
    const size = imageShape.reduce((product, side) => product * side, 1);
    if (size !== featureCount) return [`imageShape must have ${featureCount} values in all; received ${size}`];
    if (categoricalInputs.length > 0) return ['an image must have no categoricalInputs'];
  }
  const columns = [...numericColumns, ...categoricalInputs.map(({ column }) => column)].sort((a, b) => a - b);
  if (columns.length !== featureCount || columns.some((column, index) => column !== index)) {
    return [`numericColumns and categoricalInputs must name each of the ${featureCount} columns once`];
  }
  if (!isAscending(numericColumns)) return ['numericColumns must ascend'];
  const disordered = categoricalInputs.find(({ values }) => !isAscending(values));
  return disordered ? [`the values of categorical column ${disordered.column} must ascend`] : [];
}

function outputProblems({ task, outputCount }: NetworkDefinition): string[] {
  if (task === 'binary' && outputCount !== 1) return [`outputCount of binary must be 1; received ${outputCount}`];
  if (task === 'multiclass' && outputCount < 2) return [`outputCount of classes must be at least 2; received 1`];
  return [];
}

function nameProblems(layers: readonly LayerDefinition[]): string[] {
  const seen = new Set<string>([HEAD_NAME]);
  for (const { name } of layers) {
    if (seen.has(name)) return [`layer names must be different and not "${HEAD_NAME}"; "${name}" occurs twice`];
    seen.add(name);
  }
  return [];
}

function layerProblem(layer: LayerDefinition, shape: readonly number[]): string | undefined {
  const isImage = shape.length === 3;
  switch (layer.kind) {
    case 'dense':
      return isImage ? 'must be after a flatten layer' : undefined;
    case 'convolution':
      if (!isImage) return 'must have an image as its input';
      return layer.kernelSize % 2 === 1 ? undefined : `must have an odd kernelSize; received ${layer.kernelSize}`;
    case 'maxPooling':
      if (!isImage) return 'must have an image as its input';
      return layer.size <= Math.min(shape[0]!, shape[1]!)
        ? undefined
        : `must not be larger than its ${shape[0]} × ${shape[1]} image`;
    default:
      return undefined;
  }
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > values[index - 1]!);
}
