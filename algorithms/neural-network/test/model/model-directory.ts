/** Files as the directory of a model. */
import '@tensorflow/tfjs-backend-cpu';
import { type ImportedModel, readerOf } from '@algo/contract';
import { loadImportedModel, modelFile, readImportedModel } from '../../src/model/imported/index.js';

export type Files = Map<string, Buffer>;

export const directory = (files: Files, folder = ''): ImportedModel => ({
  names: [...files.keys()].filter((name) => !name.includes('/')).sort(),
  folder,
  read: readerOf(files, '').read,
  readStart: (name, bytes) => files.get(name)!.subarray(0, bytes),
});

export async function predict(files: Files, features: Float32Array | Float64Array, rows: number): Promise<number[][]> {
  const { names, read } = directory(files);
  const model = await loadImportedModel(readImportedModel(modelFile(names, read)!, read));
  const outputs = await model.run(features, rows);
  const values = outputs.map((output) => [...output.dataSync()]);
  for (const output of outputs) output.dispose();
  model.dispose();
  return values;
}
