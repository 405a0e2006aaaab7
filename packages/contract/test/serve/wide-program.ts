/** A program whose rows are wide and whose answers are short, as those of most models: the sum of a row of 28 columns. */
import { defineAlgorithm, run } from '@algo/contract';

await run(
  defineAlgorithm({
    name: 'echo',
    version: '1.0.0',
    description: 'Sums features.',
    contentTypes: { input: ['text/csv'], output: ['text/csv'] },
    outputs: { score: { description: 'The sum.' } },
    values: { range: 'float32' },
    precision: 'float32',
    load: () => undefined,
    predict(_model, { rows, columns, features }) {
      const score = new Float32Array(rows);
      for (let i = 0; i < features.length; i++) score[Math.floor(i / columns)]! += features[i]!;
      return { score };
    },
  }),
);
