/**
 * A GraphModel by hand: y = a · weights + b, for a [rows × 2] and b [rows × 1], with one output of [rows × 1]. With a
 * condition it goes the way of Switch and Merge, which TensorFlow.js runs by another function.
 */

export interface GraphOptions {
  /** Left out when undefined is given. */
  readonly signature?: undefined;
  /** Rows of both inputs; any by default. */
  readonly rows?: number;
  /** Of input b. */
  readonly dtype?: string;
  readonly shape?: 'unknown';
  readonly otherRows?: number | undefined;
  readonly operator?: string;
  readonly hasCondition?: boolean;
}

export function graphModel(options: GraphOptions = {}): Map<string, Buffer> {
  const { rows, dtype = 'DT_FLOAT', operator = 'AddV2', hasCondition = false } = options;
  const a = { dim: [{ size: String(rows ?? -1) }, { size: '2' }] };
  const b =
    options.shape === 'unknown'
      ? { unknownRank: true }
      : { dim: [{ size: String(options.otherRows ?? rows ?? -1) }, { size: '1' }] };
  const type = { type: 'DT_FLOAT' };
  const flag = { type: 'DT_BOOL' };
  const product = node('product', 'MatMul', ['a', 'weights'], {
    transpose_a: { b: false },
    transpose_b: { b: false },
    T: type,
  });
  const condition = [
    node('flag', 'Const', [], { dtype: flag, value: { tensor: { dtype: 'DT_BOOL', tensorShape: {} } } }),
    node('switch', 'Switch', ['product', 'flag'], { T: type }),
    node('merge', 'Merge', ['switch', 'switch:1'], { T: type, N: { i: '2' } }),
  ];
  const nodes = [
    node('a', 'Placeholder', [], { dtype: type, shape: { shape: a } }),
    node('b', 'Placeholder', [], { dtype: { type: dtype }, shape: { shape: b } }),
    node('weights', 'Const', [], { dtype: type, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {} } } }),
    product,
    ...(hasCondition ? condition : []),
    node('b_number', 'Cast', ['b'], { SrcT: { type: dtype }, DstT: type }),
    node('y', operator, [hasCondition ? 'merge' : 'product', 'b_number'], {
      T: type,
      ...(operator === 'Einsum' && { equation: { s: btoa('ij,ij->ij') } }),
    }),
  ];
  const signature = {
    inputs: {
      a: { name: 'a:0', dtype: 'DT_FLOAT', tensorShape: a },
      b: { name: 'b:0', dtype, tensorShape: b },
    },
    outputs: { y: { name: 'y:0', dtype: 'DT_FLOAT' } },
  };
  const weights = [
    { name: 'weights', shape: [2, 1], dtype: 'float32' },
    ...(hasCondition ? [{ name: 'flag', shape: [], dtype: 'bool' }] : []),
  ];
  const json = {
    format: 'graph-model',
    modelTopology: { node: nodes, library: {}, versions: { producer: 1, minConsumer: 1 } },
    ...('signature' in options ? {} : { signature }),
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  const numbers = Buffer.from(Float32Array.of(0.5, 2).buffer);
  return new Map([
    ['model.json', Buffer.from(JSON.stringify(json))],
    ['weights.bin', hasCondition ? Buffer.concat([numbers, Buffer.of(1)]) : numbers],
  ]);
}

function node(name: string, op: string, input: readonly string[], attr: object): object {
  return { name, op, input, attr };
}
