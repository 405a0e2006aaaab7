/** The keys of an answer, as the service's own containers have them. */
import { describe, expect, it } from 'vitest';
import { importedOutputs, outputColumns, outputsOf, subjectOf } from '../../src/inference/outputs.js';

describe('the outputs of a network', () => {
  it('for two classes are computed from the probability of class 1', () => {
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

  it('for several classes name the most likely class, or the first of equals', () => {
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

  it('for a regression and an imported model are numbers', () => {
    const scores = { values: Float64Array.of(1, 2), width: 2 };

    expect(outputColumns(['score', 'predicted_score'], outputsOf('regression'), scores)).toEqual({
      score: scores,
      predicted_score: scores,
    });
    expect(outputColumns(['score'], importedOutputs(['dense']), scores)).toEqual({ score: scores });
  });

  it('for an imported model with several outputs are its own, in the requested order', () => {
    const others = [{ values: Int32Array.of(7), width: 1 }];
    const scores = { values: Float32Array.of(1, 2), width: 2, others };
    const outputs = importedOutputs(['box', 'class']);

    expect(outputs.defaults).toEqual(['box', 'class']);
    expect(outputColumns(['class', 'box'], outputs, scores)).toEqual({ box: scores, class: others[0] });
  });

  it.each([
    ['binary', 'score, predicted_label, labels, probability, probabilities', 'task "binary"'],
    ['multiclass', 'score, predicted_label, labels, probability, probabilities', 'task "multiclass"'],
    ['regression', 'score, predicted_score', 'task "regression"'],
  ] as const)('that can be requested for task %s fit it', (task, names, subject) => {
    expect(outputsOf(task).names.join(', ')).toBe(names);
    expect(subjectOf(outputsOf(task))).toBe(subject);
  });

  it('that can be requested from an imported model are its own', () => {
    expect(importedOutputs(['dense']).names).toEqual(['score']);
    expect(subjectOf(importedOutputs(['dense']))).toBe('an imported model');
  });
});
