import { describe, expect, it } from 'vitest';
import { readPredictions } from '../../src/report/evaluation/answers.js';
import { outcomeOf } from '../../src/report/evaluation/outcome.js';

/** What labels and an answer are together. */
function outcome(
  labels: readonly string[],
  body: string,
  contentType = 'application/jsonlines',
  task?: 'regression' | 'classification',
) {
  return outcomeOf({ labels, task }, readPredictions(Buffer.from(body), contentType, labels.length));
}

const binary = {
  task: 'classification',
  classes: ['0', '1'],
  actual: [1, 0],
  predicted: [1, 0],
  probabilities: [
    [0.25, 0.75],
    [0.875, 0.125],
  ],
};

describe('an answer that is one prediction', () => {
  it.each([
    ['{"label":"billing","probability":0.75}', { label: 'billing' }],
    ['{"predicted_label":2,"scores":[0.25,0.75]}', { label: '2' }],
    ['{"score":0.75}', { score: 0.75 }],
    ['{"labels":["a","b"],"probabilities":[0.25,0.75]}', { labels: ['a', 'b'], scores: [0.25, 0.75] }],
  ])('is read: %s', (body, prediction) => {
    expect(readPredictions(Buffer.from(body), 'application/json', 1)).toEqual([prediction]);
  });
});

describe('labels and answers', () => {
  it.each([
    ['text/csv', '0.75\n0.125\n'],
    ['application/json', '{"predictions":[{"score":0.75},{"score":0.125}]}'],
    ['application/json', '[0.75,0.125]'],
    ['application/json', '{"predictions":[[0.25,0.75],[0.875,0.125]]}'],
    ['application/jsonlines', '{"score":0.75}\n{"score":0.125}\n'],
    [
      'application/jsonlines',
      '{"labels":[0,1],"probabilities":[0.25,0.75]}\n{"labels":[0,1],"probabilities":[0.875,0.125]}',
    ],
  ])('are two classes with their probabilities in %s: %s', (contentType, body) => {
    expect(outcome(['1', '0.0'], body, contentType)).toEqual(binary);
  });

  it.each([
    ['text/csv', 'setosa,0.9\nvirginica,0.8\n'],
    ['application/json', '{"predictions":["setosa","virginica"]}'],
    ['application/json', '{"predictions":[{"predicted_label":"setosa"},{"predicted_label":"virginica"}]}'],
  ])('are classes by name in %s: %s', (contentType, body) => {
    expect(outcome(['setosa', 'setosa'], body, contentType)).toEqual({
      task: 'classification',
      classes: ['setosa', 'virginica'],
      actual: [0, 0],
      predicted: [0, 1],
      probabilities: undefined,
    });
  });

  it('are classes by number where each answer is a label', () => {
    expect(outcome(['3', '3', '10', '4', '4', '4'], '3\n10\n10\n4\n4\n4', 'text/csv')).toMatchObject({
      classes: ['3', '4', '10'],
      actual: [0, 0, 2, 1, 1, 1],
      predicted: [0, 2, 2, 1, 1, 1],
    });
  });

  it('are regression where an answer is no label, or the profile says so', () => {
    const regression = { task: 'regression', actual: [3, 3, 4], predicted: [3, 3.5, 4] };

    expect(outcome(['3', '3', '4'], '3\n3.5\n4', 'text/csv')).toEqual(regression);
    expect(outcome(['3', '3', '3', '4'], '3\n3\n3\n4', 'text/csv')).toMatchObject({ task: 'classification' });
    expect(outcome(['3', '3', '3', '4'], '3\n3\n3\n4', 'text/csv', 'regression')).toMatchObject({ task: 'regression' });
  });

  it('takes scores that are no shares as scores only', () => {
    expect(outcome(['0', '1'], '[2.5,-1]\n[-3,7]')).toMatchObject({ predicted: [0, 1], probabilities: undefined });
  });

  it.each([
    ['the answers are texts, and none of them is a label of the hold-out.', ['1', '2'], '"a story"\n"another"'],
    ['the answers are numbers, and the label of row 2 is "b".', ['1', 'b'], '1.5\n2'],
    ['the answer to 2 rows has 1 predictions.', ['1', '2'], '1'],
    ['the answers are neither numbers nor classes.', ['1', '2'], '{}\n1'],
    ['the label of row 1 is "25.5", and the answers have scores for 0, 1.', ['25.5', '1'], '[1,2]\n[2,3]'],
    ['answers have 2 and 3 scores.', ['0', '1'], '[1,2]\n[2,3,4]'],
  ])('are left out: %s', (reason, labels, body) => {
    expect(() => outcome(labels, body)).toThrow(reason);
  });

  it.each([
    ['1,0.93\n0,0.88\n', 'a class with how sure it is'],
    ['2.5,-1\n-3,7\n', 'scores that are no probabilities'],
  ])('are left out for lines of several numbers in CSV that may be anything: %j, %s', (body) => {
    expect(() => outcome(['1', '0'], body, 'text/csv')).toThrow(
      'the answer cannot be read as text/csv: a line has 2 numbers that do not add up to 1, so what each of them is cannot be known.',
    );
  });

  it('are two classes where each line of CSV has their probabilities', () => {
    expect(outcome(['1', '0'], '0.25,0.75\n0.875,0.125\n', 'text/csv')).toEqual(binary);
  });

  it('are left out for an answer of a type that has no rows', () => {
    expect(() => outcome(['1'], 'x', 'image/png')).toThrow('the answer is image/png, which the report does not read.');
  });
});
