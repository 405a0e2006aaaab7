/** Outputs of imported models: answered by name, each of its own type; whole numbers stay exact. */
import { type ContainerRoot, makeContainerRoot, openInvocations } from '@algo/contract/testing';
import { findBackend, removeBackend } from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { type GraphSketch, sketchedGraph } from '../model/graph-nodes.js';

let root: ContainerRoot;
beforeEach(() => {
  root = makeContainerRoot();
});
afterEach(() => {
  root.remove();
  for (const name of ['cpu', 'wasm']) if (findBackend(name)) removeBackend(name);
});

async function open(sketch: GraphSketch, backend = 'cpu') {
  for (const [name, content] of sketchedGraph(sketch)) root.write(`model/${name}`, content);
  const invoke = await openInvocations(neuralNetwork, { root }, { ALGO_BACKEND: backend, ALGO_THREADS: '1' });
  return async (body: string, accept = 'text/csv') => {
    const answer = await invoke({ contentType: 'text/csv', accept, body });
    return answer.status === 200 ? answer.body : (JSON.parse(answer.body).error as object);
  };
}

const INT32 = { type: 'DT_INT32' };
/** x + 1 of whole numbers. */
const nextNumber: GraphSketch = {
  shape: [3],
  dtype: 'DT_INT32',
  nodes: [{ name: 'y', op: 'AddV2', input: ['x', 'one'], attr: { T: INT32 } }],
  constants: { one: { shape: [], values: Int32Array.of(1) } },
  outputs: { y: 'y:0' },
};

describe.each(['cpu', 'wasm'])('integers in an imported model on %s', (backend) => {
  it('above 2^24 are exact in requests and responses', async () => {
    const predict = await open(nextNumber, backend);

    expect(await predict('16777216,16777218,2000000000\n-16777218,2147483646,0\n')).toBe(
      '16777217,16777219,2000000001\n-16777217,2147483647,1\n',
    );
  });

  it('from argmax and booleans are integers in the response', async () => {
    const predict = await open(
      {
        shape: [3],
        nodes: [
          { name: 'best', op: 'ArgMax', input: ['x', 'axis'], attr: { T: { type: 'DT_FLOAT' }, output_type: INT32 } },
          { name: 'high', op: 'Greater', input: ['x', 'half'], attr: { T: { type: 'DT_FLOAT' } } },
        ],
        constants: {
          axis: { shape: [], values: Int32Array.of(1) },
          half: { shape: [], values: Float32Array.of(0.5) },
        },
        outputs: { best: 'best:0', high: 'high:0' },
      },
      backend,
    );

    expect(await predict('0,1,0.25\n', 'application/json')).toBe('{"predictions":[{"best":1,"high":[0,1,0]}]}');
  });

  it('above 2^24 index a table exactly', async () => {
    const predict = await open(
      {
        shape: [1],
        dtype: 'DT_INT32',
        nodes: [
          { name: 'place', op: 'FloorMod', input: ['x', 'four'], attr: { T: INT32 } },
          { name: 'y', op: 'GatherV2', input: ['table', 'place', 'axis'], attr: { batch_dims: { i: '0' } } },
        ],
        constants: {
          four: { shape: [], values: Int32Array.of(4) },
          axis: { shape: [], values: Int32Array.of(0) },
          table: { shape: [4], values: Float32Array.of(10, 11, 12, 13) },
        },
        outputs: { y: 'y:0' },
      },
      backend,
    );

    expect(await predict('16777217\n16777219\n2147483647\n')).toBe('11\n13\n13\n');
  });
});

describe('several outputs of an imported model', () => {
  const twins: GraphSketch = {
    shape: [4],
    nodes: [
      { name: 'halves', op: 'Split', input: ['axis', 'x'], attr: { num_split: { i: '2' }, T: { type: 'DT_FLOAT' } } },
    ],
    constants: { axis: { shape: [], values: Int32Array.of(1) } },
    outputs: { right: 'halves:1', left: 'halves:0' },
  };

  it('have their own names, in the order of the signature, even if one node produces both', async () => {
    const predict = await open(twins);

    expect(await predict('1,2,3,4\n', 'application/json')).toBe('{"predictions":[{"right":[3,4],"left":[1,2]}]}');
    expect(await predict('1,2,3,4\n')).toBe('3,4,1,2\n');
    expect(await predict('1,2,3,4\n', 'text/csv;output=left')).toBe('1,2\n');
  });

  it('cannot be requested under another name', async () => {
    const predict = await open(twins);

    expect(await predict('1,2,3,4\n', 'text/csv;output=score')).toMatchObject({
      code: 'E_REQUEST_OUTPUT',
      message: expect.stringContaining('must be one of right, left for an imported model; received "score"'),
    });
  });
});

describe('a number that an input cannot represent', () => {
  it.each([
    ['DT_INT32', '2147483648', 'takes whole numbers from -2147483648 to 2147483647; received 2147483648'],
    ['DT_INT64', '9007199254740993', 'takes whole numbers from -2147483648'],
    ['DT_UINT8', '256', 'takes whole numbers from 0 to 255; received 256'],
    ['DT_INT8', '-129', 'takes whole numbers from -128 to 127; received -129'],
    ['DT_BOOL', '2', 'takes whole numbers from 0 to 1; received 2'],
  ])('is refused for %s: %s', async (dtype, value, message) => {
    const predict = await open({
      shape: [1],
      dtype,
      nodes: [{ name: 'y', op: 'Cast', input: ['x'], attr: { SrcT: { type: dtype }, DstT: INT32 } }],
      outputs: { y: 'y:0' },
    });

    expect(await predict(`${value}\n`)).toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe('an imported model is refused at the start', () => {
  it('if its output is text, naming the output', async () => {
    const text: GraphSketch = {
      shape: [1],
      nodes: [{ name: 'y', op: 'StaticRegexReplace', input: ['x'], attr: { pattern: { s: '' }, rewrite: { s: '' } } }],
      outputs: { caption: 'y:0' },
    };

    await expect(open(text)).rejects.toThrow(/E_MODEL|TensorFlow\.js cannot use this model/);
  });

  it('if its output has one entry whatever the number of rows', async () => {
    const constant: GraphSketch = {
      shape: [1],
      nodes: [
        { name: 'y', op: 'Sum', input: ['x', 'axis'], attr: { keep_dims: { b: true }, T: { type: 'DT_FLOAT' } } },
      ],
      constants: { axis: { shape: [1], values: Int32Array.of(0) } },
      outputs: { total: 'y:0' },
    };

    await expect(open(constant)).rejects.toThrow(
      'Output "total" of the model must have one entry for each of 2 rows; received the shape [1 × 1].',
    );
  });
});
