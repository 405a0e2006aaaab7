/** The section on the quality of a classifier. */
import type { ValidationProfile } from '@algo/local';
import { expect, it } from 'vitest';
import type { Evaluation } from '../../src/report/evaluation/evaluate.js';
import type { Classification } from '../../src/report/evaluation/outcome.js';
import { html } from '../../src/report/page/html.js';
import { qualitySection } from '../../src/report/sections/quality.js';

const PROFILE = { realTime: [], relativeTolerance: 1e-9, metricBounds: {} } as unknown as ValidationProfile;
const CLASSES: Classification = {
  ...{ task: 'classification', classes: ['a', 'b'], actual: [0, 1], predicted: [0, 0] },
  probabilities: undefined,
};

function headersOf(outcome: Classification): readonly string[] {
  const holdOut = { path: 'rows.csv', labels: ['a', 'b'], isPart: false };
  const value = { holdOut, outcome, importance: { reason: 'none' } } as unknown as Evaluation;
  const { markup } = html`${qualitySection(PROFILE, { value }).body}`;
  const table = markup.slice(markup.lastIndexOf('Quality by class'));
  return [...table.matchAll(/<th scope="col"[^>]*>([^<]*)/g)].map(([, name]) => name!);
}

it('has a column of AUC for a classifier with scores, and none without', () => {
  const probabilities = [
    [0.75, 0.25],
    [0.625, 0.375],
  ];
  const columns = ['class', 'rows', 'precision', 'recall', 'F1'];

  expect(headersOf({ ...CLASSES, probabilities })).toEqual([...columns, 'AUC']);
  expect(headersOf(CLASSES)).toEqual(columns);
});
