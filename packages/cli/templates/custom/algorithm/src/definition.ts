/**
 * What the algorithm accepts and returns. From this come the types of its code, the checks of hyperparameters, channels and
 * requests, and the documents for AWS. Texts come as plain text or in JSON, and answers are JSON: own payloads, by media type.
 */
import { declareAlgorithm } from '@algo/contract';
import { z } from 'zod';

/** Longer texts are refused: a request is about one message. */
const MAX_CHARACTERS = 20_000;

const text = z.string().min(1).max(MAX_CHARACTERS).meta({ description: 'The text to classify.' });

export const definition = declareAlgorithm({
  name: 'example-algorithm',
  version: '1.0.0',
  description: 'Classifies texts by their words (multinomial naive Bayes).',
  hyperparameters: z.object({
    smoothing: z.number().min(0.001).max(100).default(1).meta({
      description: 'Count that is added to every word in every class (Laplace smoothing).',
      tunable: true,
    }),
  }),
  channels: {
    train: {
      description: 'Texts to learn from: JSON Lines, {"text":"…","label":"…"} per line.',
      required: true,
      content: 'files',
      contentTypes: ['application/jsonlines'],
      inputModes: ['File'],
    },
    validation: {
      description: 'Texts of the same form, to measure the model on.',
      content: 'files',
      contentTypes: ['application/jsonlines'],
      inputModes: ['File'],
    },
  },
  metrics: {
    'train:accuracy': { goal: 'maximize', description: 'Share of the training texts whose label is found.' },
    'validation:accuracy': { goal: 'maximize', description: 'Share of the validation texts whose label is found.' },
  },
  inputs: {
    'application/json': { description: 'One text.', schema: z.object({ text }) },
    'text/plain': {
      description: `One text in UTF-8, at most ${MAX_CHARACTERS} characters.`,
      decode: (bytes) => ({ text: text.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }),
    },
  },
  answers: {
    'application/json': {
      description: 'The label of the text.',
      schema: z.object({
        label: z.string().meta({ description: 'The most probable label.' }),
        probability: z.number().min(0).max(1).meta({ description: 'Its probability under the model.' }),
      }),
    },
  },
});
