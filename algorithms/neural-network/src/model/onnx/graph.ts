/**
 * An ONNX graph while it is built: nodes in order, and the constants (initializers) that they use. Field numbers are
 * those of onnx.proto (github.com/onnx/onnx).
 */
import { floatField, integerField, messageField, type Pieces, sizeOf, textField } from './protobuf.js';

/** The types of attributes: whole numbers, fractions (`{ float }`), lists of whole numbers. */
export type Attribute = number | readonly number[] | { readonly float: number };

export interface GraphBuilder {
  /** A constant. @returns its name */
  constant(name: string, shape: readonly number[], values: Float32Array | Float64Array | BigInt64Array): string;
  /** A node with one output, which has the node's name. @returns that name */
  node(
    operator: string,
    name: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
  ): string;
}

/** An input or output of the graph; a text as dimension stands for any number, the same wherever the text is. */
export interface GraphValue {
  readonly name: string;
  readonly type: keyof typeof ELEMENT_TYPES;
  readonly shape: readonly (number | string)[];
}

export interface GraphEnds {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** ONNX's numbers of element types. */
export const ELEMENT_TYPES = { float32: 1, int64: 7, float64: 11 } as const;

/** The model file: a graph of ONNX operator set 17 (2022), which every runtime in use reads. */
export function createGraph(): GraphBuilder & { finish(ends: GraphEnds): Uint8Array } {
  const nodes: Uint8Array[] = [];
  const constants: Uint8Array[] = [];
  return {
    constant(name, shape, values) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const tensor = [
        ...shape.flatMap((size) => integerField(1, size)),
        ...integerField(2, elementType(values)),
        ...textField(8, name),
        ...messageField(9, [bytes]),
      ];
      for (const bytes of messageField(5, tensor)) constants.push(bytes);
      return name;
    },
    node(operator, name, inputs, attributes = {}) {
      const node = [
        ...inputs.flatMap((input) => textField(1, input)),
        ...textField(2, name),
        ...textField(3, name),
        ...textField(4, operator),
        ...Object.entries(attributes).flatMap(([key, value]) => messageField(5, attribute(key, value))),
      ];
      for (const bytes of messageField(1, node)) nodes.push(bytes);
      return name;
    },
    finish({ name, description, inputs, outputs }) {
      const graph = [
        ...nodes,
        ...textField(2, name),
        ...constants,
        ...inputs.flatMap((value) => messageField(11, valueInfo(value))),
        ...outputs.flatMap((value) => messageField(12, valueInfo(value))),
      ];
      const model = [
        ...integerField(1, IR_VERSION),
        ...textField(2, 'neural-network'),
        ...textField(6, description),
        ...messageField(7, graph),
        ...messageField(8, [...textField(1, ''), ...integerField(2, OPERATOR_SET)]),
      ];
      const bytes = new Uint8Array(sizeOf(model));
      let offset = 0;
      for (const piece of model) {
        bytes.set(piece, offset);
        offset += piece.length;
      }
      return bytes;
    },
  };
}

// --- internal ---

const OPERATOR_SET = 17;
/** The version of the file format that came with this operator set. */
const IR_VERSION = 8;

/** ONNX's numbers of attribute types. */
const ATTRIBUTE_TYPES = { float: 1, integer: 2, integers: 7 } as const;

function attribute(name: string, value: Attribute): Pieces {
  if (typeof value === 'number') {
    return [...textField(1, name), ...integerField(3, value), ...integerField(20, ATTRIBUTE_TYPES.integer)];
  }
  if ('float' in value) {
    return [...textField(1, name), ...floatField(2, value.float), ...integerField(20, ATTRIBUTE_TYPES.float)];
  }
  const items = value.flatMap((item) => integerField(8, item));
  return [...textField(1, name), ...items, ...integerField(20, ATTRIBUTE_TYPES.integers)];
}

function valueInfo({ name, type, shape }: GraphValue): Pieces {
  const dimensions = shape.flatMap((size) =>
    messageField(1, typeof size === 'number' ? integerField(1, size) : textField(2, size)),
  );
  const tensor = [...integerField(1, ELEMENT_TYPES[type]), ...messageField(2, dimensions)];
  return [...textField(1, name), ...messageField(2, messageField(1, tensor))];
}

function elementType(values: Float32Array | Float64Array | BigInt64Array): number {
  if (values instanceof Float32Array) return ELEMENT_TYPES.float32;
  return values instanceof Float64Array ? ELEMENT_TYPES.float64 : ELEMENT_TYPES.int64;
}
