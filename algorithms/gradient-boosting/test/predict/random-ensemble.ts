/**
 * Random ensembles of every shape that prediction must handle, and rows that hit their edges: values equal to
 * thresholds, infinities, both zeros, missing values, unknown categories.
 */
import { type Ensemble, NO_PARENT, regularIterationStart, type Tree } from '../../src/ensemble/tree.js';

export type Random = () => number;

export interface EnsembleShape {
  readonly featureCount: number;
  readonly groupCount: number;
  readonly rounds: number;
  /** Maximum number of levels of splits of a tree. */
  readonly depth: number;
  /** Share of splits that are categorical. */
  readonly categoricalShare: number;
  /** Distinct thresholds per feature. */
  readonly thresholds: number;
  readonly isDart: boolean;
}

/** Thresholds are k / 8 so that rows can hit them exactly. */
const GRID = 8;
const CATEGORY_COUNT = 40;

export function randomEnsemble(shape: EnsembleShape, random: Random): Ensemble {
  const { featureCount, groupCount, rounds } = shape;
  const trees = Array.from({ length: rounds * groupCount }, () => randomTree(shape, random));
  return {
    booster: shape.isDart ? 'dart' : 'gbtree',
    objective: 'reg:squarederror',
    objectiveParameters: {},
    baseScore: Array.from({ length: groupCount }, () => Math.fround(random())),
    trees,
    treeGroup: Int32Array.from(trees, (_, index) => index % groupCount),
    groupCount,
    targetCount: groupCount,
    classCount: 0,
    ...(shape.isDart && { weightDrop: Float32Array.from(trees, random) }),
    numParallelTree: 1,
    iterationStart: regularIterationStart(rounds, groupCount),
    featureCount,
    attributes: {},
  };
}

/** [rows × features] */
export function randomRows(shape: EnsembleShape, rowCount: number, missingShare: number, random: Random): Float32Array {
  return Float32Array.from({ length: rowCount * shape.featureCount }, () => {
    if (random() < missingShare) return Number.NaN;
    const kind = random();
    if (kind < 0.03) return [Infinity, -Infinity, -0, 3e38, -0.5, 2 ** 24, 1e-42][Math.floor(random() * 7)]!;
    if (kind < 0.4) return Math.floor(random() * CATEGORY_COUNT * 1.2);
    return (Math.floor(random() * (shape.thresholds + 2)) - 1) / GRID + (random() < 0.5 ? 0 : random() / GRID);
  });
}

// --- internal ---

interface Node {
  left: number;
  right: number;
  parent: number;
}

function randomTree(shape: EnsembleShape, random: Random): Tree {
  const nodes: Node[] = [{ left: -1, right: -1, parent: NO_PARENT }];
  grow(nodes, 0, Math.floor(random() * (shape.depth + 1)), random);
  const nodeCount = nodes.length;
  const isInner = (node: number): boolean => nodes[node]!.left !== -1;
  const isCategorical = Uint8Array.from(nodes, (_, node) => Number(isInner(node) && random() < shape.categoricalShare));
  const sets = nodes.map((_, node) => (isCategorical[node] === 1 ? randomSet(random) : []));
  const start = new Int32Array(nodeCount + 1);
  sets.forEach((set, node) => {
    start[node + 1] = start[node]! + set.length;
  });
  return {
    nodeCount,
    left: Int32Array.from(nodes, ({ left }) => left),
    right: Int32Array.from(nodes, ({ right }) => right),
    parent: Int32Array.from(nodes, ({ parent }) => parent),
    feature: Int32Array.from(nodes, (_, node) => (isInner(node) ? Math.floor(random() * shape.featureCount) : 0)),
    condition: Float32Array.from(nodes, (_, node) => {
      return isInner(node) ? Math.floor(random() * shape.thresholds) / GRID : random() - 0.5;
    }),
    defaultLeft: Uint8Array.from(nodes, () => Number(random() < 0.5)),
    isCategorical,
    lossChange: Float32Array.from(nodes, (_, node) => (isInner(node) ? random() : 0)),
    sumHessian: covers(nodes, random),
    baseWeight: Float32Array.from(nodes, random),
    ...(isCategorical.includes(1) && { categories: { start, values: Int32Array.from(sets.flat()) } }),
  };
}

/** Children get numbers as they come, so that siblings need not be neighbours. */
function grow(nodes: Node[], node: number, levels: number, random: Random): void {
  if (levels === 0 || (node > 0 && random() < 0.15)) return;
  for (const side of ['left', 'right'] as const) {
    const child = nodes.push({ left: -1, right: -1, parent: node }) - 1;
    nodes[node]![side] = child;
    if (side === 'left') grow(nodes, child, levels - 1, random);
  }
  grow(nodes, nodes[node]!.right, levels - 1, random);
}

function covers(nodes: readonly Node[], random: Random): Float32Array {
  const cover = new Float32Array(nodes.length).fill(1000);
  // A parent's number is below its children's.
  nodes.forEach(({ left, right }, node) => {
    if (left === -1) return;
    cover[left] = cover[node]! * (0.1 + 0.8 * random());
    cover[right] = cover[node]! - cover[left]!;
  });
  return cover;
}

function randomSet(random: Random): number[] {
  const set = Array.from({ length: CATEGORY_COUNT }, (_, code) => code).filter(() => random() < 0.3);
  return set.length > 0 ? set : [Math.floor(random() * CATEGORY_COUNT)];
}
