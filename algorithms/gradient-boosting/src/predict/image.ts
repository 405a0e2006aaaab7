/**
 * Lays a model out in the kernels' memory. Trees of depth 6 or less are padded to complete ones and evaluated for 16
 * rows at once; deeper ones keep their shape and are walked.
 *
 *   [ feature plans | category plans | thresholds | bitsets | tree headers | nodes, keys, leaves … ]   ← the image
 */
import type { Tree } from '../tree.js';
import { planGrid } from './grid.js';
import { type ColumnPlan, planColumns, type RankPlan, type SetPlan } from './thresholds.js';

/** Rows of one SIMD vector of codes. */
export const GROUP_ROWS = 16;
/** A complete tree doubles with each level; beyond 6 walking is faster. */
const MAX_FLAT_DEPTH = 6;
/** A key that no code is above: always left. */
const NEVER_RIGHT = 127;

const FEATURE_PLAN_BYTES = 48;
const QUANTIZER_BYTES = 32;
/** With so few thresholds comparing all of them is faster than finding a grid cell. */
const FEW_THRESHOLDS = 12;

const CATEGORY_PLAN_BYTES = 24;
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

/** Bytes that grow as they are reserved. Addresses handed out include the base. */
class ImageWriter {
  #view = new DataView(new ArrayBuffer(1 << 16));
  #length = 0;
  readonly #base: number;

  constructor(base: number) {
    this.#base = base;
  }

  /** Address of `byteCount` zero bytes, 16-aligned. */
  reserve(byteCount: number): number {
    const start = this.#length;
    this.#length = (start + byteCount + 15) & ~15;
    if (this.#length > this.#view.byteLength) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#view.byteLength));
      grown.set(new Uint8Array(this.#view.buffer));
      this.#view = new DataView(grown.buffer);
    }
    return start + this.#base;
  }

  int32(address: number, value: number): void {
    this.#view.setInt32(address - this.#base, value, true);
  }

  int8(address: number, value: number): void {
    this.#view.setInt8(address - this.#base, value);
  }

  float32(address: number, value: number): void {
    this.#view.setFloat32(address - this.#base, value, true);
  }

  copy(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.#view.buffer).set(bytes, address - this.#base);
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }
}

function writeQuantizer(image: ImageWriter, columns: ColumnPlan, featureCount: number, groupBytes: number): number {
  const { ranks, sets } = columns;
  const quantizer = image.reserve(QUANTIZER_BYTES);
  const features = image.reserve(ranks.length * FEATURE_PLAN_BYTES);
  const categories = image.reserve(sets.length * CATEGORY_PLAN_BYTES);
  // Where few columns matter, looking at only those beats looking for the values that are there.
  const readsByValue = 2 * ranks.length >= featureCount;
  const planOf = readsByValue ? image.reserve(featureCount * 4) : 0;
  ranks.forEach((plan, index) => {
    const at = features + index * FEATURE_PLAN_BYTES;
    writeRankPlan(image, at, plan);
    if (readsByValue) image.int32(planOf + 4 * plan.feature, at);
  });
  sets.forEach((plan, index) => {
    writeSetPlan(image, categories + index * CATEGORY_PLAN_BYTES, plan);
  });
  image.int32(quantizer, features);
  image.int32(quantizer + 4, ranks.length);
  image.int32(quantizer + 8, categories);
  image.int32(quantizer + 12, sets.length);
  image.int32(quantizer + 16, featureCount);
  image.int32(quantizer + 20, planOf);
  image.int32(quantizer + 24, readsByValue ? writeTemplate(image, ranks, groupBytes) : 0);
  image.int32(quantizer + 28, groupBytes);
  return quantizer;
}

/** Codes of 16 rows in which every value is missing. */
function writeTemplate(image: ImageWriter, ranks: readonly RankPlan[], groupBytes: number): number {
  const codes = new Int8Array(groupBytes);
  for (const { lowColumn, highColumn, chunks } of ranks) {
    const fill = (column: number, code: number): void => {
      if (column >= 0) codes.fill(code, column * GROUP_ROWS, (column + chunks) * GROUP_ROWS);
    };
    fill(lowColumn, -128);
    fill(highColumn, 127);
  }
  const template = image.reserve(groupBytes);
  image.copy(template, new Uint8Array(codes.buffer));
  return template;
}

function writeRankPlan(image: ImageWriter, at: number, plan: RankPlan): void {
  const grid = plan.thresholds.length > FEW_THRESHOLDS ? planGrid(plan.thresholds) : undefined;
  const steps = grid?.steps ?? 0;
  const padded = new Float32Array(((plan.thresholds.length + 3) & ~3) + 2 ** steps).fill(Number.NaN);
  padded.set(plan.thresholds);
  const thresholds = image.reserve(padded.byteLength);
  image.copy(thresholds, new Uint8Array(padded.buffer));
  image.int32(at, plan.feature * 4);
  image.int32(at + 4, thresholds);
  image.int32(at + 8, (plan.thresholds.length + 3) & ~3);
  if (grid) {
    const table = image.reserve(grid.table.byteLength);
    image.copy(table, new Uint8Array(grid.table.buffer));
    image.int32(at + 12, table);
    image.float32(at + 16, grid.table.length - 1);
    image.float32(at + 20, grid.origin);
    image.float32(at + 24, grid.scale);
  }
  image.int32(at + 28, steps);
  image.int32(at + 32, plan.lowColumn < 0 ? -1 : plan.lowColumn * GROUP_ROWS);
  image.int32(at + 36, plan.highColumn < 0 ? -1 : plan.highColumn * GROUP_ROWS);
  image.int32(at + 40, plan.chunks);
}

function writeSetPlan(image: ImageWriter, at: number, plan: SetPlan): void {
  const bits = image.reserve(plan.bits.length);
  image.copy(bits, plan.bits);
  image.int32(at, plan.feature * 4);
  image.int32(at + 4, bits);
  image.int32(at + 8, plan.bits.length * 8);
  image.int32(at + 12, plan.column * GROUP_ROWS);
  image.int32(at + 16, plan.missingGoesLeft ? -1 : 0);
}

function writeTree(
  image: ImageWriter,
  header: number,
  { tree, group, weight }: WeightedTree,
  columns: ColumnPlan,
): void {
  const depth = depthOf(tree);
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
  let position = 0;
  let leaf = 0;
  const place = (node: number, levels: number): void => {
    if (levels === 0) {
      image.float32(firstLeaf - 4 * leaf++, Math.fround(tree.condition[node]! * weight));
      return;
    }
    const isInner = tree.left[node] !== -1;
    const split = isInner ? columns.splitOf(tree, node) : { column: 0, key: NEVER_RIGHT };
    image.int32(nodes + 4 * position, split.column * GROUP_ROWS);
    image.int8(keys + position, split.key);
    position++;
    place(isInner ? tree.left[node]! : node, levels - 1);
    place(isInner ? tree.right[node]! : node, levels - 1);
  };
  place(0, depth);
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

function depthOf(tree: Tree): number {
  let depth = 0;
  const open: (readonly [node: number, level: number])[] = [[0, 0]];
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const [node, level] = entry;
    depth = Math.max(depth, level);
    if (tree.left[node] !== -1) open.push([tree.left[node]!, level + 1], [tree.right[node]!, level + 1]);
  }
  return depth;
}
