/**
 * Base scores in a model file. XGBoost before 3.1 has one number for all outputs and silently reads a list as 0.5. So
 * outputs that share a base score are written with a plain number, and those that do not start from a margin of 0 and
 * one round of trees that are a single leaf: base margin g + tree … is then the same sum in every version. The
 * attribute `base_score` marks that round; reading removes it again.
 */

import { type Ensemble, NO_PARENT, type Tree } from '../ensemble/tree.js';
import { baseMargins } from '../predict/base-margin.js';
import { formatFloat } from './json.js';
import type { XgboostModel } from './linear.js';

/** Has the list of base scores in a model whose first round holds them. */
const SCORES_ATTRIBUTE = 'base_score';
const ROUNDS_ATTRIBUTE = 'best_iteration';

/** `5E-1`, or `[1E0,2E0]` for values that differ. */
export function formatBaseScore(scores: readonly number[]): string {
  const [first] = scores;
  const isShared = first !== undefined && scores.every((score) => score === first);
  return isShared ? formatFloat(first) : `[${scores.map(formatFloat).join(',')}]`;
}

/** The model with base scores that differ moved into a first round of trees; any other as it is. */
export function withBaseRound(model: XgboostModel): XgboostModel {
  const zero = zeroScore(model);
  if (model.booster === 'gblinear' || zero === undefined || isShared(model.baseScore)) return model;
  const { numParallelTree, groupCount, attributes } = model;
  const margins = baseMargins(model);
  const count = groupCount * numParallelTree;
  // A forest's round has this many trees per group, in every version: one has the margin, the others add nothing.
  const trees = Array.from({ length: count }, (_, index) =>
    leaf(index % numParallelTree === 0 ? margins[index / numParallelTree]! : 0),
  );
  return {
    ...model,
    baseScore: [zero],
    trees: [...trees, ...model.trees],
    treeGroup: joined(
      Int32Array.from(trees, (_, index) => Math.floor(index / numParallelTree)),
      model.treeGroup,
    ),
    ...(model.weightDrop && { weightDrop: joinedFloats(count, model.weightDrop) }),
    iterationStart: joined(
      Int32Array.of(0),
      model.iterationStart.map((start) => start + count),
    ),
    attributes: { ...shifted(attributes, 1), [SCORES_ATTRIBUTE]: formatBaseScore(model.baseScore) },
  };
}

/** What `withBaseRound` was given; a model without such a round as it is. */
export function withoutBaseRound(model: Ensemble): Ensemble {
  const { [SCORES_ATTRIBUTE]: text, ...attributes } = model.attributes;
  const zero = zeroScore(model);
  if (text === undefined || zero === undefined || model.baseScore.some((score) => score !== zero)) return model;
  const baseScore = readScores(text);
  const count = model.groupCount * model.numParallelTree;
  if (baseScore?.length !== model.groupCount || model.iterationStart[1] !== count) return model;
  const plain: Ensemble = {
    ...model,
    baseScore,
    trees: model.trees.slice(count),
    treeGroup: model.treeGroup.slice(count),
    ...(model.weightDrop && { weightDrop: model.weightDrop.slice(count) }),
    iterationStart: model.iterationStart.slice(1).map((start) => start - count),
    attributes: shifted(attributes, -1),
  };
  return isBaseRound(model, plain) ? plain : model;
}

// --- internal ---

/** The base score whose margin is 0; undefined where a margin depends on those of other outputs. */
function zeroScore({ objective }: Pick<XgboostModel, 'objective'>): number | undefined {
  if (objective === 'reg:expectileerror') return undefined; // of XGBoost 3.3, which reads a list
  return [0, 0.5, 1].find((baseScore) => baseMargins({ objective, baseScore: [baseScore], groupCount: 1 })[0] === 0);
}

function isShared(scores: readonly number[]): boolean {
  return scores.every((score) => score === scores[0]);
}

/** Whether the first round of `model` is what writing makes of `plain`: it may have been trained on or cut since. */
function isBaseRound(model: Ensemble, plain: Ensemble): boolean {
  const { numParallelTree } = model;
  const margins = baseMargins(plain);
  return margins.every((margin, group) => {
    const first = group * numParallelTree;
    const tree = model.trees[first]!;
    const isOwn = model.treeGroup[first] === group && (model.weightDrop?.[first] ?? 1) === 1;
    return isOwn && tree.nodeCount === 1 && tree.condition[0] === margin;
  });
}

function readScores(text: string): readonly number[] | undefined {
  const inner = /^\[([^[\]]+)\]$/.exec(text)?.[1];
  const scores = inner?.split(',').map((part) => Math.fround(Number(part)));
  return scores?.every(Number.isFinite) ? scores : undefined;
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const all = new Int32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** `count` weights of 1, then those of the trees. */
function joinedFloats(count: number, weights: Float32Array): Float32Array {
  const all = new Float32Array(count + weights.length).fill(1);
  all.set(weights, count);
  return all;
}

function leaf(value: number): Tree {
  return {
    nodeCount: 1,
    left: Int32Array.of(-1),
    right: Int32Array.of(-1),
    parent: Int32Array.of(NO_PARENT),
    feature: new Int32Array(1),
    condition: Float32Array.of(value),
    defaultLeft: new Uint8Array(1),
    isCategorical: new Uint8Array(1),
    lossChange: new Float32Array(1),
    sumHessian: new Float32Array(1),
    baseWeight: Float32Array.of(value),
  };
}

/** The best round of early stopping moves with the rounds before it. */
function shifted(attributes: Readonly<Record<string, string>>, by: 1 | -1): Readonly<Record<string, string>> {
  const best = Object.hasOwn(attributes, ROUNDS_ATTRIBUTE) ? attributes[ROUNDS_ATTRIBUTE]! : '';
  return /^\d{1,9}$/.test(best) ? { ...attributes, [ROUNDS_ATTRIBUTE]: String(Number(best) + by) } : attributes;
}
