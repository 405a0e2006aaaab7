/** What is found out about an imported model when it is loaded: where it runs, its shapes, its memory, its NaN. */
import { afterEach, describe, expect, it } from 'vitest';
import { startBackend } from '../../src/backends/choose.js';
import { loadImported, type ServedImportedModel } from '../../src/inference/imported.js';
import { suitableRows } from '../../src/inference/imported-trial.js';
import { type GraphSketch, sketchedGraph } from '../model/graph-nodes.js';
import { artifactOf } from '../support/artifact.js';

let served: ServedImportedModel | undefined;
afterEach(() => {
  served?.backend.close();
  served = undefined;
});

/** Loads the model; what the log said. @param best the backend that auto takes */
async function load(sketch: GraphSketch, { wanted = 'auto', best = 'wasm' as 'wasm' | 'cpu' } = {}) {
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), error: (line: string) => void lines.push(line) };
  const start = (name: string) => startBackend(name === 'auto' ? best : (name as 'wasm'), { threads: 1, log });
  const options = { backend: wanted as 'auto', threads: 1, maxBatchRows: undefined, maxBatchDelayMs: 0, processes: 1 };
  served = await loadImported(artifactOf(sketchedGraph(sketch)), options, { start, log });
  return { ...served, lines };
}

const FLOAT = { type: 'DT_FLOAT' };

/** relu(x · weights + bias) with a bias of one row, as graphs of LSTM have it; wasm only takes one without rows. */
const fusedWithMatrixBias: GraphSketch = {
  shape: [2],
  nodes: [
    {
      name: 'y',
      op: '_FusedMatMul',
      input: ['x', 'weights', 'bias'],
      attr: { fused_ops: { list: { s: [btoa('BiasAdd')] } }, num_args: { i: '1' }, T: FLOAT },
    },
  ],
  constants: {
    weights: { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
    bias: { shape: [1, 2], values: Float32Array.of(10, 20) },
  },
  outputs: { y: 'y:0' },
};

describe('an imported model that wasm cannot run', () => {
  it('for whatever reason is served on cpu, and the log says why', async () => {
    const { backend, scorer, lines } = await load(fusedWithMatrixBias);

    const { values } = await scorer.score({ features: Float64Array.of(1, 2), rows: 1 });

    expect(backend.name).toBe('cpu');
    expect(values).toEqual(Float32Array.of(17, 30));
    expect(lines).toContain(
      'backend cpu instead of wasm, which cannot run the model (_FusedMatMul only supports rank-1 bias but got rank 2.)',
    );
  });

  it('is refused if wasm was requested, with the setting to remove', async () => {
    await expect(load(fusedWithMatrixBias, { wanted: 'wasm' })).rejects.toThrow(
      /rank-1 bias but got rank 2\. .*set by ALGO_BACKEND: without it, the model would fall back/,
    );
  });

  it('correctly, because a kernel reads integers as floats, is served on cpu, and the log says so', async () => {
    const { backend, scorer, lines } = await load({
      shape: [1],
      dtype: 'DT_INT32',
      nodes: [
        { name: 'class', op: 'Reshape', input: ['x', 'flat'], attr: {} },
        { name: 'hot', op: 'OneHot', input: ['class', 'depth', 'on', 'off'], attr: { axis: { i: '-1' }, T: FLOAT } },
        { name: 'y', op: 'MatMul', input: ['hot', 'weights'], attr: { T: FLOAT } },
      ],
      constants: {
        flat: { shape: [1], values: Int32Array.of(-1) },
        depth: { shape: [], values: Int32Array.of(3) },
        on: { shape: [], values: Float32Array.of(1) },
        off: { shape: [], values: Float32Array.of(0) },
        weights: { shape: [3, 1], values: Float32Array.of(0.5, 1.5, 2.5) },
      },
      outputs: { y: 'y:0' },
    });

    const { values } = await scorer.score({ features: Float64Array.of(2, 0), rows: 2 });

    expect(backend.name).toBe('cpu');
    expect(values).toEqual(Float32Array.of(2.5, 0.5));
    expect(lines.join('\n')).toMatch(
      /backend wasm computes wrong results for this model: for one row it predicts .* as output "y" and cpu predicts/,
    );
  });

  it('and cpu cannot run either is refused with the reason of cpu', async () => {
    const unknown = { ...fusedWithMatrixBias, nodes: [{ name: 'y', op: 'Warp', input: ['x'] }] };

    await expect(load(unknown)).rejects.toThrow(/TensorFlow\.js cannot use this model: .*Warp/);
  });
});

describe('the log of an imported model', () => {
  it('has its inputs and outputs with their types, shapes and columns', async () => {
    const { lines } = await load({
      shape: [2, 3],
      nodes: [
        { name: 'sum', op: 'Sum', input: ['x', 'axis'], attr: { T: FLOAT } },
        { name: 'same', op: 'Identity', input: ['x'], attr: { T: FLOAT } },
      ],
      constants: { axis: { shape: [1], values: Int32Array.of(1) } },
      outputs: { sum: 'sum:0', same: 'same:0' },
    });

    expect(lines).toContain('inputs: "x" float32 [rows × 2 × 3] from columns 0 to 5');
    expect(lines).toContain(
      'outputs: "sum" float32 [rows × 3], "same" float32 [rows × 2 × 3]; at most 256 rows per batch',
    );
  });

  it('has a warning about outputs that are NaN for a row of zeros', async () => {
    const { lines } = await load({
      shape: [1],
      nodes: [
        { name: 'ratio', op: 'RealDiv', input: ['x', 'x'], attr: { T: FLOAT } },
        { name: 'same', op: 'Identity', input: ['x'], attr: { T: FLOAT } },
      ],
      outputs: { same: 'same:0', ratio: 'ratio:0' },
    });

    expect(lines.filter((line) => line.startsWith('warning'))).toEqual([
      'warning: for a row of zeros the model\'s output "ratio" is NaN: null in JSON responses, NaN in CSV',
    ]);
  });

  it('mentions a batch-dependent normalization, which is computed as in TensorFlow', async () => {
    const { scorer, lines } = await load({
      shape: [1, 2, 2],
      nodes: [
        {
          name: 'y',
          op: 'FusedBatchNormV3',
          input: ['x', 'scale', 'offset', 'none', 'none'],
          attr: { is_training: { b: true }, epsilon: { f: 0.001 }, T: FLOAT, data_format: { s: btoa('NCHW') } },
        },
      ],
      constants: {
        scale: { shape: [1], values: Float32Array.of(2) },
        offset: { shape: [1], values: Float32Array.of(10) },
        none: { shape: [0], values: new Float32Array() },
      },
      outputs: { y: 'y:0' },
    });

    const { values } = await scorer.score({ features: Float64Array.of(1, 2, 3, 4), rows: 1 });

    expect(lines.join()).toMatch(
      /has FusedBatchNormV3 with is_training, which is how tf_keras exports LayerNormalization/,
    );
    const expected = [1, 2, 3, 4].map((value) => (2 * (value - 2.5)) / Math.sqrt(1.25 + 0.001) + 10);
    expect([...values]).toEqual(expected.map((value) => expect.closeTo(value, 5))); // float32
  });
});

describe('the maximum batch size of an imported model', () => {
  const MIB = 2 ** 20;

  it.each([
    [1000, 1, 1024 * MIB, 256],
    [16 * MIB, 1, 1024 * MIB, 8],
    [16 * MIB, 2, 1024 * MIB, 4],
    [16 * MIB, 1, 64 * 1024 * MIB, 16],
    [1024 * MIB, 1, 1024 * MIB, 1],
  ])('for %i bytes per row, %i processes and %i bytes is %i', (rowBytes, processes, limit, rows) => {
    expect(suitableRows(rowBytes, { isGpu: false }, processes, limit)).toBe(rows);
  });

  it('is small if a row needs much memory inside the model, with the same predictions', async () => {
    const width = 2 ** 20;
    const { scorer } = await load({
      shape: [1],
      nodes: [
        { name: 'wide', op: 'MatMul', input: ['x', 'weights'], attr: { T: FLOAT } },
        { name: 'y', op: 'Max', input: ['wide', 'axis'], attr: { T: FLOAT } },
      ],
      constants: {
        weights: { shape: [1, width], values: new Float32Array(width).fill(0.5) },
        axis: { shape: [1], values: Int32Array.of(1) },
      },
      outputs: { y: 'y:0' },
    });

    expect(scorer.maxRows).toBeLessThanOrEqual(64); // 4 MiB per row, of at most 256 MiB
    const { values } = await scorer.score({ features: Float64Array.of(2, 4), rows: 2 });
    expect(values).toEqual(Float32Array.of(1, 2));
  });
});
