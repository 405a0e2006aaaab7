/** The keys of an answer, as the service's own containers have them. */
import { describe, expect, it } from 'vitest';
import { foreignOutputs, outputColumns, outputsOf, parseOutputs } from '../../src/inference/outputs.js';

describe('outputs', () => {
  it('of two classes come from the probability of class 1', () => {
    const scores = { values: Float32Array.of(0.25, 0.5, 0.75), width: 1 };

    const columns = outputColumns(outputsOf('binary').names, outputsOf('binary'), scores);

    expect(columns).toEqual({
      score: scores,
      predicted_label: Int32Array.of(0, 0, 1),
      labels: { values: Int32Array.of(0, 1, 0, 1, 0, 1), width: 2 },
      probability: scores,
      probabilities: { values: Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75), width: 2 },
    });
  });

  it('of several classes name the likeliest, of equals the first', () => {
    const scores = { values: Float32Array.of(0.25, 0.5, 0.25, 0.375, 0.25, 0.375), width: 3 };

    const columns = outputColumns(outputsOf('multiclass').names, outputsOf('multiclass'), scores);

    expect(columns).toEqual({
      score: scores,
      predicted_label: Int32Array.of(1, 0),
      labels: { values: Int32Array.of(0, 1, 2, 0, 1, 2), width: 3 },
      probability: { values: Float32Array.of(0.5, 0.375), width: 1 },
      probabilities: scores,
    });
  });

  it('of a regression and of an unknown model are numbers', () => {
    const scores = { values: Float64Array.of(1, 2), width: 2 };

    expect(outputColumns(['score', 'predicted_score'], outputsOf('regression'), scores)).toEqual({
      score: scores,
      predicted_score: scores,
    });
    expect(outputColumns(['score'], foreignOutputs(['dense']), scores)).toEqual({ score: scores });
  });

  it('of a model with several are its own, in the order that is asked for', () => {
    const others = [{ values: Int32Array.of(7), width: 1 }];
    const scores = { values: Float32Array.of(1, 2), width: 2, others };
    const outputs = foreignOutputs(['box', 'class']);

    expect(outputs.defaults).toEqual(['box', 'class']);
    expect(outputColumns(['class', 'box'], outputs, scores)).toEqual({ box: scores, class: others[0] });
  });

  it.each([
    ['predicted_label, probability', 'binary', ['predicted_label', 'probability']],
    ['score,score', 'regression', ['score']],
    ['probability', 'regression', 'must be among score, predicted_score for task "regression"; received "probability"'],
    ['predicted_score', 'binary', /received "predicted_score"/],
    ['', 'multiclass', /received ""/],
    ['probabilities', 'unknown', 'must be among score for a model of another program; received "probabilities"'],
  ] as const)('named "%s" for %s are read, or refused with those that fit', (text, task, result) => {
    const parsed = parseOutputs(text, task === 'unknown' ? foreignOutputs(['dense']) : outputsOf(task));

    if (result instanceof RegExp) expect(parsed).toMatch(result);
    else expect(parsed).toEqual(result);
  });
});
