/**
 * Growth of one tree from gradients, depth-wise or by largest gain. The order of nodes, the limits and the rules for a
 * split are XGBoost's: a split needs a gain above 1e-6 and at least gamma; children are numbered as their parents are
 * split; by largest gain, equal gains go to the older node.
 */
import { GRADIENT_UNIT, HESSIAN_UNIT } from '../assembly/layout.js';
import { childBounds, createInteractionRule, rootBounds } from './constraints.js';
import { type Dataset, useRows } from './dataset.js';
import { createHistograms, type HistogramRequest } from './histogram.js';
import type { TreeParameters } from './parameters.js';
import type { Random } from './random.js';
import { createRowSets, type Leaf, type Margins, type NodeSplit } from './rows.js';
import { createFeatureSampler, type FeatureSampler } from './sampling.js';
import { createSplitSearch, type SearchNode, type SearchRequest } from './search.js';
import { type Bounds, binTest, nodeGain, nodeWeight, type Split, type Sums } from './split.js';
import type { Tree } from './tree.js';
import { createTreeBuilder } from './tree-builder.js';

/** How one tree is grown, beside the parameters. */
export interface GrowOptions {
  readonly random: Random;
  /** Learning rate of this tree. */
  readonly eta: number;
  /** Largest |gradient| and |hessian| of the tree, sampling applied: what the grid is chosen by. */
  readonly maxima: { readonly gradient: number; readonly hessian: number };
  /** Where the tree's outputs are added; undefined: nowhere. */
  readonly margins?: Margins;
}

export interface Grower {
  /** The tree of the raw gradients' group that the kernel is set to; see boost.ts. */
  grow(options: GrowOptions): Tree;
}

/** A node that may be split. */
interface Candidate {
  readonly node: number;
  readonly depth: number;
  readonly split: Split;
  readonly sums: Sums;
  readonly bounds: Bounds | undefined;
  /** Features split on above. */
  readonly path: readonly number[];
  /** The node's histogram, while it is kept. */
  histogram: number | undefined;
}

/** XGBoost's least gain of a split. */
const LEAST_GAIN = Math.fround(1e-6);
/** Splits whose children are searched at once; bounds task lists and masks. */
const BATCH_SPLITS = 256;
/** Bits of a float64's significand, one kept in reserve. */
const EXACT_BITS = 52;

/** A grower of trees on this data. Allocates what all trees need; nothing may be allocated below it after. */
export function createGrower(dataset: Dataset, p: TreeParameters): Grower {
  const nodeLimit = mostNodes(dataset.rows, p);
  const rowSets = createRowSets(dataset, nodeLimit, p.subsample < 1);
  const search = createSplitSearch(dataset, p);
  const histograms = createHistograms(dataset, rowSets);
  const interactions = createInteractionRule(dataset.cuts.featureCount, p);

  return {
    grow(options) {
      const builder = createTreeBuilder(dataset.cuts);
      const features = createFeatureSampler(dataset.cuts.featureCount, p, options.random);
      const leaves = new Map<number, Leaf>();
      let leafCount = 1;

      const searchNode = (
        sums: Sums,
        bounds: Bounds | undefined,
        path: readonly number[],
        depth: number,
      ): SearchNode => ({
        sums,
        gain: nodeGain(sums, p, bounds),
        bounds,
        mask: featureMask(features, interactions.allowed(path), depth, dataset.cuts.featureCount),
      });
      const isSplittable = (split: Split | undefined): split is Split =>
        split !== undefined && split.gain > LEAST_GAIN && split.gain >= p.gamma;
      const leafValue = (sums: Sums, bounds: Bounds | undefined) =>
        Math.fround(nodeWeight(sums, p, bounds) * Math.fround(options.eta));
      const areChildrenSearched = (depth: number) =>
        (p.maxDepth === 0 || depth + 1 < p.maxDepth) && (p.maxLeaves === 0 || leafCount < p.maxLeaves);

      /** Splits a node in the tree and says how its rows are divided. */
      const applySplit = (candidate: Candidate): NodeSplit & { readonly bounds: ReturnType<typeof childBounds> } => {
        const { node, depth, split, bounds } = candidate;
        const weights = { left: nodeWeight(split.left, p, bounds), right: nodeWeight(split.right, p, bounds) };
        const values = { left: leafValue(split.left, bounds), right: leafValue(split.right, bounds) };
        const children = builder.split(node, split, nodeWeight(candidate.sums, p, bounds), weights, values);
        leafCount++;
        leaves.delete(node);
        for (const side of ['left', 'right'] as const) {
          leaves.set(children[side], { node: children[side], depth: depth + 1, value: values[side] });
        }
        return {
          node,
          depth,
          ...children,
          test: binTest(dataset.layout, split),
          leftValue: values.left,
          rightValue: values.right,
          bounds: childBounds(bounds, split, weights, p),
        };
      };

      /** Divides the rows of splits, and finds the best splits of the children. */
      const expand = (parents: readonly Candidate[]): Candidate[] => {
        const applied = parents.map((parent) => ({ parent, applied: applySplit(parent) }));
        const searched = applied.filter(({ parent }) => areChildrenSearched(parent.depth));
        const last = applied.filter(({ parent }) => !areChildrenSearched(parent.depth));
        if (options.margins)
          rowSets.addSplits(
            last.map((entry) => entry.applied),
            options.margins,
          );
        for (const { applied: split } of last) for (const node of [split.left, split.right]) leaves.delete(node);
        for (const { parent } of last) if (parent.histogram !== undefined) histograms.give(parent.histogram);
        rowSets.partition(searched.map((entry) => entry.applied));
        const found: Candidate[] = [];
        for (const batch of batches(searched)) found.push(...searchBatch(batch));
        return found;
      };

      /** As many splits as there is room for histograms; a parent without one needs two. */
      function* batches<T extends { readonly parent: Candidate }>(entries: readonly T[]): Generator<T[]> {
        let batch: T[] = [];
        let needed = 0;
        for (const entry of entries) {
          const own = entry.parent.histogram === undefined ? 2 : 1;
          if (
            batch.length === Math.min(BATCH_SPLITS, histograms.batch) ||
            (batch.length > 0 && needed + own > histograms.free())
          ) {
            yield batch;
            batch = [];
            needed = 0;
          }
          batch.push(entry);
          needed += own;
        }
        if (batch.length > 0) yield batch;
      }

      const searchBatch = (
        batch: readonly { parent: Candidate; applied: ReturnType<typeof applySplit> }[],
      ): Candidate[] => {
        const builds: HistogramRequest[] = [];
        const requests: SearchRequest[] = [];
        const origins: { child: Child; histogram: number; index: number; side: 'node' | 'other' }[] = [];
        const take = (child: Child, rows: number) => {
          const histogram = histograms.take();
          if (histogram === undefined) throw new RangeError('No histogram is free; a batch was made too large.');
          builds.push({ node: child.node, depth: child.depth, rows, histogram });
          return histogram;
        };
        for (const { parent, applied } of batch) {
          // Features are drawn for left and right in this order, whichever is smaller.
          const both = childrenOf(parent, applied).map((child) => ({
            child,
            node: searchNodeOf(child),
            rows: rowSets.count(child.node),
          }));
          const [small, large] = both[0]!.rows <= both[1]!.rows ? [both[0]!, both[1]!] : [both[1]!, both[0]!];
          const index = requests.length;
          const histogram = take(small.child, small.rows);
          origins.push({ child: small.child, histogram, index, side: 'node' });
          if (parent.histogram === undefined) {
            const second = take(large.child, large.rows);
            requests.push({ node: small.node, histogram }, { node: large.node, histogram: second });
            origins.push({ child: large.child, histogram: second, index: index + 1, side: 'node' });
          } else {
            const isKept = isWorthKeeping(large.child.depth);
            requests.push({
              node: small.node,
              histogram,
              other: { node: large.node, histogram: parent.histogram, isKept },
            });
            origins.push({ child: large.child, histogram: parent.histogram, index, side: 'other' });
          }
        }
        histograms.build(builds);
        const results = search.find(requests);
        const found: Candidate[] = [];
        for (const { child, histogram, index, side } of origins) {
          const split = results[index]![side];
          const isKept =
            isSplittable(split) && isWorthKeeping(child.depth) && histograms.free() > histograms.limit >> 2;
          if (!isKept) histograms.give(histogram);
          if (isSplittable(split)) found.push({ ...child, split, histogram: isKept ? histogram : undefined });
        }
        return found.sort((a, b) => a.node - b.node);
      };

      /** Whether a node of this depth may have children that are searched. */
      const isWorthKeeping = (depth: number) => p.maxDepth === 0 || depth + 1 < p.maxDepth;
      const searchNodeOf = (child: Child) => searchNode(child.sums, child.bounds, child.path, child.depth);

      useRows(dataset);
      setGrid(dataset, options.maxima);
      const sums = rowSets.reset();
      const bounds = rootBounds(p);
      builder.root(sums, nodeWeight(sums, p, bounds), leafValue(sums, bounds));
      leaves.set(0, { node: 0, depth: 0, value: leafValue(sums, bounds) });
      let queue = searchRoot();
      while (queue.length > 0) {
        const batch = pop(queue);
        if (batch.length === 0) break;
        queue = [...queue.filter((entry) => !batch.includes(entry)), ...expand(batch)];
      }
      for (const { histogram } of queue) if (histogram !== undefined) histograms.give(histogram);
      if (options.margins) rowSets.addLeaves([...leaves.values()], options.margins);
      return builder.finish();

      function searchRoot(): Candidate[] {
        const child: Child = { node: 0, depth: 0, sums, bounds, path: [] };
        const histogram = histograms.take();
        if (histogram === undefined) throw new RangeError('No histogram is free for the root.');
        histograms.build([{ node: 0, depth: 0, rows: rowSets.count(0), histogram }]);
        const [result] = search.find([{ node: searchNodeOf(child), histogram }]);
        const split = result?.node;
        if (isSplittable(split)) return [{ ...child, split, histogram }];
        histograms.give(histogram);
        return [];
      }

      /** The nodes to split next: all of the highest level, or the one of largest gain; fewer when leaves are limited. */
      function pop(candidates: readonly Candidate[]): Candidate[] {
        const room = p.maxLeaves === 0 ? Number.POSITIVE_INFINITY : p.maxLeaves - leafCount;
        if (p.growPolicy === 'depthwise') return candidates.slice(0, room);
        const isAhead = (a: Candidate, b: Candidate) =>
          a.split.gain > b.split.gain || (a.split.gain === b.split.gain && a.node < b.node);
        return room < 1 ? [] : [candidates.reduce((best, candidate) => (isAhead(candidate, best) ? candidate : best))];
      }
    },
  };
}

// --- internal ---

/** A child before its split is known. */
type Child = Omit<Candidate, 'split' | 'histogram'>;

function childrenOf(
  parent: Candidate,
  applied: NodeSplit & { readonly bounds: ReturnType<typeof childBounds> },
): [Child, Child] {
  const path = [...parent.path, parent.split.feature];
  const child = (node: number, sums: Sums, bounds: Bounds | undefined): Child => ({
    node,
    depth: parent.depth + 1,
    sums,
    bounds,
    path,
  });
  return [
    child(applied.left, parent.split.left, applied.bounds.left),
    child(applied.right, parent.split.right, applied.bounds.right),
  ];
}

function featureMask(
  sampler: FeatureSampler,
  allowed: Uint8Array | undefined,
  depth: number,
  featureCount: number,
): Uint8Array | undefined {
  const sampled = sampler.next(depth);
  if (!sampled) return allowed;
  const mask = new Uint8Array(featureCount);
  for (const feature of sampled) mask[feature] = allowed ? allowed[feature]! : 1;
  return mask;
}

/** Most nodes a tree can have: by its limits, and by rows, each leaf having one at least. */
function mostNodes(rows: number, p: TreeParameters): number {
  const byLeaves = p.maxLeaves > 0 ? 2 * p.maxLeaves - 1 : Number.POSITIVE_INFINITY;
  const byDepth = p.maxDepth > 0 ? 2 ** (p.maxDepth + 1) - 1 : Number.POSITIVE_INFINITY;
  if (p.maxLeaves === 0 && p.maxDepth === 0) {
    throw new RangeError('maxDepth and maxLeaves must not both be 0: a tree needs a limit.');
  }
  return Math.min(byLeaves, byDepth, 2 * rows - 1);
}

/** The finest power-of-two grid on which sums of all rows are exact. */
function setGrid(dataset: Dataset, maxima: { readonly gradient: number; readonly hessian: number }): void {
  const rowBits = Math.ceil(Math.log2(dataset.rows)) + 1;
  const unit = (largest: number) => {
    if (!Number.isFinite(largest)) {
      throw new RangeError(`Gradients must be finite; received ${largest}. Check labels, weights and base_score.`);
    }
    return largest === 0 ? 1 : 2 ** (Math.ceil(Math.log2(largest)) + rowBits - EXACT_BITS);
  };
  dataset.pool.setReal(GRADIENT_UNIT, unit(maxima.gradient));
  dataset.pool.setReal(HESSIAN_UNIT, unit(maxima.hessian));
}
