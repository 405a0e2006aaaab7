/**
 * What the product accepts and returns. Nothing is trained: the model is made once, by scripts/make-model.ts, and sold as it is.
 * From this come the types of its code, the checks of requests, and the documents for AWS.
 */
import { declareAlgorithm } from '@algo/contract';

export const definition = declareAlgorithm({
  name: 'example-algorithm',
  version: '1.0.0',
  description: 'Predicts the body mass of a penguin from its measurements.',
  contentTypes: {
    input: ['text/csv', 'application/json', 'application/jsonlines'],
    output: ['text/csv', 'application/json', 'application/jsonlines'],
  },
  outputs: { score: { description: 'Body mass in grams.' } },
});
