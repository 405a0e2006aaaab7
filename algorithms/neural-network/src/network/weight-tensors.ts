/**
 * Weights on their way between host and device.
 */
import { keep, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { concatenate, download, mean, run, upload } from '../operations/composed/kernels.js';
import type { NetworkDefinition, Weights } from './definition.js';
import type { WeightTensors } from './layers/index.js';
import { weightDefinitions } from './weights.js';

/** Copies weights to the device, kept there until they are disposed. */
export function uploadWeights(definition: NetworkDefinition, weights: Weights): WeightTensors {
  const tensors = { trainable: [] as Tensor[], moving: [] as Tensor[] };
  for (const { name, shape, isTrainable } of weightDefinitions(definition)) {
    const values = weights.get(name);
    if (values === undefined) throw new Error(`The network has no weights "${name}"; it has ${[...weights.keys()]}.`);
    // A copy: some backends hold on to the array they are given.
    (isTrainable ? tensors.trainable : tensors.moving).push(keep(upload(values.slice(), shape)));
  }
  return tensors;
}

/** Copies weights to the host. What is copied is decided when it is called, not when it ends. */
export async function downloadWeights(definition: NetworkDefinition, tensors: WeightTensors): Promise<Weights> {
  let [trainable, moving] = [0, 0];
  const entries = weightDefinitions(definition).map(({ name, isTrainable }) => {
    const tensor = isTrainable ? tensors.trainable[trainable++]! : tensors.moving[moving++]!;
    return { name, values: download(tensor) };
  });
  return new Map(await Promise.all(entries.map(async ({ name, values }) => [name, await values] as const)));
}

/**
 * The weights to predict with: each embedding's last row, which stands for values that training did not see, becomes the
 * mean of the others. What is not the same tensor as before is kept, and the caller's to dispose.
 */
export function withUnknownCategories({ categoricalInputs }: NetworkDefinition, weights: WeightTensors): WeightTensors {
  if (categoricalInputs.length === 0) return weights;
  const trainable = weights.trainable.map((weight, index) =>
    index < categoricalInputs.length && weight.shape[0]! > 1 ? tidy(() => keep(withMeanAsLastRow(weight))) : weight,
  );
  return { trainable, moving: weights.moving };
}

export function disposeWeights({ trainable, moving }: WeightTensors): void {
  for (const tensor of [...trainable, ...moving]) tensor.dispose();
}

// --- internal ---

function withMeanAsLastRow(table: Tensor): Tensor {
  const [entries, dimensions] = [table.shape[0]!, table.shape[1]!];
  const known = run('Slice', { x: table }, { begin: [0, 0], size: [entries - 1, dimensions] });
  const average = run('Reshape', { x: mean(known, [0]) }, { shape: [1, dimensions] });
  return concatenate([known, average], 0);
}
