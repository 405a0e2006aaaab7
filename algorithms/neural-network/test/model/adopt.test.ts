/** Imported models: recognized by their files, and served with the predictions of their own runtime. */
import { createRandom } from '@algo/numerics';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { adoptModel, loadImportedModel, modelFile, readImportedModel } from '../../src/model/imported/index.js';
import { writeModelFiles } from '../../src/model/index.js';
import { closeness } from './closeness.js';
import { graphModel } from './graph-model.js';
import { directory, predict } from './model-directory.js';
import { randomNetwork } from './random-network.js';
import { referencePredictions } from './reference.js';
import { savedModel } from './saved-model.js';

beforeAll(async () => {
  tf.env().set('IS_TEST', true); // no banner
  await tf.setBackend('cpu');
});

function randomFeatures(count: number, seed = 1): Float32Array {
  const random = createRandom(seed).uniform;
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

/** Models with layers that our networks do not have, the shape of one row for each input. */
const IMPORTED: Readonly<Record<string, () => { model: layers.LayersModel; shapes: number[][] }>> = {
  'a sequence with an LSTM': () => {
    const model = layers.sequential();
    model.add(layers.layers.lstm({ units: 3, inputShape: [4, 2], recurrentInitializer: 'glorotNormal' }));
    model.add(layers.layers.dense({ units: 2, activation: 'softmax' }));
    return { model, shapes: [[4, 2]] };
  },
  'a separable convolution': () => {
    const input = layers.input({ shape: [6, 6, 2] });
    const features = layers.layers.separableConv2d({ filters: 3, kernelSize: 3 }).apply(input);
    const pooled = layers.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(features);
    return { model: layers.model({ inputs: input, outputs: pooled as layers.SymbolicTensor }), shapes: [[6, 6, 2]] };
  },
  'two inputs and two outputs': () => {
    const left = layers.input({ shape: [3], name: 'left' });
    const right = layers.input({ shape: [2, 2], name: 'right' });
    const flat = layers.layers.flatten().apply(right) as layers.SymbolicTensor;
    const joined = layers.layers.concatenate().apply([left, flat]);
    const first = layers.layers.dense({ units: 2 }).apply(joined) as layers.SymbolicTensor;
    const second = layers.layers.dense({ units: 1, activation: 'sigmoid' }).apply(joined) as layers.SymbolicTensor;
    return { model: layers.model({ inputs: [left, right], outputs: [first, second] }), shapes: [[3], [2, 2]] };
  },
  'a sequence that begins with a model': () => {
    const inner = layers.sequential({ layers: [layers.layers.dense({ units: 4, inputShape: [5] })] });
    const model = layers.sequential();
    model.add(inner);
    model.add(layers.layers.dense({ units: 1 }));
    return { model, shapes: [[5]] };
  },
};

describe('an imported LayersModel', () => {
  it.each(Object.entries(IMPORTED))('%s predicts the same as before', async (_, make) => {
    const { model, shapes } = make();
    const rows = 7;
    const sizes = shapes.map((shape) => shape.reduce((product, side) => product * side, 1));
    const columns = sizes.reduce((sum, size) => sum + size, 0);
    const features = randomFeatures(rows * columns);
    let first = 0;
    const inputs = shapes.map((shape, index) => {
      const from = first;
      first += sizes[index]!;
      const values = Array.from({ length: rows }, (_, row) => [
        ...features.subarray(row * columns + from, row * columns + first),
      ]);
      return tf.tensor(values.flat(), [rows, ...shape]);
    });
    const expected = [model.predict(inputs)].flat().map((output) => [...output.dataSync()]);

    const files = await savedModel(model, 3);
    const adopted = adoptModel(directory(files));
    const actual = await predict(files, features, rows);

    expect(adopted).toMatchObject({ files: ['model.json', ...[...files.keys()].slice(0, 3)], featureCount: columns });
    const names =
      shapes.length > 1 ? ['left_0', 'left_1', 'left_2', 'right_0', 'right_1', 'right_2', 'right_3'] : undefined;
    expect(adopted?.featureNames).toEqual(names);
    expect(actual).toEqual(expected);
  });

  it('has integer inputs only if it starts with an embedding', async () => {
    const model = layers.sequential({
      layers: [layers.layers.embedding({ inputDim: 10, outputDim: 2, inputLength: 3 }), layers.layers.flatten()],
    });
    const expected = [...(model.predict(tf.tensor([[1, 9, 0]])) as tf.Tensor).dataSync()];

    const files = await savedModel(model);

    expect(await predict(files, Float64Array.of(1, 9, 0), 1)).toEqual([expected]);
    await expect(predict(files, Float64Array.of(1, 0.5, 0), 1)).rejects.toThrow(/takes whole numbers .*received 0\.5/);
  });

  it('can have the format that Python writes', async () => {
    const { model } = IMPORTED['two inputs and two outputs']!();
    const files = await savedModel(model);
    const json = JSON.parse(files.get('model.json')!.toString());
    json.modelTopology = { keras_version: '2.15.0', backend: 'tensorflow', model_config: json.modelTopology };
    const features = randomFeatures(7);
    const expected = await predict(files, features, 1);

    files.set('model.json', Buffer.from(JSON.stringify(json)));

    expect(adoptModel(directory(files))).toMatchObject({ featureCount: 7 });
    expect(await predict(files, features, 1)).toEqual(expected);
  });

  it('can be a model trained here, read like any imported one', async () => {
    const network = randomNetwork(
      {
        task: 'multiclass',
        featureCount: 2,
        imageShape: undefined,
        numericColumns: [0],
        categoricalInputs: [{ column: 1, values: [0, 1], dimensions: 2 }],
        layers: [{ kind: 'dense', name: 'dense_1', units: 3, activation: 'gelu' }],
        outputCount: 3,
      },
      1,
    );
    const { 'model.json': json, 'weights.bin': weights } = writeModelFiles(network);
    const files = new Map([
      ['model.json', Buffer.from(json!)],
      ['weights.bin', Buffer.from(weights!)],
    ]);
    const features = Float64Array.of(network.inputScaling.means[0]! + 1, 1);

    const [scores] = await predict(files, features, 1);

    expect(closeness(network, scores!, referencePredictions(network, features, 1))).toBeLessThan(1e-5);
  });

  it('leaks no tensor', async () => {
    const files = await savedModel(IMPORTED['two inputs and two outputs']!().model);
    const { names, read } = directory(files);
    const before = tf.memory().numTensors;

    const model = await loadImportedModel(readImportedModel(modelFile(names, read)!, read));
    const loaded = tf.memory().numTensors;
    for (let call = 0; call < 3; call++) tf.dispose([...(await model.run(randomFeatures(7 * 2), 2))]);

    expect(tf.memory().numTensors).toBe(loaded);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('an imported GraphModel', () => {
  it('with two inputs predicts what its graph computes', async () => {
    const files = graphModel();

    const adopted = adoptModel(directory(files));
    const actual = await predict(files, Float32Array.of(1, 2, 10, 3, 4, 20), 2);

    const featureNames = ['a_0', 'a_1', 'b'];
    expect(adopted).toEqual({ files: ['model.json', 'weights.bin'], featureCount: 3, featureNames });
    expect(actual).toEqual([[1 * 0.5 + 2 * 2 + 10, 3 * 0.5 + 4 * 2 + 20]]);
  });

  it('without a signature uses its placeholders in order', async () => {
    const files = graphModel({ signature: undefined });

    expect(adoptModel(directory(files))).toMatchObject({ featureCount: 3 });
    expect(await predict(files, Float32Array.of(1, 2, 10), 1)).toEqual([[14.5]]);
  });

  it('with a condition inside is executed as one', async () => {
    const files = graphModel({ hasCondition: true });

    expect(await predict(files, Float32Array.of(1, 2, 10, 3, 4, 20), 2)).toEqual([[14.5, 29.5]]);
  });

  it('with a fixed batch size reports it', async () => {
    const { names, read } = directory(graphModel({ rows: 4 }));

    const model = await loadImportedModel(readImportedModel(modelFile(names, read)!, read));

    expect(model.batchSize).toBe(4);
  });
});

describe('a model trained here without its manifest', () => {
  it('is recognized by network.json', () => {
    const definition = {
      task: 'binary',
      featureCount: 2,
      imageShape: undefined,
      numericColumns: [0, 1],
      categoricalInputs: [],
      layers: [],
      outputCount: 1,
    } as const;
    const files = Object.entries(writeModelFiles(randomNetwork(definition, 1)));

    const adopted = adoptModel(directory(new Map(files.map(([name, content]) => [name, Buffer.from(content)]))));

    expect(adopted).toEqual({ files: ['network.json', 'weights.bin'], featureCount: 2 });
  });
});
