/** Imported models: recognized by their files, and served with the predictions of their own runtime. */
import { createRandom } from '@algo/numerics';
import '@tensorflow/tfjs-backend-cpu';
import { type ImportedModel, readerOf } from '@algo/contract';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { adoptModel, loadImportedModel, modelFile, readImportedModel } from '../../src/model/imported/index.js';
import { writeModelFiles } from '../../src/model/index.js';
import { closeness } from './closeness.js';
import { graphModel } from './graph-model.js';
import { randomNetwork } from './random-network.js';
import { referencePredictions } from './reference.js';
import { savedModel } from './saved-model.js';

type Files = Map<string, Buffer>;

beforeAll(async () => {
  tf.env().set('IS_TEST', true); // no banner
  await tf.setBackend('cpu');
});

const directory = (files: Files, folder = ''): ImportedModel => ({
  names: [...files.keys()].filter((name) => !name.includes('/')).sort(),
  folder,
  read: readerOf(files, '').read,
  readStart: (name, bytes) => files.get(name)!.subarray(0, bytes),
});

async function predict(files: Files, features: Float32Array | Float64Array, rows: number): Promise<number[][]> {
  const { names, read } = directory(files);
  const model = await loadImportedModel(readImportedModel(modelFile(names, read)!, read));
  const outputs = await model.run(features, rows);
  const values = outputs.map((output) => [...output.dataSync()]);
  for (const output of outputs) output.dispose();
  model.dispose();
  return values;
}

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

describe('a model directory that cannot be served', () => {
  const dense = () => layers.sequential({ layers: [layers.layers.dense({ units: 1, inputShape: [2] })] });
  const edited = (files: Files, edit: (json: Record<string, never>) => void) => {
    const json = JSON.parse(files.get('model.json')!.toString());
    edit(json);
    return files.set('model.json', Buffer.from(JSON.stringify(json)));
  };
  const weightsOf = (files: Files) => [...files.keys()].find((name) => name.endsWith('.bin'))!;

  it('is not adopted if nothing in it looks like a model', () => {
    expect(adoptModel(directory(new Map([['README.md', Buffer.from('hello')]])))).toBeUndefined();
  });

  const toTensorflowJs = 'tensorflowjs_converter --input_format=tf_saved_model saved_model converted';

  it.each([
    [
      'saved_model.pb',
      'x',
      'a SavedModel. Convert it: tensorflowjs_converter --input_format=tf_saved_model . converted',
    ],
    [
      'net.h5',
      '{"batch_input_shape": [null, 4]}',
      'a Keras file. Convert it: tensorflowjs_converter --input_format=keras net.h5 converted',
    ],
    [
      'net.hdf5',
      '{"batch_shape": [null, 4]}',
      `python -c "import keras; keras.saving.load_model('net.hdf5').export('saved_model')" && ${toTensorflowJs}`,
    ],
    [
      'net.keras',
      '{"keras_version": "3.15.1"}',
      `python -c "import keras; keras.saving.load_model('net.keras').export('saved_model')" && ${toTensorflowJs}`,
    ],
    [
      'net.keras',
      '{"keras_version": "2.15.0"}',
      `python -c "import tf_keras; tf_keras.models.load_model('net.keras').export('saved_model')" && ${toTensorflowJs}`,
    ],
    ['net.weights.h5', 'x', 'the weights of a Keras model without its layers'],
    ['net.onnx', 'x', `an ONNX model. Convert it: onnx2tf -i net.onnx -o saved_model && ${toTensorflowJs}`],
    ['net.tflite', 'x', 'a TensorFlow Lite model'],
    ['net.pth', 'x', 'a PyTorch file. Export it with torch.onnx.export'],
    ['frozen_inference_graph.pb', 'x', 'a frozen TensorFlow graph'],
    ['model.ckpt-10.index', 'x', "TensorFlow's variables without their graph"],
  ])('with a %s of %s is refused, with instructions to convert it', (name, content, message) => {
    expect(() => adoptModel(directory(new Map([[name, Buffer.from(content)]])))).toThrow(message);
  });

  it('with a SavedModel in a subfolder is refused, with commands that name the folder', () => {
    const files = new Map([['saved_model.pb', Buffer.from('x')]]);

    expect(() => adoptModel(directory(files, '1/'))).toThrow('--input_format=tf_saved_model 1 converted');
  });

  it.each([
    ['weights', Buffer.from('894844460d0a1a0a', 'hex'), 'received a Keras file'],
    [
      'network.bin',
      Buffer.from('\x08\x07\x12\x07pytorch'),
      'received an ONNX model. Convert it: onnx2tf -i network.bin',
    ],
    ['net', Buffer.from('\x1c\0\0\0TFL3'), 'received a TensorFlow Lite model'],
    ['weights.bin', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'received a Git LFS pointer'],
    [
      'xgboost-model.json',
      Buffer.from('{"learner":{"attributes":{}}}'),
      'an XGBoost model. The algorithm gradient-boosting',
    ],
    ['model.json', Buffer.from('{"learner": {"attributes":{}}}'), 'model.json must be a TensorFlow.js model'],
    ['xgboost-model', Buffer.from('{L\0\0\0\0\0\0\0\x07learner{L'), 'received an XGBoost model'],
    ['model.json', Buffer.from('{"class_name": "Sequential", "config": {}}'), 'a Keras model (to_json) without their'],
    ['model.safetensors', Buffer.from('{"a":{}}'), 'received weights (safetensors) without their layers'],
  ])('with a %s, recognized by its first bytes, is refused', (name, content, message) => {
    expect(() => adoptModel(directory(new Map([[name, content]])))).toThrow(message);
  });

  it.each<[string, (files: Files) => void, string | RegExp]>([
    ['with model.json cut off', (files) => files.set('model.json', Buffer.from('{"modelTopology')), 'not valid JSON'],
    [
      'with another model.json',
      (files) => files.set('model.json', Buffer.from('{"a":1}')),
      /model\.json: .*modelTopology/s,
    ],
    [
      'without a list of weights',
      (files) => edited(files, (json) => Reflect.deleteProperty(json, 'weightsManifest')),
      /weightsManifest/,
    ],
    [
      'without its weight file',
      (files) => files.delete(weightsOf(files)),
      'model.json: weight file "group1-shard1of1.bin" must be in the same folder; found model.json.',
    ],
    [
      'with an open shape',
      (files) =>
        edited(files, ({ modelTopology }) =>
          Object.assign(firstLayer(modelTopology!), { batch_input_shape: [null, null] }),
        ),
      /input "dense.*" must have a fixed shape apart from the rows, .*received \[\? × \?\]\./,
    ],
    [
      'without a shape',
      (files) =>
        edited(files, ({ modelTopology }) => Reflect.deleteProperty(firstLayer(modelTopology!), 'batch_input_shape')),
      /the first layer, "dense.*", must have a batch_input_shape, but has none/,
    ],
  ])('is refused: %s', async (_, damage, message) => {
    const files = await savedModel(dense());
    damage(files);

    expect(() => adoptModel(directory(files))).toThrow(message);
  });

  it('with two models is refused, naming both', async () => {
    const files = await savedModel(dense());
    const json = files.get('model.json')!;
    files.delete('model.json');
    files.set('a.json', json).set('b.json', json);

    expect(() => adoptModel(directory(files))).toThrow(
      'received a.json, b.json. Rename the one to serve to model.json.',
    );
  });

  it.each([
    ['text', { dtype: 'DT_STRING' }, 'input "b" must hold numbers (float32, int32 or bool); received string.'],
    ['an unknown rank', { shape: 'unknown' }, 'input "b" must have a known shape'],
    [
      'another number of rows than the others',
      { otherRows: 3 },
      'must have the same batch size; received "a" any, "b" 3',
    ],
  ] as const)('with an input of %s is refused', (_, options, message) => {
    expect(() => adoptModel(directory(graphModel(options)))).toThrow(message);
  });

  it.each<[string, (files: Files) => void, string | RegExp]>([
    [
      'with a weight file cut off',
      (files) => files.set(weightsOf(files), files.get(weightsOf(files))!.subarray(4)),
      'group1-shard1of1.bin must have 12 bytes for the weights that model.json lists; received 8.',
    ],
    [
      'with an unknown layer',
      (files) =>
        edited(files, ({ modelTopology }) => Object.assign(layersOf(modelTopology!)[0]!, { class_name: 'Capsule' })),
      /model\.json: TensorFlow\.js cannot use this model: Unknown layer: Capsule/,
    ],
    [
      'of Keras 3 that TensorFlow.js cannot read, with what to do',
      (files) =>
        edited(files, (json) => {
          const topology: object = json.modelTopology!;
          Object.assign(topology, { keras_version: '3.5.0' });
          Object.assign(firstLayer(topology), { activation: 'swoosh' });
        }),
      /Keras 3.*export a SavedModel/,
    ],
  ])('is refused for its graph: %s', async (_, damage, message) => {
    const files = await savedModel(dense());
    damage(files);

    await expect(predict(files, Float32Array.of(1, 2), 1)).rejects.toThrow(message);
  });

  it('with an operation that TensorFlow.js does not have is refused', async () => {
    await expect(predict(graphModel({ operator: 'Warp' }), Float32Array.of(1, 2, 3), 1)).rejects.toThrow(/Warp/);
  });

  it('refuses fractions for an integer input', async () => {
    const files = graphModel({ dtype: 'DT_INT32', otherRows: undefined });

    await expect(predict(files, Float32Array.of(1, 2, 0.5), 1)).rejects.toThrow(
      'Input "b" of the model takes whole numbers from -2147483648 to 2147483647; received 0.5.',
    );
  });

  function layersOf(topology: object): readonly object[] {
    return Reflect.get(Reflect.get(topology, 'config'), 'layers');
  }

  /** Its settings. */
  function firstLayer(topology: object): object {
    return Reflect.get(layersOf(topology)[0]!, 'config');
  }
});
