/**
 * Two trees grown on the same rows and gradients, node by node. Where they split differently there are these cases: both
 * divide the node's rows alike, or gain the same to float32 rounding, or order categories of one weight differently (all
 * of which the rounding of sums decides); or one of the two is wrong.
 */

import { nodeWeight, type Sums } from '../../src/engine/growing/split.js';
import type { TreeParameters } from '../../src/engine/tree-parameters.js';
import type { Tree } from '../../src/ensemble/tree.js';

export interface Comparison {
  /** Nodes compared: all that are reached over splits that divide the rows alike. */
  nodes: number;
  /** Splits that are written differently and divide the node's rows alike. */
  sameRows: number;
  /** Splits (or a split and a leaf) of the same gain to rounding; nodes below them are not compared. */
  sameGain: number;
  /** Splits by sets of a feature with categories of the same weight, whose order is open; not compared below. */
  sameWeights: number;
  /** What is neither. */
  readonly differences: string[];
  /** Largest deviation of a leaf's output from XGBoost's, as a share of the larger one, at least `LEAST_OUTPUT`. */
  output: number;
  /** Largest relative deviation of a cover. */
  cover: number;
  /** Largest deviation of a gain, as a share of the terms it is the difference of. */
  gain: number;
}

export interface ComparedRows {
  readonly columns: number;
  /** [rows × columns] */
  readonly features: Float32Array;
  /** [rows × 2] the gradients both trees were grown on */
  readonly gradients: Float32Array;
  readonly parameters: TreeParameters;
}

/** An output is a sum of gradients over one of hessians: near 0 only its absolute deviation means something. */
const LEAST_OUTPUT = 1e-2;
/** A gain is a difference of float32 terms, each rounded to 2^-24 of itself. */
const GAIN_ROUNDING = 5e-7;
/** The same of a category's weight. */
const WEIGHT_ROUNDING = 1e-6;
/** XGBoost's minimum gain of a split. */
const LEAST_GAIN = 1e-6;

export function emptyComparison(): Comparison {
  return { nodes: 0, sameRows: 0, sameGain: 0, sameWeights: 0, differences: [], output: 0, cover: 0, gain: 0 };
}

/** Adds to `found` what comparing one tree finds. @param name names the tree in differences */
export function compareTrees(ours: Tree, theirs: Tree, rows: ComparedRows, name: string, found: Comparison): void {
  const all = Array.from({ length: rows.features.length / rows.columns }, (_, row) => row);
  const open = [{ a: 0, b: 0, members: all }];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const { a, b, members } = pair;
    found.nodes++;
    found.cover = Math.max(found.cover, relative(ours.sumHessian[a]!, theirs.sumHessian[b]!, 1e-6));
    const splits = [ours.left[a] !== -1, theirs.left[b] !== -1];
    if (!splits[0] && !splits[1]) {
      found.output = Math.max(found.output, relative(ours.condition[a]!, theirs.condition[b]!, LEAST_OUTPUT));
      continue;
    }
    const sides = [divide(ours, a, members, rows), divide(theirs, b, members, rows)] as const;
    const scale = Math.max(...sides.map(({ left, right }) => gainScale([members, left, right], rows)));
    if (splits[0] && splits[1]) {
      if (sides[0].left.join() === sides[1].left.join()) {
        if (!isSameSplit(ours, a, theirs, b)) found.sameRows++;
        found.gain = Math.max(found.gain, Math.abs(ours.lossChange[a]! - theirs.lossChange[b]!) / scale);
        open.push({ a: ours.right[a]!, b: theirs.right[b]!, members: sides[0].right });
        open.push({ a: ours.left[a]!, b: theirs.left[b]!, members: sides[0].left });
        continue;
      }
    }
    const least = Math.max(rows.parameters.gamma, LEAST_GAIN);
    const gains = [splits[0] ? ours.lossChange[a]! : least, splits[1] ? theirs.lossChange[b]! : least] as const;
    if (Math.abs(gains[0] - gains[1]) <= GAIN_ROUNDING * scale) found.sameGain++;
    else if (hasSameWeights(ours, a, members, rows) || hasSameWeights(theirs, b, members, rows)) found.sameWeights++;
    else found.differences.push(`${name}: ${describeNode(ours, a)}, XGBoost ${describeNode(theirs, b)}`);
  }
}

// --- internal ---

function relative(a: number, b: number, least: number): number {
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), least);
}

/** Size of the terms that the gain of a split is the sum of: those of the node and of both children. */
function gainScale(nodes: readonly (readonly number[])[], { gradients, parameters }: ComparedRows): number {
  const { lambda, alpha } = parameters;
  return nodes.reduce((scale, members) => {
    const sums = sumOf(members, gradients);
    const weight = Math.abs(nodeWeight(sums, parameters));
    const penalised = sums.hessian + lambda;
    return scale + 2 * Math.abs(sums.gradient) * weight + penalised * weight ** 2 + 2 * alpha * weight;
  }, 1e-30);
}

function sumOf(members: readonly number[], gradients: Float32Array): Sums {
  let gradient = 0;
  let hessian = 0;
  for (const row of members) {
    gradient += gradients[2 * row]!;
    hessian += gradients[2 * row + 1]!;
  }
  return { gradient, hessian };
}

/** Whether the node's split is by a set of categories of which two weigh the same. */
function hasSameWeights(tree: Tree, node: number, members: readonly number[], rows: ComparedRows): boolean {
  if (tree.left[node] === -1 || !tree.isCategorical[node]) return false;
  const groups = Map.groupBy(members, (row) => rows.features[row * rows.columns + tree.feature[node]!]!);
  groups.delete(Number.NaN);
  const weights = [...groups.values()].map((own) => nodeWeight(sumOf(own, rows.gradients), rows.parameters));
  weights.sort((a, b) => a - b);
  return weights.some((weight, index) => index > 0 && relative(weight, weights[index - 1]!, 1e-9) < WEIGHT_ROUNDING);
}

/** The rows of a node that go left and right, in order. */
function divide(tree: Tree, node: number, members: readonly number[], { features, columns }: ComparedRows) {
  const left: number[] = [];
  const right: number[] = [];
  if (tree.left[node] === -1) return { left, right };
  const set = new Set(categoriesOf(tree, node));
  for (const row of members) {
    const value = features[row * columns + tree.feature[node]!]!;
    const isLeft = Number.isNaN(value)
      ? tree.defaultLeft[node] === 1
      : tree.isCategorical[node]
        ? !set.has(value)
        : value < tree.condition[node]!;
    (isLeft ? left : right).push(row);
  }
  return { left, right };
}

function categoriesOf({ categories }: Tree, node: number): readonly number[] {
  return categories ? [...categories.values.subarray(categories.start[node], categories.start[node + 1])] : [];
}

function isSameSplit(ours: Tree, a: number, theirs: Tree, b: number): boolean {
  return (
    ours.feature[a] === theirs.feature[b] &&
    ours.defaultLeft[a] === theirs.defaultLeft[b] &&
    ours.isCategorical[a] === theirs.isCategorical[b] &&
    (ours.isCategorical[a]
      ? categoriesOf(ours, a).join() === categoriesOf(theirs, b).join()
      : ours.condition[a] === theirs.condition[b])
  );
}

function describeNode(tree: Tree, node: number): string {
  if (tree.left[node] === -1) {
    return `node ${node} leaf ${tree.condition[node]}, cover ${tree.sumHessian[node]}`;
  }
  const where = tree.isCategorical[node] ? `in ${categoriesOf(tree, node)}` : `< ${tree.condition[node]}`;
  const missing = tree.defaultLeft[node] ? 'left' : 'right';
  return `node ${node} feature ${tree.feature[node]} ${where}, missing ${missing}, gain ${tree.lossChange[node]}, cover ${tree.sumHessian[node]}`;
}
