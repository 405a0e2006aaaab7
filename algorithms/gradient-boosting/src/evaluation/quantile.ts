/**
 * Metrics of several predictions per row, one for each level α of the objective's list: the mean over rows and levels of
 * the pinball loss (`quantile`) and of the asymmetric square (`expectile`), f the prediction and y the label.
 *
 *   quantile    α(y − f) where y ≥ f, (1 − α)(f − y) elsewhere
 *   expectile   (1 − α)(f − y)² where f ≥ y, α(f − y)² elsewhere
 */
import { ANY_LABEL, checkLabels } from '../objectives/labels.js';
import { levelsOf } from './applicability.js';
import type { MetricKind } from './metric.js';
import { weightedMeanOfRows } from './weighted-mean.js';

type LevelLoss = (level: number, label: number, prediction: number) => number;

const pinball: LevelLoss = (level, y, f) => (y >= f ? level * (y - f) : (1 - level) * (f - y));
const asymmetricSquare: LevelLoss = (level, y, f) => (f >= y ? 1 - level : level) * (f - y) * (f - y);

export const LEVEL_METRICS: readonly MetricKind[] = [
  levelMetric('quantile', 'quantileAlpha', pinball),
  levelMetric('expectile', 'expectileAlpha', asymmetricSquare),
];

// --- internal ---

function levelMetric(
  name: 'quantile' | 'expectile',
  list: 'quantileAlpha' | 'expectileAlpha',
  loss: LevelLoss,
): MetricKind {
  return {
    name,
    lacking: levelsOf(list, `reg:${name}error`),
    create(argument, { parameters }) {
      if (argument !== '') return undefined;
      const levels = Float32Array.from(parameters[list]);
      const count = levels.length;
      return {
        name,
        checkRows: (rows) => checkLabels(rows, ANY_LABEL, name),
        prepare: (rows) =>
          weightedMeanOfRows(rows, (predictions, row) => {
            const label = rows.labels[row]!;
            let sum = 0;
            for (let k = 0; k < count; k++) sum += loss(levels[k]!, label, predictions[row * count + k]!);
            return sum / count;
          }),
      };
    },
  };
}
