/**
 * What a hold-out and its predictions are together: numbers to compare, or classes. Labels and predictions decide it, unless
 * the profile says so; what is neither is left out with the reason.
 */
import { addUpToOne, type Prediction } from './answers.js';
import type { HoldOut } from './hold-out.js';
import { Left } from './left.js';

export interface Regression {
  readonly task: 'regression';
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
}

export interface Classification {
  readonly task: 'classification';
  /** As the data has them, in their order. */
  readonly classes: readonly string[];
  /** Index of the class of each row. */
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
  /** Of each class, for each row; undefined where only classes are predicted. */
  readonly probabilities: readonly (readonly number[])[] | undefined;
}

export type Outcome = Regression | Classification;

/** More different labels than these are no classes, unless the profile says so. */
const MAX_CLASSES = 100;

/** @throws Left where labels and predictions do not belong together */
export function outcomeOf(
  { labels, task }: Pick<HoldOut, 'labels' | 'task'>,
  predictions: readonly Prediction[],
): Outcome {
  const scores = predictions.map(({ score }) => score);
  if (predictions.every((prediction) => prediction.scores !== undefined)) return ofScoreLists(labels, predictions);
  if (predictions.every(({ label }) => label !== undefined)) {
    if (task === 'regression') throw new Left('the answers are classes, and the profile says regression.');
    return ofClasses(
      labels,
      predictions.map(({ label }) => label!),
    );
  }
  if (!isComplete(scores)) throw new Left('the answers are neither numbers nor classes.');
  const isClasses = task === 'classification' || (task === undefined && looksLikeClasses(labels, scores));
  if (isClasses && areSharesOfTwo(labels, scores)) return ofBinary(labels, scores);
  if (isClasses) return ofClasses(labels, scores.map(String));
  const actual = labels.map(Number);
  const odd = actual.findIndex((label) => !Number.isFinite(label));
  if (odd >= 0) throw new Left(`the answers are numbers, and the label of row ${odd + 1} is "${labels[odd]}".`);
  return { task: 'regression', actual, predicted: scores };
}

// --- internal ---

/** One spelling of a class: `1`, `1.0` and `01` are one. */
function canonical(label: string): string {
  return label.trim() !== '' && Number.isFinite(Number(label)) ? String(Number(label)) : label;
}

function isComplete(scores: readonly (number | undefined)[]): scores is readonly number[] {
  return scores.every((score) => score !== undefined);
}

/** Labels of 0 and 1 with scores between. */
function areSharesOfTwo(labels: readonly string[], scores: readonly number[]): boolean {
  const isBinary = labels.every((label) => Number(label) === 0 || Number(label) === 1);
  return isBinary && scores.every((score) => score >= 0 && score <= 1);
}

/** Shares of two classes; or whole numbers, each of which is a label. */
function looksLikeClasses(labels: readonly string[], scores: readonly number[]): boolean {
  if (areSharesOfTwo(labels, scores)) return true;
  const known = new Set(labels.map(canonical));
  if (known.size > MAX_CLASSES || known.size > labels.length / 2) return false;
  return scores.every((score) => Number.isInteger(score) && known.has(String(score)));
}

function ofBinary(labels: readonly string[], scores: readonly number[]): Classification {
  const isDecision = scores.every((score) => score === 0 || score === 1);
  return {
    task: 'classification',
    classes: ['0', '1'],
    actual: labels.map(Number),
    predicted: scores.map((score) => (score > 0.5 ? 1 : 0)),
    probabilities: isDecision ? undefined : scores.map((score) => [1 - score, score]),
  };
}

function ofScoreLists(labels: readonly string[], predictions: readonly Prediction[]): Classification {
  const [first] = predictions;
  const size = first!.scores!.length;
  const classes = (first!.labels ?? Array.from({ length: size }, (_, i) => String(i))).map(canonical);
  const actual = indicesOf(labels, classes);
  const probabilities = predictions.map(({ scores, labels: own }) => {
    if (scores!.length !== size) throw new Left(`answers have ${size} and ${scores!.length} scores.`);
    if (own?.some((label, i) => canonical(label) !== classes[i])) {
      throw new Left('answers have their classes in different orders.');
    }
    return scores!;
  });
  const areShares = probabilities.every((row) => row.every((share) => share >= 0) && addUpToOne(row));
  return {
    ...{ task: 'classification', classes, actual },
    predicted: probabilities.map((row) => row.reduce((best, share, i) => (share > row[best]! ? i : best), 0)),
    probabilities: areShares ? probabilities : undefined,
  };
}

/** @throws Left for a label that is no class of the answers */
function indicesOf(labels: readonly string[], classes: readonly string[]): readonly number[] {
  const index = new Map(classes.map((name, i) => [name, i]));
  return labels.map((label, row) => {
    const found = index.get(canonical(label));
    if (found !== undefined) return found;
    throw new Left(
      `the label of row ${row + 1} is "${label}", and the answers have scores for ${classes.slice(0, 5).join(', ')}${classes.length > 5 ? ', …' : ''}.`,
    );
  });
}

function ofClasses(labels: readonly string[], predicted: readonly string[]): Classification {
  const known = new Set(labels.map(canonical));
  if (!predicted.some((label) => known.has(canonical(label)))) {
    throw new Left('the answers are texts, and none of them is a label of the hold-out.');
  }
  const classes = [...new Set([...known, ...predicted.map(canonical)])].sort(byNumberOrName);
  if (classes.length > MAX_CLASSES)
    throw new Left(`there are ${classes.length} classes; up to ${MAX_CLASSES} are shown.`);
  return {
    ...{ task: 'classification', classes, probabilities: undefined },
    actual: indicesOf(labels, classes),
    predicted: indicesOf(predicted, classes),
  };
}

function byNumberOrName(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? (a < b ? -1 : 1) : difference;
}
