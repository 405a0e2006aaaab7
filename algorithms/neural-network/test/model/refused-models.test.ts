/** Model directories that cannot be served, and what is said of them. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { adoptModel } from '../../src/model/imported/index.js';
import { graphModel } from './graph-model.js';
import { sketchedGraph } from './graph-nodes.js';
import { directory, type Files, predict } from './model-directory.js';
import { savedModel } from './saved-model.js';

beforeAll(async () => {
  tf.env().set('IS_TEST', true); // no banner
  await tf.setBackend('cpu');
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

  it('with loops whose nodes TensorFlow.js cannot run is refused, with the option that keeps them whole', async () => {
    const files = sketchedGraph({
      shape: [1],
      constants: { flag: { shape: [], values: Int32Array.of(0) } },
      nodes: [
        { name: 'way', op: 'Switch', input: ['x', 'flag'] },
        { name: 'step', op: 'NextIteration', input: ['way:1'] },
        { name: 'y', op: 'Identity', input: ['step'] },
      ],
      outputs: { y: 'y' },
    });

    await expect(predict(files, Float32Array.of(1), 1)).rejects.toThrow(
      /^model\.json: TensorFlow\.js cannot run the loops of this graph\. .* --control_flow_v2=True saved_model converted\.$/,
    );
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
