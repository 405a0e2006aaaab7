import { describe, expect, it } from 'vitest';
import { classify, WordCounts } from '../src/naive-bayes.js';

function trainOn(texts: readonly (readonly [text: string, label: string])[], smoothing = 1) {
  const counts = new WordCounts();
  for (const [text, label] of texts) counts.add({ text, label });
  return counts.finish(smoothing);
}

describe('naive Bayes', () => {
  it('gives the probabilities of the textbook example', () => {
    // Manning, Raghavan, Schütze, example 13.1: P(c | d5) ∝ 3/4 · (3/7)³ · 1/14 · 1/14 and 1/4 · (2/9)³ · 2/9 · 2/9.
    const model = trainOn([
      ['Chinese Beijing Chinese', 'China'],
      ['Chinese Chinese Shanghai', 'China'],
      ['Chinese Macao', 'China'],
      ['Tokyo Japan Chinese', 'other'],
    ]);
    const [yes, no] = [(3 / 4) * (3 / 7) ** 3 * (1 / 14) ** 2, (1 / 4) * (2 / 9) ** 5];

    const { label, probability } = classify(model, 'Chinese Chinese Chinese Tokyo Japan');

    expect(label).toBe('China');
    expect(probability).toBeCloseTo(yes / (yes + no), 12); // sums of logarithms against products
  });

  it('reads words without regard to case, punctuation and composed characters', () => {
    const model = trainOn([
      ['Où est mon café?', 'fr'],
      ['where is my coffee', 'en'],
    ]);

    expect(classify(model, 'CAFE\u0301!').label).toBe('fr');
  });

  it('gives the most frequent label to a text without a known word, even one that objects have as a member', () => {
    const model = trainOn([
      ['a', 'rare'],
      ['b', 'often'],
      ['c', 'often'],
    ]);

    expect(classify(model, 'constructor toString').label).toBe('often');
  });

  it('gives the same model for any order of the texts', () => {
    const texts = [['one two', 'a'] as const, ['two three', 'b'] as const, ['three', 'a'] as const];

    expect(JSON.stringify(trainOn(texts.toReversed()))).toBe(JSON.stringify(trainOn(texts)));
  });
});
