/**
 * Lays a model out in the kernels' memory. Trees of depth 6 or less are padded to complete ones and evaluated for 16
 * rows together; deeper ones keep their shape and are walked.
 *
 *   [ quantizer | feature plans | category plans | thresholds, grids, bitsets | tree headers | nodes, keys, leaves … ]
 */
import { type Tree, treeDepth } from '../ensemble/tree.js';
import { ImageWriter } from './memory-writer.js';
import { GROUP_ROWS, writeQuantizer } from './quantizer.js';
import { type ColumnPlan, planColumns } from './thresholds.js';

/** A complete tree doubles with each level; beyond 6 walking is faster. */
const MAX_FLAT_DEPTH = 6;
/** A key that no code is above: always left. */
const NEVER_RIGHT = 127;

const TREE_HEADER_BYTES = 32;

/** A model in kernel form; addresses count from the image's own start plus `base`. */
export interface ModelImage {
  readonly bytes: Uint8Array;
  readonly quantizer: number;
  readonly trees: number;
  readonly treeCount: number;
  /** Bytes of the codes of 16 rows. */
  readonly groupBytes: number;
}

/** A tree, the group it adds to, and the factor of its leaves (1 unless dart). */
export interface WeightedTree {
  readonly tree: Tree;
  readonly group: number;
  readonly weight: number;
}

/**
 * @param featureCount columns of a row
 * @param base address at which the image will be placed; a multiple of 16
 */
export function buildImage(weighted: readonly WeightedTree[], featureCount: number, base: number): ModelImage {
  const columns = planColumns(weighted.map(({ tree }) => tree));
  const image = new ImageWriter(base);
  const groupBytes = Math.max(1, columns.columnCount) * GROUP_ROWS;
  const quantizer = writeQuantizer(image, columns, featureCount, groupBytes);
  const trees = image.reserve(weighted.length * TREE_HEADER_BYTES);
  weighted.forEach((entry, index) => {
    writeTree(image, trees + index * TREE_HEADER_BYTES, entry, columns);
  });
  return { bytes: image.finish(), quantizer, trees, treeCount: weighted.length, groupBytes };
}

// --- internal ---

function writeTree(
  image: ImageWriter,
  header: number,
  { tree, group, weight }: WeightedTree,
  columns: ColumnPlan,
): void {
  const depth = treeDepth(tree);
  image.int32(header + 16, group);
  if (depth > MAX_FLAT_DEPTH) writeLinked(image, header, tree, weight, columns);
  else writeFlat(image, header, tree, Math.max(1, depth), weight, columns);
}

/** Parents, then left, then right subtree. A leaf above the bottom fills its subtree, whose splits all say left. */
function writeFlat(
  image: ImageWriter,
  header: number,
  tree: Tree,
  depth: number,
  weight: number,
  columns: ColumnPlan,
): void {
  const splitCount = 2 ** depth - 1;
  const nodes = image.reserve(splitCount * 4);
  const keys = image.reserve(splitCount);
  // The kernels' leaf indices are negative: leaf i is i floats below the first.
  const firstLeaf = image.reserve((splitCount + 1) * 4) + splitCount * 4;
  image.int32(header, depth);
  image.int32(header + 4, nodes);
  image.int32(header + 8, keys);
  image.int32(header + 12, firstLeaf);
  const flat: FlatTree = {
    tree,
    weight,
    columns,
    nodes: image.int32s(nodes, splitCount),
    keys: image.int8s(keys, splitCount),
    leaves: image.float32s(firstLeaf - splitCount * 4, splitCount + 1),
  };
  placeSubtree(flat, 0, depth, 0, splitCount + 1);
}

interface FlatTree {
  readonly tree: Tree;
  readonly weight: number;
  readonly columns: ColumnPlan;
  readonly nodes: Int32Array;
  readonly keys: Int8Array;
  readonly leaves: Float32Array;
}

/**
 * @param levels below the node
 * @param position of the node's split
 * @param leafEnd behind the subtree's first leaf, which is its last in memory
 */
function placeSubtree(flat: FlatTree, node: number, levels: number, position: number, leafEnd: number): void {
  const { tree, nodes, keys } = flat;
  if (tree.left[node] === -1) {
    keys.fill(NEVER_RIGHT, position, position + 2 ** levels - 1);
    flat.leaves.fill(tree.condition[node]! * flat.weight, leafEnd - 2 ** levels, leafEnd);
    return;
  }
  const split = flat.columns.splitOf(tree, node);
  nodes[position] = split.column * GROUP_ROWS;
  keys[position] = split.key;
  const half = 2 ** (levels - 1);
  placeSubtree(flat, tree.left[node]!, levels - 1, position + 1, leafEnd);
  placeSubtree(flat, tree.right[node]!, levels - 1, position + half, leafEnd - half);
}

/** Nodes are renumbered so that siblings are neighbours; a leaf leads to itself. */
function writeLinked(image: ImageWriter, header: number, tree: Tree, weight: number, columns: ColumnPlan): void {
  const order = [0];
  const children: number[] = [];
  for (let index = 0; index < order.length; index++) {
    const node = order[index]!;
    const isInner = tree.left[node] !== -1;
    children.push(isInner ? order.length : index);
    if (isInner) order.push(tree.left[node]!, tree.right[node]!);
  }
  const nodes = image.reserve(order.length * 8);
  const leaves = image.reserve(order.length * 4);
  image.int32(header, 0);
  image.int32(header + 4, nodes);
  image.int32(header + 12, leaves);
  order.forEach((node, index) => {
    const isInner = children[index] !== index;
    const split = isInner ? columns.splitOf(tree, node) : { column: 0, key: NEVER_RIGHT };
    image.int32(nodes + 8 * index, ((split.column * GROUP_ROWS) << 8) | (split.key & 0xff));
    image.int32(nodes + 8 * index + 4, children[index]!);
    if (!isInner) image.float32(leaves + 4 * index, Math.fround(tree.condition[node]! * weight));
  });
}
