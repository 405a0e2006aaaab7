/**
 * Embeddings of raw category values. ONNX's own operators have no search in a table, but can compare a value with all
 * known ones and take the first that is equal: one more entry, equal to everything, stands for unknown values.
 */
import type { CategoricalInput, Weights } from '../../network/definition.js';
import { embeddingName } from '../../network/weights.js';
import { ELEMENT_TYPES, type GraphBuilder } from './graph.js';

/** Whether two categories of a column are the same number as float32, so that rows must come as float64. */
export function needsFloat64(inputs: readonly CategoricalInput[]): boolean {
  return inputs.some(({ values }) => new Set(Float32Array.from(values)).size < values.length);
}

/** The rows of an embedding, [rows × dimensions]. */
export function categoryEmbedding(
  graph: GraphBuilder,
  options: {
    /** Name of the rows, [rows × columns]. */
    readonly features: string;
    readonly input: CategoricalInput;
    readonly isFloat64: boolean;
    readonly weights: Weights;
  },
): string {
  const { features, isFloat64, weights } = options;
  const { column, values, dimensions } = options.input;
  const name = embeddingName(column);
  const numbers = isFloat64 ? Float64Array.from(values) : Float32Array.from(values);
  const known = graph.constant(`${name}/values`, [1, values.length], numbers);
  const columnIndex = graph.constant(`${name}/column`, [1], BigInt64Array.of(BigInt(column)));
  const value = graph.node('Gather', `${name}_value`, [features, columnIndex], { axis: 1 });
  const isEqual = graph.node('Equal', `${name}_is_equal`, [value, known]);
  const flags = graph.node('Cast', `${name}_flags`, [isEqual], { to: ELEMENT_TYPES.float32 });
  const padding = graph.constant(`${name}/padding`, [4], BigInt64Array.of(0n, 0n, 0n, 1n));
  const one = graph.constant(`${name}/one`, [], Float32Array.of(1));
  const withUnknown = graph.node('Pad', `${name}_with_unknown`, [flags, padding, one]);
  const index = graph.node('ArgMax', `${name}_index`, [withUnknown], { axis: 1, keepdims: 0 });
  const table = `${name}/embeddings`;
  graph.constant(table, [values.length + 1, dimensions], weights.get(table)!);
  return graph.node('Gather', name, [table, index], { axis: 0 });
}
