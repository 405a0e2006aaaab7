/** Layers of Keras that TensorFlow.js builds, and computes in another way. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { type Files, predict } from './model-directory.js';
import { savedModel } from './saved-model.js';

const L = layers.layers;

beforeAll(async () => {
  tf.env().set('IS_TEST', true); // no banner
  await tf.setBackend('cpu');
});

/** As Keras saves it, with these members of the layer's configuration. */
function ofKeras(files: Files, name: string, config: object = {}): Files {
  const text = files.get('model.json')!.toString();
  const json = JSON.parse(text, (_, value) => {
    if (value?.class_name && value.config?.name === name) Object.assign(value.config, config);
    return value;
  });
  json.modelTopology.keras_version = '2.21.0';
  return files.set('model.json', Buffer.from(JSON.stringify(json)));
}

const image = { inputShape: [4, 5, 3], name: 'odd' };
const steps = { inputShape: [4, 5], name: 'odd' };
const convolution = { ...image, filters: 2, kernelSize: 2 };
const volume = { ...image, inputShape: [3, 3, 2, 1], filters: 2, kernelSize: 2 };

/** Some numbers of a row, all different; the ones of an Embedding are small integers. */
const row = (count: number) => Float32Array.from({ length: count }, (_, i) => (i % 3) / 2);

/** Layers within a model, whose outputs are a list of numbers. */
async function modelOf(...inner: layers.layers.Layer[]): Promise<Files> {
  const model = layers.sequential({ layers: inner });
  const isList = (model.outputShape as number[]).length === 2;
  return savedModel(layers.sequential({ layers: isList ? [model] : [model, L.flatten()] }));
}

it.each<[string, () => layers.layers.Layer, object?]>([
  ['normalizes axis 1, not the last one, 3', () => L.batchNormalization({ ...image, axis: 1 })],
  ['has interpolation bilinear', () => L.upSampling2d({ ...image, interpolation: 'bilinear' })],
  ['has dilation_rate 2,2', () => L.depthwiseConv2d({ ...image, kernelSize: 2, dilationRate: 2 })],
  ['has dilation_rate 2,2', () => L.conv2dTranspose(convolution), { dilation_rate: [2, 2] }],
  ['has output_padding 1,1', () => L.conv2dTranspose({ ...convolution, strides: 2 }), { output_padding: [1, 1] }],
  ['has output_padding 1,1,1', () => L.conv3dTranspose({ ...volume, strides: 2 }), { output_padding: [1, 1, 1] }],
  ['has negative_slope 0.1', () => L.reLU(steps), { negative_slope: 0.1 }],
  ['has threshold 1', () => L.reLU(steps), { threshold: 1 }],
  ['has negative_slope 0.2', () => L.leakyReLU(steps), { alpha: undefined, negative_slope: 0.2 }],
  ['has rms_scaling', () => L.layerNormalization(steps), { rms_scaling: true }],
])('a layer that %s is refused', async (what, make, config) => {
  const layer = make();
  const files = await modelOf(layer);
  const values = row((layer.batchInputShape.slice(1) as number[]).reduce((product, size) => product * size, 1));

  await expect(predict(files, values, 1)).resolves.toBeDefined(); // TensorFlow.js's own
  ofKeras(files, 'odd', config);
  await expect(predict(files, values, 1)).rejects.toThrow(
    new RegExp(`^model\\.json: TensorFlow\\.js cannot use this model: \\w+ "odd" ${what}, .*It may run as a graph`),
  );
});

const embedding = (maskZero: boolean) => L.embedding({ inputDim: 5, outputDim: 2, inputLength: 6, maskZero });
const mean = () => L.globalAveragePooling1d({ name: 'odd' });

it.each<[string, () => layers.layers.Layer[], number]>([
  ['an embedding', () => [embedding(true), mean()], 6],
  ['a layer that keeps it', () => [embedding(true), L.dense({ units: 2 }), L.dropout({ rate: 0.5 }), mean()], 6],
  ['a Masking', () => [L.masking({ inputShape: [4, 5] }), mean()], 20],
])('a mean over steps with a mask from %s is refused', async (_, make, count) => {
  const files = ofKeras(await modelOf(...make()), '');

  await expect(predict(files, new Float32Array(count), 1)).rejects.toThrow(
    /GlobalAveragePooling1D "odd" has an input with a mask, which TensorFlow\.js computes wrongly/,
  );
});

it.each<[string, () => layers.layers.Layer[], number]>([
  ['normalization of the last axis', () => [L.batchNormalization({ ...image, axis: 3 })], 60],
  ['nearest neighbours', () => [L.upSampling2d(image)], 60],
  ['transposed convolution', () => [L.conv2dTranspose(convolution)], 60],
  ['ReLU with a limit', () => [L.reLU({ ...steps, maxValue: 6 })], 20],
  ['leaky ReLU', () => [L.leakyReLU({ ...steps, alpha: 0.1 })], 20],
  ['a mean without a mask', () => [embedding(false), mean()], 6],
  ['a mean after a layer that ends masks', () => [embedding(true), L.conv1d({ filters: 2, kernelSize: 2 }), mean()], 6],
])('%s is served', async (_, make, count) => {
  const files = ofKeras(await modelOf(...make()), 'odd', { negative_slope: undefined });

  await expect(predict(files, new Float32Array(count), 1)).resolves.toBeDefined();
});
