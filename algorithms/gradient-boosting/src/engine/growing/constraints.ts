/**
 * Constraints on splits: which features a node may use (sampling of features, interaction constraints) and in which
 * bounds its weight must lie (monotone constraints).
 */
import type { TreeParameters } from '../tree-parameters.js';
import { type Bounds, type Split, UNBOUNDED } from './split.js';

const { fround } = Math;

/** Features that a node may split on, by the features on its path. */
export interface InteractionRule {
  /** [features] 1 = allowed; undefined: all are. */
  allowed(path: readonly number[]): Uint8Array | undefined;
}

/** A path may use a feature when some group holds it and the whole path; features of the path stay allowed. */
export function createInteractionRule(featureCount: number, p: TreeParameters): InteractionRule {
  const groups = p.interactionConstraints.map((group) => new Set(group));
  return {
    allowed(path) {
      if (groups.length === 0 || path.length === 0) return undefined;
      const mask = new Uint8Array(featureCount);
      for (const feature of path) mask[feature] = 1;
      for (const group of groups) {
        if (path.every((feature) => group.has(feature))) for (const feature of group) mask[feature] = 1;
      }
      return mask;
    },
  };
}

/** Bounds of the two children of a split. */
export interface ChildBounds {
  readonly left: Bounds | undefined;
  readonly right: Bounds | undefined;
}

/** Bounds of the children of a split: the middle of their weights separates them when the feature is monotone. */
export function childBounds(
  bounds: Bounds | undefined,
  split: Split,
  weights: { readonly left: number; readonly right: number },
  p: TreeParameters,
): ChildBounds {
  if (!bounds) return { left: undefined, right: undefined };
  const direction = p.monotoneConstraints[split.feature] ?? 0;
  const middle = fround(fround(weights.left + weights.right) / 2);
  if (direction > 0) return { left: { ...bounds, upper: middle }, right: { ...bounds, lower: middle } };
  if (direction < 0) return { left: { ...bounds, lower: middle }, right: { ...bounds, upper: middle } };
  return { left: bounds, right: bounds };
}

/** The root's bounds; undefined when no feature is monotone, then weights are free everywhere. */
export function rootBounds(p: TreeParameters): Bounds | undefined {
  return p.monotoneConstraints.some((direction) => direction !== 0) ? UNBOUNDED : undefined;
}
