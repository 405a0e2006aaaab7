/** The digits of the sample data: jobs on their training rows, right answers on rows that no training saw. */
import { readFileSync } from 'node:fs';
import { openInvocations, runTraining } from '@algo/contract/testing';
import { neuralNetwork } from '../../src/algorithm.js';

const sample = new URL('../../../../sample-data/neural-network/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, sample), 'utf8');
const lines = (text: string) => text.trimEnd().split('\n');
const profile = JSON.parse(read('validation-profile.json')) as {
  trainingJob: { hyperparameters: Readonly<Record<string, string>> };
};

const CLASSES = { objective: 'multiclass', num_classes: '10' };

/** Networks for the digits, by name. */
export const NETWORKS = {
  'the convolution net of the sample job': profile.trainingJob.hyperparameters,
  'a dense net': {
    ...CLASSES,
    input_shape: '8,8,1',
    convolution_filters: 'none',
    hidden_units: '256,128',
    dropout: '0.3',
    epochs: '60',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Accuracy on the inference rows of a network trained with these hyperparameters. */
export async function heldOutAccuracy(hyperparameters: Readonly<Record<string, string>>): Promise<number> {
  const digitOf = new Map(
    lines(read('source/digits.csv')).map((line) => [
      line.slice(line.indexOf(',') + 1),
      line.slice(0, line.indexOf(',')),
    ]),
  );
  const rows = ['input', 'more'].flatMap((name) => lines(read(`inference/batch/${name}.csv`)));
  const trained = await runTraining(neuralNetwork, {
    hyperparameters,
    channels: {
      train: { 'train.csv': read('train/train.csv') },
      validation: { 'validation.csv': read('validation/validation.csv') },
    },
  });
  try {
    if (trained.failure) throw new Error(trained.failure);
    const invoke = await openInvocations(neuralNetwork, trained);
    const { body } = await invoke({
      contentType: 'text/csv',
      accept: 'text/csv;output=predicted_label',
      body: rows.join('\n'),
    });
    return lines(body).filter((digit, row) => digit === digitOf.get(rows[row]!)).length / rows.length;
  } finally {
    trained.root.remove();
  }
}
