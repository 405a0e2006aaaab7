/** A network back from its files: exact, or refused with the place. */
import { readerOf } from '@algo/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NETWORK_FILE, readTrainedNetwork, WEIGHTS_FILE, writeModelFiles } from '../../src/model/index.js';
import type { NetworkDefinition, TrainedNetwork } from '../../src/network/definition.js';
import { anyNetwork, randomNetwork } from './random-network.js';

type Files = Map<string, Buffer>;

function filesOf(network: TrainedNetwork): Files {
  return new Map(Object.entries(writeModelFiles(network)).map(([name, content]) => [name, Buffer.from(content)]));
}

const read = (files: Files) => readTrainedNetwork(readerOf(files, 'model/'));

const image: NetworkDefinition = {
  task: 'multiclass',
  featureCount: 64,
  imageShape: [8, 8, 1],
  numericColumns: Array.from({ length: 64 }, (_, column) => column),
  categoricalInputs: [],
  layers: [
    { kind: 'convolution', name: 'convolution_1', filters: 2, kernelSize: 3, activation: 'relu' },
    { kind: 'maxPooling', name: 'pooling_1', size: 2 },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'dense_1', units: 4, activation: 'relu' },
  ],
  outputCount: 3,
};
const table: NetworkDefinition = {
  task: 'regression',
  featureCount: 3,
  imageShape: undefined,
  numericColumns: [0, 2],
  categoricalInputs: [{ column: 1, values: [1, 5], dimensions: 2 }],
  layers: [{ kind: 'dense', name: 'dense_1', units: 4, activation: 'relu' }],
  outputCount: 2,
};

describe('a saved network', () => {
  it('is read back bit for bit, and equal networks have equal bytes', () => {
    fc.assert(
      fc.property(anyNetwork, ({ network }) => {
        const files = filesOf(network);

        expect(read(files)).toEqual(network);
        const again = filesOf(read(files));
        for (const [name, content] of files) expect(again.get(name)!.equals(content), name).toBe(true);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('is refused if one of its files is missing, naming those it has', () => {
    const files = filesOf(randomNetwork(table, 1));
    files.delete(WEIGHTS_FILE);

    expect(() => read(files)).toThrow('model/weights.bin must be there; found model.json, network.json, model.onnx.');
  });

  it('is refused if its weights are truncated, with the expected number of bytes', () => {
    const files = filesOf(randomNetwork(table, 1));
    const weights = files.get(WEIGHTS_FILE)!;
    files.set(WEIGHTS_FILE, weights.subarray(0, -4));

    expect(() => read(files)).toThrow(
      `weights.bin must have ${weights.length} bytes for the network of network.json; received ${weights.length - 4}.`,
    );
  });

  it('is refused if a weight is NaN or infinite, naming it', () => {
    const network = randomNetwork(table, 1);
    network.weights.get('dense_1/bias')![2] = Number.NaN;

    expect(() => read(filesOf(network))).toThrow(
      'weights.bin, weight "dense_1/bias"[2] must be a finite number; received NaN. The file is damaged.',
    );
  });
});

describe('network.json', () => {
  /** The file of `definition` with parts replaced, by path. */
  function changed(definition: NetworkDefinition, changes: Readonly<Record<string, unknown>>): Files {
    const files = filesOf(randomNetwork(definition, 1));
    const file: object = JSON.parse(Buffer.from(files.get(NETWORK_FILE)!).toString());
    for (const [path, value] of Object.entries(changes)) {
      const keys = path.split('.');
      const last = keys.pop()!;
      Reflect.set(
        keys.reduce<object>((holder, key) => Reflect.get(holder, key), file),
        last,
        value,
      );
    }
    return files.set(NETWORK_FILE, Buffer.from(JSON.stringify(file)));
  }

  it.each<[string, NetworkDefinition, Record<string, unknown>, RegExp]>([
    ['of a newer format', table, { formatVersion: 2 }, /formatVersion/],
    ['with an unknown task', table, { 'definition.task': 'ranking' }, /definition\.task/],
    ['with an unknown kind of layer', table, { 'definition.layers.0.kind': 'lstm' }, /definition\.layers\[0\]/],
    ['with an unknown activation', table, { 'definition.layers.0.activation': 'mish' }, /layers\[0\]\.activation/],
    ['with a layer of no units', table, { 'definition.layers.0.units': 0 }, /layers\[0\]\.units/],
    [
      'with a column that nothing takes',
      table,
      { 'definition.numericColumns': [0] },
      /must name each of the 3 columns once/,
    ],
    ['with columns out of order', table, { 'definition.numericColumns': [2, 0] }, /numericColumns must ascend/],
    [
      'with categories out of order',
      table,
      { 'definition.categoricalInputs.0.values': [5, 1] },
      /values of categorical column 1 must ascend/,
    ],
    ['with two outputs for two classes', table, { 'definition.task': 'binary' }, /outputCount of binary must be 1/],
    ['with a layer named as the head', table, { 'definition.layers.0.name': 'output' }, /"output" occurs twice/],
    ['with a deviation of 0', table, { 'inputScaling.deviations.1': 0 }, /inputScaling\.deviations\[1\]/],
    [
      'with fewer means than columns',
      table,
      { 'inputScaling.means': [1] },
      /there must be as many means as deviations/,
    ],
    [
      'with a scaling for other columns',
      table,
      { inputScaling: { means: [1], deviations: [1] } },
      /inputScaling: |must have 2 means; received 1/,
    ],
    ['without the scaling of its labels', table, { outputScaling: undefined }, /must have 2 means; received 0/],
    ['with an image of another size', image, { 'definition.imageShape': [8, 7, 1] }, /must have 64 values in all/],
    [
      'with a dense layer on an image',
      image,
      { 'definition.layers.2.kind': 'dropout', 'definition.layers.2.rate': 0 },
      /layer "dense_1" must be after a flatten layer/,
    ],
    [
      'with an image up to the head',
      { ...image, layers: image.layers.slice(0, 3) },
      { 'definition.layers.2.kind': 'dropout', 'definition.layers.2.rate': 0 },
      /the layers of an image must include one/,
    ],
    [
      'with an even kernel',
      image,
      { 'definition.layers.0.kernelSize': 4 },
      /"convolution_1" must have an odd kernelSize; received 4/,
    ],
    [
      'with a window larger than the image',
      image,
      { 'definition.layers.1.size': 9 },
      /"pooling_1" must not be larger than its 8 × 8 image/,
    ],
  ])('is refused: %s', (_, definition, changes, message) => {
    expect(() => read(changed(definition, changes))).toThrow(message);
    expect(() => read(changed(definition, changes))).toThrow(/^model\/network\.json: /);
  });

  it('is refused if it is not JSON', () => {
    const files = filesOf(randomNetwork(table, 1)).set(NETWORK_FILE, Buffer.from('{"definition":'));

    expect(() => read(files)).toThrow('model/network.json: not valid JSON.');
  });
});
