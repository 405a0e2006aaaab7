/**
 * Candidates: the nodes of a growing tree that may be split, each with its best split. Searching the children of a level
 * of splits builds the histogram of each smaller child, takes the sibling's from the parent's, and scans both; in
 * batches, so that histograms are searched while they are in the cache and their number stays bounded.
 */

import type { Random } from '@algo/numerics';
import type { Dataset } from '../binning/dataset.js';
import type { TreeParameters } from '../tree-parameters.js';
import { type ChildBounds, createInteractionRule } from './constraints.js';
import { createHistograms, type HistogramRequest } from './histogram.js';
import type { NodeSplit, RowSets } from './row-partition.js';
import { createFeatureSampler, type FeatureSampler } from './sampling.js';
import { type Bounds, nodeGain, type Split, type Sums } from './split.js';
import { createSplitSearch, type FoundSplits, type SearchNode, type SearchRequest } from './split-search.js';

/** A node whose best split is not known yet. */
export interface OpenNode {
  readonly node: number;
  readonly depth: number;
  readonly sums: Sums;
  readonly bounds: Bounds | undefined;
  /** Features split on above. */
  readonly path: readonly number[];
}

/** A node that may be split. */
export interface Candidate extends OpenNode {
  readonly split: Split;
  /** The node's histogram; undefined when there was no room to keep it. */
  readonly histogram: number | undefined;
}

/** A candidate that has been split. */
export interface AppliedSplit {
  readonly parent: Candidate;
  readonly nodes: NodeSplit;
  readonly bounds: ChildBounds;
}

export interface CandidateSearch {
  /** Begins a tree: samples its features. @param limbs of the tree's sums */
  begin(random: Random, limbs: number): void;
  root(node: OpenNode): Candidate[];
  /** The children that may be split, ascending by node; their rows are partitioned already. */
  children(splits: readonly AppliedSplit[]): Candidate[];
  /** Frees the histogram of a candidate whose children are not searched. */
  release(candidate: Candidate): void;
}

/** XGBoost's minimum gain of a split. */
const LEAST_GAIN = Math.fround(1e-6);
/** Splits whose children are searched together; bounds task lists and masks. */
const BATCH_SPLITS = 256;

/** The children of a split, and where the histogram of the smaller one goes and the other's is or goes. */
interface Family {
  readonly left: OpenNode;
  readonly right: OpenNode;
  readonly isLeftSmall: boolean;
  readonly small: number;
  readonly large: number;
  /** Whether `large` is the parent's histogram, from which the other's is made. */
  readonly isInherited: boolean;
}

/** A histogram being searched, and which result of which request is its node's. */
interface Origin {
  readonly child: OpenNode;
  readonly histogram: number;
  readonly request: number;
  readonly side: 'node' | 'other';
}

/** A search that is written down, and what its results are of. */
interface PreparedSearch {
  readonly origins: readonly Origin[];
  readonly find: () => readonly FoundSplits[];
}

export function createCandidateSearch(dataset: Dataset, p: TreeParameters, rowSets: RowSets): CandidateSearch {
  const { featureCount } = dataset.cuts;
  const search = createSplitSearch(dataset, p);
  const histograms = createHistograms(dataset, rowSets);
  const interactions = createInteractionRule(featureCount, p);
  const hasPaths = p.interactionConstraints.length > 0;
  let features: FeatureSampler | undefined;

  const isSplittable = (split: Split | undefined): split is Split =>
    split !== undefined && split.gain > LEAST_GAIN && split.gain >= p.gamma;
  /** Whether a node of this depth may have children that are searched, so that its histogram is of use. */
  const isOfUse = (depth: number) => p.maxDepth === 0 || depth + 1 < p.maxDepth;

  const searchNode = ({ sums, bounds, path, depth }: OpenNode): SearchNode => ({
    sums,
    gain: nodeGain(sums, p, bounds),
    bounds,
    mask: featureMask(features?.next(depth), interactions.allowed(path), featureCount),
  });

  /** One child for all hosts: it has fewer rows, or on several hosts less of the hessian, which they all know. */
  const isLeftSmaller = (
    { parent: { split } }: AppliedSplit,
    rows: { readonly left: number; readonly right: number },
  ) => (dataset.team.hosts.size === 1 ? rows.left <= rows.right : split.left.hessian <= split.right.hessian);

  const take = (builds: HistogramRequest[], { node, depth }: OpenNode, rows: number): number => {
    const histogram = histograms.take();
    if (histogram === undefined) throw new RangeError('No histogram is free: the batch of splits is too large.');
    builds.push({ node, depth, rows, histogram });
    return histogram;
  };

  /** As many splits as there is room for histograms; a parent without its own needs two. */
  function* batches(splits: readonly AppliedSplit[]): Generator<AppliedSplit[]> {
    const most = Math.min(BATCH_SPLITS, histograms.batch());
    let batch: AppliedSplit[] = [];
    let needed = 0;
    for (const split of splits) {
      const own = split.parent.histogram === undefined ? 2 : 1;
      if (batch.length === most || (batch.length > 0 && needed + own > histograms.free())) {
        yield batch;
        batch = [];
        needed = 0;
      }
      batch.push(split);
      needed += own;
    }
    if (batch.length > 0) yield batch;
  }

  const searchBatch = (batch: readonly AppliedSplit[]): Candidate[] => {
    const builds: HistogramRequest[] = [];
    const families = batch.map((applied): Family => {
      const [left, right] = childrenOf(applied, hasPaths);
      const rows = { left: rowSets.count(left.node), right: rowSets.count(right.node) };
      const isLeftSmall = isLeftSmaller(applied, rows);
      const small = take(builds, isLeftSmall ? left : right, isLeftSmall ? rows.left : rows.right);
      const inherited = applied.parent.histogram;
      const large = inherited ?? take(builds, isLeftSmall ? right : left, isLeftSmall ? rows.right : rows.left);
      return { left, right, isLeftSmall, small, large, isInherited: inherited !== undefined };
    });
    return keepBest(histograms.build(builds, (locals) => prepareSearch(families, locals)));
  };

  const prepareSearch = (families: readonly Family[], locals: ReadonlyMap<number, number>): PreparedSearch => {
    const requests: SearchRequest[] = [];
    const origins: Origin[] = [];
    for (const { left, right, isLeftSmall, small, large, isInherited } of families) {
      // Features are drawn for left and right in this order, whichever is smaller.
      const nodes = { left: searchNode(left), right: searchNode(right) };
      const [child, node] = isLeftSmall ? [left, nodes.left] : [right, nodes.right];
      const [otherChild, otherNode] = isLeftSmall ? [right, nodes.right] : [left, nodes.left];
      const request = requests.length;
      origins.push({ child, histogram: small, request, side: 'node' });
      if (isInherited) {
        const other = { node: otherNode, histogram: large, isKept: isOfUse(otherChild.depth) };
        requests.push({ node, histogram: small, other });
        origins.push({ child: otherChild, histogram: large, request, side: 'other' });
      } else {
        requests.push({ node, histogram: small }, { node: otherNode, histogram: large });
        origins.push({ child: otherChild, histogram: large, request: request + 1, side: 'node' });
      }
    }
    return { origins, find: search.prepare(requests, locals) };
  };

  /** Searches the requests; histograms of nodes that may be split again are kept while a quarter of the room is left. */
  const keepBest = ({ origins, find }: PreparedSearch): Candidate[] => {
    const results = find();
    const found: Candidate[] = [];
    for (const { child, histogram, request, side } of origins) {
      const split = results[request]![side];
      const isKept = isSplittable(split) && isOfUse(child.depth) && histograms.free() > histograms.limit() >> 2;
      if (!isKept) histograms.give(histogram);
      if (!isSplittable(split)) continue;
      const { node, depth, sums, bounds, path } = child;
      found.push({ node, depth, sums, bounds, path, split, histogram: isKept ? histogram : undefined });
    }
    return found.sort((a, b) => a.node - b.node);
  };

  return {
    begin(random, limbs) {
      features = createFeatureSampler(featureCount, p, random);
      histograms.begin(limbs, features.ofTree);
    },
    root(node) {
      const builds: HistogramRequest[] = [];
      const histogram = take(builds, node, rowSets.count(node.node));
      const origins: Origin[] = [{ child: node, histogram, request: 0, side: 'node' }];
      const prepare = (locals: ReadonlyMap<number, number>) =>
        search.prepare([{ node: searchNode(node), histogram }], locals);
      return keepBest({ origins, find: histograms.build(builds, prepare) });
    },
    children: (splits) => [...batches(splits)].flatMap(searchBatch),
    release({ histogram }) {
      if (histogram !== undefined) histograms.give(histogram);
    },
  };
}

// --- internal ---

/** @param hasPaths whether the features above a node matter; a list of them a node is much in a deep tree */
function childrenOf({ parent, nodes, bounds }: AppliedSplit, hasPaths: boolean): [OpenNode, OpenNode] {
  const depth = parent.depth + 1;
  const path = hasPaths ? [...parent.path, parent.split.feature] : parent.path;
  return [
    { node: nodes.left, depth, path, sums: parent.split.left, bounds: bounds.left },
    { node: nodes.right, depth, path, sums: parent.split.right, bounds: bounds.right },
  ];
}

/** The features that are both sampled and allowed; undefined means all. */
function featureMask(
  sampled: Int32Array | undefined,
  allowed: Uint8Array | undefined,
  featureCount: number,
): Uint8Array | undefined {
  if (!sampled) return allowed;
  const mask = new Uint8Array(featureCount);
  for (const feature of sampled) mask[feature] = allowed ? allowed[feature]! : 1;
  return mask;
}
