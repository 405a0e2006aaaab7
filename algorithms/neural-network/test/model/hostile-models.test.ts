/** Model files that lie: their cost is bounded by their bytes, and they are refused by name. */
import { type ImportedModel, readerOf } from '@algo/contract';
import { describe, expect, it } from 'vitest';
import { adoptModel, loadImportedModel, readImportedModel } from '../../src/model/imported/index.js';
import { useCpu } from '../support/cpu.js';
import { sketchedGraph } from './graph-nodes.js';

useCpu();

const directory = (files: ReadonlyMap<string, Buffer>): ImportedModel => ({
  names: [...files.keys()].sort(),
  folder: '',
  read: readerOf(new Map(files), '').read,
  readStart: (name, bytes) => files.get(name)!.subarray(0, bytes),
});
const adopt = (files: ReadonlyMap<string, Buffer>) => adoptModel(directory(files));
const read = (files: ReadonlyMap<string, Buffer>) => readImportedModel('model.json', directory(files).read);

/** A graph whose weights are these, in a file of these bytes. */
function withWeights(weights: readonly object[], bytes: Buffer, paths: readonly string[] = ['weights.bin']) {
  const files = sketchedGraph({
    shape: [1],
    nodes: [{ name: 'y', op: 'Identity', input: ['x'] }],
    outputs: { y: 'y:0' },
  });
  const json = JSON.parse(files.get('model.json')!.toString());
  json.weightsManifest = [{ paths, weights }];
  return new Map([
    ['model.json', Buffer.from(JSON.stringify(json))],
    ['weights.bin', bytes],
  ]);
}

const textOf = (...texts: readonly string[]) =>
  Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(text));
      return [length, Buffer.from(text)];
    }),
  );

describe('weights in a hostile model', () => {
  it.each<[string, object, number, string]>([
    ['a billion texts', { dtype: 'string', shape: [1e9] }, 8, 'must have 4000000000 bytes'],
    ['more texts than there are', { dtype: 'string', shape: [3] }, 8, 'must have 12 bytes'],
    ['a trillion numbers', { dtype: 'float32', shape: [1e6, 1e6] }, 8, 'must have 4000000000000 bytes'],
    ['more than a double counts', { dtype: 'int32', shape: Array(40).fill(1e9) }, 8, 'must have Infinity bytes'],
    ['fewer than the file has', { dtype: 'bool', shape: [3] }, 8, 'must have 3 bytes'],
    [
      'quantized ones of another size',
      { dtype: 'float32', shape: [3], quantization: { dtype: 'uint8' } },
      8,
      '3 bytes',
    ],
  ])('of %s are refused because of the size of their file', (_, weight, bytes, message) => {
    const files = withWeights([{ name: 'w', ...weight }], Buffer.alloc(bytes));

    expect(() => read(files)).toThrow(message);
  });

  it.each<[string, object, string]>([
    ['a negative side', { dtype: 'float32', shape: [-1, 2] }, 'weightsManifest.0.weights.0.shape.0'],
    ['a fraction', { dtype: 'float32', shape: [1.5] }, 'weightsManifest.0.weights.0.shape.0'],
    ['an unknown type', { dtype: 'float128', shape: [1] }, 'weightsManifest.0.weights.0.dtype'],
  ])('with %s are refused, naming the place', (_, weight, place) => {
    expect(() => adopt(withWeights([{ name: 'w', ...weight }], Buffer.alloc(8)))).toThrow(place);
  });

  it('of type string are checked one by one', () => {
    const files = withWeights([{ name: 'w', dtype: 'string', shape: [2] }], textOf('one', 'three'));

    expect(read(files).weightData.byteLength).toBe(16);
    expect(() => read(files.set('weights.bin', textOf('one', 'three', '')))).toThrow('must have 16 bytes');
  });

  it.each([['../weights.bin'], ['/etc/passwd'], ['a/../../weights.bin'], ['nested/weights.bin'], ['']])(
    'in file "%s" are refused: no file of the model has that name',
    (path) => {
      expect(() => adopt(withWeights([], Buffer.alloc(0), [path]))).toThrow(
        `weight file "${path}" must be in the same folder`,
      );
    },
  );

  it('in a file that is listed twice are refused', () => {
    const files = withWeights([], Buffer.alloc(0), ['weights.bin', './weights.bin']);

    expect(() => adopt(files)).toThrow('must list each weight file once; it lists "weights.bin" again');
  });
});

describe('model.json of a hostile model', () => {
  const nested = (depth: number, open: string, close: string) =>
    new Map([
      [
        'model.json',
        Buffer.from(`{"weightsManifest":[],"modelTopology":${open.repeat(depth)}1${close.repeat(depth)}}`),
      ],
    ]);

  it.each([
    ['lists', 5_000_000, '[', ']'],
    ['objects', 200_000, '{"a":', '}'],
    ['models', 10_000, '{"class_name":"Sequential","config":{"layers":[', ']}}'],
  ])('with nested %s, %i levels deep, is refused', (_, depth, open, close) => {
    expect(() => adopt(nested(depth, open, close))).toThrow(/nested at most 256 levels; it is deeper at byte \d+/);
  });

  it('may have brackets inside strings', () => {
    const files = withWeights([{ name: `"${'['.repeat(1000)}\\`, dtype: 'float32', shape: [1] }], Buffer.alloc(4));

    expect(adopt(files)?.featureCount).toBe(1);
  });

  it.each([
    ['a billion values', [1e9], 'between 1 and 16777216 values; received 1000000000'],
    ['more values than a double counts', Array(40).fill(1e9), 'received Infinity'],
    ['no values', [0], 'received 0'],
  ])('whose input has %s is refused', (_, shape, message) => {
    const files = sketchedGraph({ shape, nodes: [{ name: 'y', op: 'Identity', input: ['x'] }], outputs: { y: 'y:0' } });

    expect(() => adopt(files)).toThrow(message);
  });

  it.each([
    ['refers to itself', [{ name: 'y', op: 'Identity', input: ['y'] }]],
    [
      'goes round',
      [
        { name: 'y', op: 'Identity', input: ['z'] },
        { name: 'z', op: 'Identity', input: ['y'] },
      ],
    ],
    ['refers to nothing', [{ name: 'y', op: 'Identity', input: ['w'] }]],
  ])('whose graph %s is refused', async (_, nodes) => {
    const files = sketchedGraph({ shape: [1], nodes, outputs: { y: 'y:0' } });
    const answer = async () => {
      const model = await loadImportedModel(read(files));
      return model.run(new Float64Array(1), 1);
    };

    await expect(answer()).rejects.toMatchObject({ code: 'E_MODEL' });
  });

  it.each([
    ['more units than its weights', { units: 1e9 }],
    ['no class that there is', { units: 'many' }],
  ])('whose layer has %s is refused', async (_, settings) => {
    const dense = { class_name: 'Dense', config: { name: 'd', batch_input_shape: [null, 2], ...settings } };
    const json = {
      modelTopology: { class_name: 'Sequential', config: { name: 's', layers: [dense] } },
      weightsManifest: [{ paths: ['weights.bin'], weights: [{ name: 'd/kernel', shape: [2, 1], dtype: 'float32' }] }],
    };
    const files = new Map([
      ['model.json', Buffer.from(JSON.stringify(json))],
      ['weights.bin', Buffer.alloc(8)],
    ]);

    await expect(loadImportedModel(read(files))).rejects.toMatchObject({ code: 'E_MODEL' });
  });
});
