import { describe, expect, it } from 'vitest';
import { CentroidSums, findNearest } from '../src/centroids.js';

const train = { name: 'train', mode: 'File', contentType: { type: 'text/csv', parameters: {} } } as const;

/** Rows as a block has them. */
function block(labels: readonly number[], features: readonly number[]) {
  const rows = labels.length;
  return {
    ...{ rows, columns: features.length / rows, source: 'a.csv', firstLine: 1 },
    ...{ labels: Float64Array.from(labels), features: Float64Array.from(features) },
  };
}

describe('nearest centroid', () => {
  it('keeps the mean of each class, and the pooled standard deviation of each column', () => {
    const sums = new CentroidSums();
    sums.add(train, block([1, 0, 1], [10, 5, 0, 1, 12, 5]));
    sums.add(train, block([0], [2, 1]));

    // Column 0: squares 2 + 2 over 4 − 2 degrees of freedom. Column 1 does not vary within a class.
    expect(sums.finish(true)).toEqual({
      featureCount: 2,
      classes: [0, 1],
      means: [1, 1, 11, 5],
      scales: [Math.SQRT2, 1],
    });
  });

  it('gives the same means for any split of the rows into blocks', () => {
    const [whole, parts] = [new CentroidSums(), new CentroidSums()];
    whole.add(train, block([0, 0, 0], [1, 2, 4]));
    for (const value of [1, 2, 4]) parts.add(train, block([0], [value]));

    expect(parts.finish(true)).toEqual(whole.finish(true));
  });

  it('finds the class whose mean is nearest, the smaller one of two that are equally near', () => {
    const centroids = { featureCount: 1, classes: [3, 7], means: [0, 10], scales: [2] };

    const found = findNearest(centroids, { rows: 3, columns: 1, features: Float64Array.of(4, 5, 6) });

    expect([...found.classes]).toEqual([3, 3, 7]);
    expect([...found.distances]).toEqual([2, 2.5, 2]);
  });

  it('refuses a class that is not an integer, naming channel, file, line and value', () => {
    const sums = new CentroidSums();

    expect(() => sums.add(train, block([1, 0.5], [1, 2]))).toThrow(
      'train/a.csv line 2: the class must be an integer; received 0.5.',
    );
  });

  it.each([
    ['variance', [-1e200, 1e200], [0, 0]],
    ['variance over two classes', [-1e154, 1e154 / 2, -1e154, 1e154 / 2], [0, 0, 1, 1]],
    ['mean', [-1e308, 1e308], [0, 0]],
  ])('refuses a column whose %s is beyond a double', (_, values, labels) => {
    const sums = new CentroidSums();
    sums.add(
      train,
      block(
        labels,
        values.flatMap((value) => [1, value]),
      ),
    );

    expect(() => sums.finish(true)).toThrow('the values of feature 2 must have a finite mean and variance');
  });

  it('refuses a row that is too far from every class, naming it', () => {
    const centroids = { featureCount: 1, classes: [3, 7], means: [0, 10], scales: [1] };

    expect(() => findNearest(centroids, { rows: 2, columns: 1, features: Float64Array.of(4, 1e200) })).toThrow(
      'Row 2:',
    );
  });

  it('refuses more classes than it keeps, naming the line of the first one too many', () => {
    const labels = Array.from({ length: 1001 }, (_, index) => index);

    expect(() => new CentroidSums().add(train, block(labels, labels))).toThrow(
      'train/a.csv line 1001: there must be at most 1000',
    );
  });
});
