/** A GraphModel of one input `x` by hand: its nodes, what the signature names, and small constants. */

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr?: object;
}

export interface GraphSketch {
  /** Of one row. */
  readonly shape: readonly number[];
  /** Of x, such as DT_INT32. */
  readonly dtype?: string;
  readonly nodes: readonly GraphNode[];
  readonly constants?: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: Float32Array | Int32Array }>
  >;
  /** Node by key, in order. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Files of the model. */
export function sketchedGraph({
  shape,
  dtype = 'DT_FLOAT',
  nodes,
  constants = {},
  outputs,
}: GraphSketch): Map<string, Buffer> {
  const tensorShape = { dim: [-1, ...shape].map((size) => ({ size: String(size) })) };
  const typeOf = (values: Float32Array | Int32Array) => (values instanceof Int32Array ? 'int32' : 'float32');
  const weights = Object.entries(constants).map(([name, { shape: sides, values }]) => ({
    name,
    shape: sides,
    dtype: typeOf(values),
  }));
  const node = [
    { name: 'x', op: 'Placeholder', input: [], attr: { dtype: { type: dtype }, shape: { shape: tensorShape } } },
    ...weights.map(({ name, dtype: type }) => ({
      name,
      op: 'Const',
      input: [],
      attr: { dtype: { type: `DT_${type === 'int32' ? 'INT32' : 'FLOAT'}` } },
    })),
    ...nodes.map(({ attr = {}, ...others }) => ({ ...others, attr })),
  ];
  const json = {
    format: 'graph-model',
    modelTopology: { node, library: {}, versions: { producer: 1 } },
    signature: {
      inputs: { x: { name: 'x:0', dtype, tensorShape } },
      outputs: Object.fromEntries(Object.entries(outputs).map(([key, name]) => [key, { name }])),
    },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  const bytes = Object.values(constants).map(({ values }) => Buffer.from(values.buffer));
  return new Map([
    ['model.json', Buffer.from(JSON.stringify(json))],
    ['weights.bin', Buffer.concat(bytes)],
  ]);
}
