/** The quality of predictions in numbers. Definitions: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2nd ed. */
import type { Classification, Regression } from './outcome.js';

export interface RegressionMeasures {
  readonly rmse: number;
  readonly mae: number;
  readonly medianError: number;
  readonly largestError: number;
  /** 1 − Σ(actual − predicted)² / Σ(actual − mean)²; NaN where all labels are equal. */
  readonly r2: number;
}

export function measureRegression({ actual, predicted }: Regression): RegressionMeasures {
  const errors = actual.map((value, i) => predicted[i]! - value);
  const sizes = errors.map(Math.abs).sort((a, b) => a - b);
  const mean = sum(actual) / actual.length;
  const squares = sum(errors.map((error) => error * error));
  const spread = sum(actual.map((value) => (value - mean) ** 2));
  const half = sizes.length >> 1;
  return {
    rmse: Math.sqrt(squares / errors.length),
    mae: sum(sizes) / sizes.length,
    medianError: sizes.length % 2 === 1 ? sizes[half]! : (sizes[half - 1]! + sizes[half]!) / 2,
    largestError: sizes.at(-1)!,
    r2: spread === 0 ? Number.NaN : 1 - squares / spread,
  };
}

export interface ClassMeasures {
  /** Rows of the class. */
  readonly rows: number;
  /** NaN where the class was never predicted. */
  readonly precision: number;
  /** NaN where the hold-out has no row of the class. */
  readonly recall: number;
  readonly f1: number;
  /** Of this class against all others; undefined without probabilities, or where either side has no row. */
  readonly auc: number | undefined;
}

export interface ClassificationMeasures {
  readonly accuracy: number;
  /** Mean recall of the classes that have rows. */
  readonly balancedAccuracy: number;
  readonly logLoss: number | undefined;
  /** Of class 1 of two; of more, the mean over classes, each against all others. */
  readonly auc: number | undefined;
  readonly classes: readonly ClassMeasures[];
  /** [actual × predicted], row by row. */
  readonly confusion: readonly number[];
}

export function measureClassification(outcome: Classification): ClassificationMeasures {
  const { classes, actual, predicted, probabilities } = outcome;
  const k = classes.length;
  const confusion = new Array<number>(k * k).fill(0);
  for (const [i, own] of actual.entries()) confusion[own * k + predicted[i]!]! += 1;
  const perClass = classes.map((_, c): ClassMeasures => {
    const hits = confusion[c * k + c]!;
    const rows = sum(confusion.slice(c * k, (c + 1) * k));
    const claimed = sum(classes.map((__, other) => confusion[other * k + c]!));
    return {
      ...{ rows, precision: hits / claimed, recall: hits / rows, f1: (2 * hits) / (rows + claimed) },
      auc:
        probabilities &&
        areaUnderCurve(
          rocOf(
            probabilities.map((row) => row[c]!),
            actual.map((own) => own === c),
          ),
        ),
    };
  });
  const present = perClass.filter(({ rows }) => rows > 0);
  const areas = perClass.flatMap(({ auc }) => (auc === undefined ? [] : [auc]));
  return {
    accuracy: sum(classes.map((_, c) => confusion[c * k + c]!)) / actual.length,
    balancedAccuracy: sum(present.map(({ recall }) => recall)) / present.length,
    logLoss: probabilities && logLossOf(probabilities, actual),
    auc: k === 2 ? perClass[1]!.auc : areas.length === 0 ? undefined : sum(areas) / areas.length,
    ...{ classes: perClass, confusion },
  };
}

/** Mean of −ln p(actual class), with p in [1e-15, 1] as usual, so that one wrong certainty is not infinite. */
export function logLossOf(probabilities: readonly (readonly number[])[], actual: readonly number[]): number {
  return sum(actual.map((own, i) => -Math.log(Math.max(probabilities[i]![own]!, 1e-15)))) / actual.length;
}

/** A point of a ROC curve: shares of the negative and positive rows whose score reaches a threshold. */
export type RocPoint = readonly [falsePositiveRate: number, truePositiveRate: number];

/** The corners of the curve from (0, 0) to (1, 1); rows with equal scores are one step. Empty where either side has no row. */
export function rocOf(scores: readonly number[], isPositive: readonly boolean[]): readonly RocPoint[] {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const positives = isPositive.filter(Boolean).length;
  const negatives = isPositive.length - positives;
  if (positives === 0 || negatives === 0) return [];
  const points: RocPoint[] = [[0, 0]];
  let [found, wrong] = [0, 0];
  for (const [i, row] of order.entries()) {
    if (isPositive[row]) found += 1;
    else wrong += 1;
    const next = order[i + 1];
    if (next !== undefined && scores[next] === scores[row]) continue;
    const point: RocPoint = [wrong / negatives, found / positives];
    if (isStraight(points.at(-2), points.at(-1)!, point)) points.pop();
    points.push(point);
  }
  return points;
}

/** By trapezoids, which counts ties half. Undefined for no curve. */
export function areaUnderCurve(points: readonly RocPoint[]): number | undefined {
  if (points.length === 0) return undefined;
  return points.slice(1).reduce((area, [x, y], i) => {
    const [before, height] = points[i]!;
    return area + ((x - before) * (y + height)) / 2;
  }, 0);
}

// --- internal ---

/** Whether a curve goes on upward, or to the right. */
function isStraight(before: RocPoint | undefined, [x, y]: RocPoint, [nextX, nextY]: RocPoint): boolean {
  return before !== undefined && ((before[0] === x && x === nextX) || (before[1] === y && y === nextY));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
