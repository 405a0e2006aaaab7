/**
 * One tree of a model file. Its arrays are checked so that every later walk ends: children are in range, and each node
 * that can be reached is reached once.
 */
import { type CategorySets, type Ensemble, NO_PARENT, type Tree } from '../ensemble/tree.js';
import { asFlags, asFloats, asInteger, asIntegers, field, optionalField, type Place, refuse } from './model-cursor.js';

const MAX_INT32 = 2147483647;
/** Category codes are float32 in a row, which holds integers exactly up to here. */
const MAX_CATEGORY = 16777216;

/**
 * @param model featureCount, which split features must be below, and groupCount, the values that a leaf may have
 * @returns one tree, or for a vector-leaf tree (`multi_strategy=multi_output_tree`) one equal-shaped tree a target
 * @throws ClientError E_MODEL naming the entry that is wrong
 */
export function readTrees(
  place: Place,
  { featureCount, groupCount }: Pick<Ensemble, 'featureCount' | 'groupCount'>,
): Tree[] {
  const parameters = field(place, 'tree_param');
  const nodeCount = asInteger(field(parameters, 'num_nodes'), 1, MAX_INT32);
  const leafSize = optionalField(parameters, 'size_leaf_vector');
  // Files before XGBoost 2.0 have 0 here for a plain tree.
  const targetCount = Math.max(1, leafSize ? asInteger(leafSize, 0, MAX_INT32) : 1);
  const isVector = targetCount > 1;
  if (isVector && targetCount !== groupCount)
    refuse(leafSize!, `be 1, or the model's number of outputs, ${groupCount}`);
  const right = asIntegers(field(place, 'right_children'), -1, MAX_INT32, nodeCount);
  const structure = readStructure(place, right, isVector, featureCount);
  if (isVector) return readVectorLeaves(place, structure, right, targetCount);
  return [
    {
      ...structure,
      condition: asFloats(field(place, 'split_conditions'), nodeCount),
      lossChange: asFloats(field(place, 'loss_changes'), nodeCount),
      sumHessian: asFloats(field(place, 'sum_hessian'), nodeCount),
      baseWeight: asFloats(field(place, 'base_weights'), nodeCount),
    },
  ];
}

// --- internal ---

type Structure = Omit<Tree, 'condition' | 'lossChange' | 'sumHessian' | 'baseWeight'>;

function readStructure(place: Place, rawRight: Int32Array, isVector: boolean, featureCount: number): Structure {
  const nodeCount = rawRight.length;
  const left = asIntegers(field(place, 'left_children'), -1, nodeCount - 1, nodeCount);
  // A vector leaf keeps the index of its vector where an inner node has its right child.
  const right = isVector ? rawRight.map((child, node) => (left[node] === -1 ? -1 : child)) : rawRight;
  const parent = linkParents(place, left, right);
  const feature = asIntegers(field(place, 'split_indices'), 0, MAX_INT32, nodeCount);
  checkFeatures(place, feature, left, featureCount);
  const defaultLeft = asFlags(field(place, 'default_left'), nodeCount);
  const splitType = optionalField(place, 'split_type');
  const isCategorical = splitType ? asFlags(splitType, nodeCount) : new Uint8Array(nodeCount);
  if (isCategorical.includes(1)) {
    for (let node = 0; node < nodeCount; node++) if (left[node] === -1) isCategorical[node] = 0;
  }
  const plain = { nodeCount, left, right, parent, feature, defaultLeft, isCategorical };
  return isCategorical.includes(1) ? { ...plain, categories: readCategories(place, isCategorical) } : plain;
}

/** Parents by the children's links; the file's own are not trusted. Nodes cut off by pruning have NO_PARENT. */
function linkParents(place: Place, left: Int32Array, right: Int32Array): Int32Array {
  const parent = new Int32Array(left.length).fill(NO_PARENT);
  const open = new Int32Array(left.length); // the root
  for (let count = 1; count > 0; ) {
    const node = open[--count]!;
    const first = left[node]!;
    const second = right[node]!;
    if (first === -1 && second === -1) continue;
    // Beyond the nodes there is no parent at all.
    const areFree = first > 0 && second > 0 && parent[first] === NO_PARENT && parent[second] === NO_PARENT;
    if (!areFree || first === second) {
      const path = `${place.path}.left_children[${node}] and right_children[${node}]`;
      const value = `${first} and ${second}`;
      refuse({ ...place, path, value }, 'both be −1, or be two nodes without another parent');
    }
    parent[first] = node;
    parent[second] = node;
    open[count++] = first;
    open[count++] = second;
  }
  return parent;
}

function checkFeatures(place: Place, feature: Int32Array, left: Int32Array, featureCount: number): void {
  for (let node = 0; node < feature.length; node++) {
    if (left[node] === -1) feature[node] = 0;
    if (feature[node]! >= featureCount) {
      const path = `${place.path}.split_indices[${node}]`;
      refuse({ ...place, path, value: feature[node] }, `be below the model's ${featureCount} features`);
    }
  }
}

/** `categories_nodes` lists the categorical nodes; segment and size of each are at the same index. */
function readCategories(place: Place, isCategorical: Uint8Array): CategorySets {
  const nodeCount = isCategorical.length;
  const values = asIntegers(field(place, 'categories'), 0, MAX_CATEGORY);
  const nodesPlace = field(place, 'categories_nodes');
  const nodes = asIntegers(nodesPlace, 0, nodeCount - 1);
  const segments = asIntegers(field(place, 'categories_segments'), 0, values.length, nodes.length);
  const sizesPlace = field(place, 'categories_sizes');
  const sizes = asIntegers(sizesPlace, 0, values.length, nodes.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > values.length) refuse(sizesPlace, `sum to at most the ${values.length} entries of categories`);
  const entryOfNode = new Map<number, number>();
  nodes.forEach((node, entry) => {
    entryOfNode.set(node, entry);
  });
  const start = new Int32Array(nodeCount + 1);
  const sorted: number[] = [];
  for (let node = 0; node < nodeCount; node++) {
    start[node] = sorted.length;
    if (isCategorical[node] === 0) continue;
    const entry = entryOfNode.get(node);
    if (entry === undefined) refuse(nodesPlace, `list node ${node}, whose split is categorical`);
    const from = segments[entry]!;
    const set = new Set(values.subarray(from, from + sizes[entry]!).toSorted());
    for (const category of set) sorted.push(category);
  }
  start[nodeCount] = sorted.length;
  return { start, values: Int32Array.from(sorted) };
}

/** A leaf's vector becomes one leaf in each of `targetCount` trees: the same sums in the same order. */
function readVectorLeaves(place: Place, structure: Structure, leafIndex: Int32Array, targetCount: number): Tree[] {
  const { nodeCount, left } = structure;
  const thresholds = asFloats(field(place, 'split_conditions'), nodeCount);
  const weights = asFloats(field(place, 'base_weights'));
  const compact = optionalField(place, 'leaf_weights');
  const leafWeights = compact ? asFloats(compact) : undefined;
  // Of a tree's nodes more than half are leaves: fewer vectors would make much of a small file.
  const isHeld = targetCount * (nodeCount / 2) <= Math.max(weights.length, leafWeights?.length ?? 0);
  if (!isHeld)
    refuse(compact ?? field(place, 'base_weights'), `contain a vector of ${targetCount} values for each leaf`);
  // A tree grown on reduced gradients has fewer weights per node than targets.
  const weightCount = Math.floor(weights.length / nodeCount);
  const lossChange = optionalField(place, 'loss_changes');
  const sumHessian = optionalField(place, 'sum_hessian');
  return Array.from({ length: targetCount }, (_, target) => {
    const baseWeight = new Float32Array(nodeCount);
    const condition = thresholds.slice();
    for (let node = 0; node < nodeCount; node++) {
      if (target < weightCount) baseWeight[node] = weights[node * weightCount + target]!;
      if (left[node] !== -1) continue;
      const value = leafWeights
        ? leafWeights[leafIndex[node]! * targetCount + target]
        : weights[node * targetCount + target];
      condition[node] = value ?? refuse(compact ?? place, `contain the vector of leaf ${node}`);
    }
    return {
      ...structure,
      condition,
      lossChange: lossChange ? asFloats(lossChange, nodeCount) : new Float32Array(nodeCount),
      sumHessian: sumHessian ? asFloats(sumHessian, nodeCount) : new Float32Array(nodeCount),
      baseWeight,
    };
  });
}
