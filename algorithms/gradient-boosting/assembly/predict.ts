/**
 * Prediction on quantised rows. A model uses at most a few hundred thresholds of a feature, so a value is first replaced
 * by its rank among them: one signed byte, exact, whatever the value. After that a split is a comparison of bytes, and
 * one SIMD instruction takes it for 16 rows.
 *
 *   codes      [groups of 16 rows][columns][16 lanes]   int8 = rank − 128
 *   a column   one feature with one direction for missing values: −128 is left of, 127 right of every threshold
 *   a split    a row goes right when code > key
 *
 * Trees of depth 6 or less are evaluated whole, all their splits at once without a branch ("flat"); deeper ones are
 * walked, four rows interleaved ("linked").
 */

const LANES: i32 = 16;

/** Feature plan, 32 bytes: byte offset in a row, thresholds, search steps, count, columns for missing low and high, chunks. */
@unmanaged class FeaturePlan {
  offset: u32;
  thresholds: usize;
  steps: i32;
  count: i32;
  /** Byte offset in a group, −1 for none. A feature with more than 254 thresholds has `chunks` columns side by side. */
  low: i32;
  high: i32;
  chunks: i32;
  unused: i32;
}

/** Category plan, 24 bytes: byte offset in a row, bitset, its bits, column, code of a missing value. */
@unmanaged class CategoryPlan {
  offset: u32;
  bits: usize;
  bitCount: u32;
  column: i32;
  missing: i32;
  unused: i32;
}

/** Tree header, 32 bytes. */
@unmanaged class TreeHeader {
  /** 1 to 6 for a flat tree, 0 for a linked one. */
  depth: i32;
  /** Flat: column offsets u32 [2^depth − 1], parents before left before right subtree. Linked: nodes, 8 bytes each. */
  nodes: usize;
  /** Flat: keys i8, in the same order. */
  keys: usize;
  /** Flat: address of the first leaf, the others below it. Linked: leaf values f32 by node. */
  leaves: usize;
  group: i32;
  unused0: i32;
  unused1: i32;
  unused2: i32;
}

/** Thresholds of one chunk: ranks 0 to 254 and 255 for missing-goes-right fit a byte. */
const CHUNK: i32 = 254;

// --- quantising ---

@inline
function isAtMost(threshold: usize, x: f32): i32 {
  return i32(load<f32>(threshold) <= x);
}

/** Ranks of `lanes` (a multiple of 4) rows of one feature. Thresholds are padded with NaN to 2^steps − 1. */
function rankFeature(plan: FeaturePlan, rows: usize, stride: usize, codes: usize, lanes: i32): void {
  const thresholds = plan.thresholds;
  const steps = plan.steps;
  const low = plan.low;
  const high = plan.high;
  const chunks = plan.chunks;
  let row = rows + plan.offset;
  for (let lane = 0; lane < lanes; lane += 4) {
    const x0 = load<f32>(row);
    const x1 = load<f32>(row + stride);
    const x2 = load<f32>(row + 2 * stride);
    const x3 = load<f32>(row + 3 * stride);
    row += 4 * stride;
    // Byte offsets of the search in the thresholds; `half` is the byte size of the half that may be skipped.
    let p0 = thresholds;
    let p1 = thresholds;
    let p2 = thresholds;
    let p3 = thresholds;
    for (let step = steps - 1; step >= 0; step--) {
      const half = (<usize>4) << step;
      const probe = half - 4;
      p0 += half & -isAtMost(p0 + probe, x0);
      p1 += half & -isAtMost(p1 + probe, x1);
      p2 += half & -isAtMost(p2 + probe, x2);
      p3 += half & -isAtMost(p3 + probe, x3);
    }
    const r0 = i32((p0 - thresholds) >> 2);
    const r1 = i32((p1 - thresholds) >> 2);
    const r2 = i32((p2 - thresholds) >> 2);
    const r3 = i32((p3 - thresholds) >> 2);
    if (low >= 0) {
      storeRanks(codes + low + lane, chunks, r0, r1, r2, r3);
    }
    if (high >= 0) {
      storeRanks(codes + high + lane, chunks, r0 | missing(x0), r1 | missing(x1), r2 | missing(x2), r3 | missing(x3));
    }
  }
}

/** All bits but the sign when x is NaN: more than any rank. */
@inline
function missing(x: f32): i32 {
  return -i32(x != x) & 0x7fffffff;
}

@inline
function storeRanks(target: usize, chunks: i32, r0: i32, r1: i32, r2: i32, r3: i32): void {
  let base = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    store<i8>(target, code(r0 - base), 0);
    store<i8>(target, code(r1 - base), 1);
    store<i8>(target, code(r2 - base), 2);
    store<i8>(target, code(r3 - base), 3);
    base += CHUNK;
    target += LANES;
  }
}

@inline
function code(rank: i32): i8 {
  return i8(min(max(rank, 0), 255) - 128);
}

function rankCategory(plan: CategoryPlan, rows: usize, stride: usize, codes: usize, lanes: i32): void {
  const bits = plan.bits;
  const bitCount = plan.bitCount;
  let row = rows + plan.offset;
  const target = codes + plan.column;
  for (let lane = 0; lane < lanes; lane++) {
    const x = load<f32>(row);
    row += stride;
    let result = plan.missing;
    if (x == x) {
      // Negative values and those past the set are in no set; −0.5 truncates to 0 but is negative.
      const category = x < 0 ? bitCount : u32(min<f32>(x, 16777216));
      result = category < bitCount ? (i32(load<u8>(bits + (category >> 3)) >> u8(category & 7)) & 1) - 1 : -1;
    }
    store<i8>(target + lane, i8(result));
  }
}

/** Quantises `lanes` rows (a multiple of 4) into one group. */
function quantize(
  rows: usize, stride: usize, codes: usize, lanes: i32,
  features: usize, featureCount: i32, categories: usize, categoryCount: i32,
): void {
  for (let i = 0; i < featureCount; i++) {
    rankFeature(changetype<FeaturePlan>(features + i * offsetof<FeaturePlan>()), rows, stride, codes, lanes);
  }
  for (let i = 0; i < categoryCount; i++) {
    rankCategory(changetype<CategoryPlan>(categories + i * offsetof<CategoryPlan>()), rows, stride, codes, lanes);
  }
}

// --- flat trees, 16 rows at once ---

/** −1 in each lane that goes right at split `at`. */
@inline
function split(codes: usize, nodes: usize, keys: usize, at: usize): v128 {
  return i8x16.gt_s(v128.load(codes + load<u32>(nodes + (at << 2))), v128.load8_splat(keys + at));
}

@inline
function choose(mask: v128, right: v128, left: v128): v128 {
  return i8x16.relaxed_laneselect(right, left, mask);
}

@inline
function twice(v: v128): v128 {
  return i8x16.add(v, v);
}

/** Minus the leaf index (0 to 1) of a subtree of one split. */
@inline
function leaf1(codes: usize, nodes: usize, keys: usize, at: usize): v128 {
  return split(codes, nodes, keys, at);
}

/** Minus the leaf index (0 to 3). */
@inline
function leaf2(codes: usize, nodes: usize, keys: usize, at: usize): v128 {
  const root = split(codes, nodes, keys, at);
  const left = split(codes, nodes, keys, at + 1);
  const right = split(codes, nodes, keys, at + 2);
  return i8x16.add(twice(root), choose(root, right, left));
}

/** Minus the leaf index (0 to 7). */
@inline
function leaf3(codes: usize, nodes: usize, keys: usize, at: usize): v128 {
  const root = split(codes, nodes, keys, at);
  const left = leaf2(codes, nodes, keys, at + 1);
  const right = leaf2(codes, nodes, keys, at + 4);
  return i8x16.add(twice(twice(root)), choose(root, right, left));
}

/** Minus the leaf index (0 to 15). */
@inline
function leaf4(codes: usize, nodes: usize, keys: usize, at: usize): v128 {
  const root = split(codes, nodes, keys, at);
  const left = leaf3(codes, nodes, keys, at + 1);
  const right = leaf3(codes, nodes, keys, at + 8);
  return i8x16.add(twice(twice(twice(root))), choose(root, right, left));
}

/** Minus the leaf index (0 to 31). */
@inline
function leaf5(codes: usize, nodes: usize, keys: usize, at: usize): v128 {
  const root = split(codes, nodes, keys, at);
  const left = leaf4(codes, nodes, keys, at + 1);
  const right = leaf4(codes, nodes, keys, at + 16);
  return i8x16.add(twice(twice(twice(twice(root)))), choose(root, right, left));
}

/** Minus the leaf index (0 to 63). */
@inline
function leaf6(codes: usize, nodes: usize, keys: usize, at: usize): v128 {
  const root = split(codes, nodes, keys, at);
  const left = leaf5(codes, nodes, keys, at + 1);
  const right = leaf5(codes, nodes, keys, at + 32);
  return i8x16.add(twice(twice(twice(twice(twice(root))))), choose(root, right, left));
}

/** Adds to 16 sums the leaves whose negated indices are the bytes of `indices`. */
@inline
function addLeaves(indices: v128, leaves: usize, sums: usize, scratch: usize): void {
  v128.store(scratch, indices);
  for (let lane = 0; lane < LANES; lane += 4) {
    const at = scratch + lane;
    let values = v128.load32_zero(leaves + (load<i8>(at, 0) << 2));
    values = v128.load32_lane(leaves + (load<i8>(at, 1) << 2), values, 1);
    values = v128.load32_lane(leaves + (load<i8>(at, 2) << 2), values, 2);
    values = v128.load32_lane(leaves + (load<i8>(at, 3) << 2), values, 3);
    v128.store(sums, f32x4.add(v128.load(sums), values));
    sums += 16;
  }
}

function flatTree(tree: TreeHeader, codes: usize, groupBytes: usize, groups: i32, sums: usize, scratch: usize): void {
  const nodes = tree.nodes;
  const keys = tree.keys;
  const leaves = tree.leaves;
  const depth = tree.depth;
  if (depth == 6) {
    for (let group = 0; group < groups; group++) {
      addLeaves(leaf6(codes, nodes, keys, 0), leaves, sums, scratch);
      codes += groupBytes;
      sums += 4 * LANES;
    }
    return;
  }
  for (let group = 0; group < groups; group++) {
    let indices: v128;
    if (depth == 5) indices = leaf5(codes, nodes, keys, 0);
    else if (depth == 4) indices = leaf4(codes, nodes, keys, 0);
    else if (depth == 3) indices = leaf3(codes, nodes, keys, 0);
    else if (depth == 2) indices = leaf2(codes, nodes, keys, 0);
    else indices = leaf1(codes, nodes, keys, 0);
    addLeaves(indices, leaves, sums, scratch);
    codes += groupBytes;
    sums += 4 * LANES;
  }
}

// --- linked trees, four rows interleaved ---

/** Node of a linked tree: column offset << 8 | key, index of the left child (its own for a leaf, which no code is above). */
@inline
function next(nodes: usize, node: u32, codes: usize): u32 {
  const at = nodes + (node << 3);
  const word = load<u32>(at);
  return load<u32>(at, 4) + u32(i32(load<i8>(codes + (word >> 8))) > i32(<i8>word));
}

function linkedTree(tree: TreeHeader, codes: usize, groupBytes: usize, groups: i32, sums: usize): void {
  const nodes = tree.nodes;
  const leaves = tree.leaves;
  for (let group = 0; group < groups; group++) {
    for (let lane = 0; lane < LANES; lane += 4) {
      const at = codes + lane;
      let n0: u32 = 0;
      let n1: u32 = 0;
      let n2: u32 = 0;
      let n3: u32 = 0;
      let changed: u32 = 1;
      while (changed != 0) {
        const m0 = next(nodes, n0, at);
        const m1 = next(nodes, n1, at + 1);
        const m2 = next(nodes, n2, at + 2);
        const m3 = next(nodes, n3, at + 3);
        changed = (m0 ^ n0) | (m1 ^ n1) | (m2 ^ n2) | (m3 ^ n3);
        n0 = m0;
        n1 = m1;
        n2 = m2;
        n3 = m3;
      }
      const target = sums + (lane << 2);
      store<f32>(target, load<f32>(target, 0) + load<f32>(leaves + (n0 << 2)), 0);
      store<f32>(target, load<f32>(target, 4) + load<f32>(leaves + (n1 << 2)), 4);
      store<f32>(target, load<f32>(target, 8) + load<f32>(leaves + (n2 << 2)), 8);
      store<f32>(target, load<f32>(target, 12) + load<f32>(leaves + (n3 << 2)), 12);
    }
    codes += groupBytes;
    sums += 4 * LANES;
  }
}

// --- entry points ---

/**
 * Margins of a batch. Sums are float32 in tree order.
 * @param rows     [rowCount rounded up to 16 × features] float32
 * @param margins  [rowCount × outputs] float32: the starting margins on entry
 * @param codes    room for `blockGroups` groups
 * @param sums     room for blockGroups × 16 × outputs float32, then 16 bytes of scratch
 */
export function predictRows(
  rows: usize, rowCount: i32, stride: usize, margins: usize, outputs: i32,
  features: usize, featureCount: i32, categories: usize, categoryCount: i32,
  trees: usize, treeCount: i32, codes: usize, groupBytes: usize, sums: usize, blockGroups: i32,
): void {
  const blockRows = blockGroups * LANES;
  const scratch = sums + 4 * blockRows * outputs;
  for (let first = 0; first < rowCount; first += blockRows) {
    const count = min(blockRows, rowCount - first);
    const groups = (count + LANES - 1) / LANES;
    for (let group = 0; group < groups; group++) {
      const start = rows + usize(first + group * LANES) * stride;
      quantize(start, stride, codes + usize(group) * groupBytes, LANES, features, featureCount, categories, categoryCount);
    }
    transposeIn(margins + 4 * first * outputs, sums, count, blockRows, outputs);
    for (let t = 0; t < treeCount; t++) {
      const tree = changetype<TreeHeader>(trees + t * offsetof<TreeHeader>());
      const target = sums + 4 * blockRows * tree.group;
      if (tree.depth > 0) flatTree(tree, codes, groupBytes, groups, target, scratch);
      else linkedTree(tree, codes, groupBytes, groups, target);
    }
    transposeOut(margins + 4 * first * outputs, sums, count, blockRows, outputs);
  }
}

function transposeIn(margins: usize, sums: usize, count: i32, blockRows: i32, outputs: i32): void {
  if (outputs == 1) {
    memory.copy(sums, margins, 4 * count);
    return;
  }
  for (let row = 0; row < count; row++) {
    for (let output = 0; output < outputs; output++) {
      store<f32>(sums + 4 * (output * blockRows + row), load<f32>(margins));
      margins += 4;
    }
  }
}

function transposeOut(margins: usize, sums: usize, count: i32, blockRows: i32, outputs: i32): void {
  if (outputs == 1) {
    memory.copy(margins, sums, 4 * count);
    return;
  }
  for (let row = 0; row < count; row++) {
    for (let output = 0; output < outputs; output++) {
      store<f32>(margins, load<f32>(sums + 4 * (output * blockRows + row)));
      margins += 4;
    }
  }
}

/** One level down a flat tree whose subtrees have `below` splits: the position moves on by 1, or past the left subtree. */
@inline
function goesRight(codes: usize, nodes: usize, keys: usize, at: usize): usize {
  // The casts keep the comparison signed.
  return usize(i32(load<i8>(codes + load<u32>(nodes + (at << 2)))) > i32(load<i8>(keys + at)));
}

/** Leaf of one row in a flat tree. */
@inline
function flatLeaf(tree: TreeHeader, codes: usize): f32 {
  let at: usize = 0;
  let index: usize = 0;
  for (let below = ((<usize>1) << (tree.depth - 1)) - 1; ; below >>= 1) {
    const right = goesRight(codes, tree.nodes, tree.keys, at);
    index = (index << 1) | right;
    if (below == 0) break;
    at += 1 + (below & -right);
  }
  return load<f32>(tree.leaves - (index << 2));
}

/** Leaf of one row in a linked tree. */
@inline
function linkedLeaf(tree: TreeHeader, codes: usize): f32 {
  let node: u32 = 0;
  while (true) {
    const child = next(tree.nodes, node, codes);
    if (child == node) return load<f32>(tree.leaves + (node << 2));
    node = child;
  }
}

/** Margins of a single row: four neighbouring trees of one depth are interleaved, since each walk waits for memory. */
export function predictRow(
  row: usize, margins: usize,
  features: usize, featureCount: i32, categories: usize, categoryCount: i32,
  trees: usize, treeCount: i32, codes: usize,
): void {
  // Lanes 1 to 3 rank the same row: a stride of 0 reads it again.
  quantize(row, 0, codes, 4, features, featureCount, categories, categoryCount);
  let t = 0;
  while (t < treeCount) {
    const a = changetype<TreeHeader>(trees + t * offsetof<TreeHeader>());
    const depth = a.depth;
    if (depth > 0 && t + 3 < treeCount) {
      const b = changetype<TreeHeader>(trees + (t + 1) * offsetof<TreeHeader>());
      const c = changetype<TreeHeader>(trees + (t + 2) * offsetof<TreeHeader>());
      const d = changetype<TreeHeader>(trees + (t + 3) * offsetof<TreeHeader>());
      if (b.depth == depth && c.depth == depth && d.depth == depth) {
        addFour(a, b, c, d, codes, margins);
        t += 4;
        continue;
      }
    }
    add(margins, a, depth > 0 ? flatLeaf(a, codes) : linkedLeaf(a, codes));
    t++;
  }
}

@inline
function add(margins: usize, tree: TreeHeader, value: f32): void {
  const target = margins + (tree.group << 2);
  store<f32>(target, load<f32>(target) + value);
}

function addFour(a: TreeHeader, b: TreeHeader, c: TreeHeader, d: TreeHeader, codes: usize, margins: usize): void {
  let at0: usize = 0;
  let at1: usize = 0;
  let at2: usize = 0;
  let at3: usize = 0;
  let i0: usize = 0;
  let i1: usize = 0;
  let i2: usize = 0;
  let i3: usize = 0;
  const nodes0 = a.nodes, nodes1 = b.nodes, nodes2 = c.nodes, nodes3 = d.nodes;
  const keys0 = a.keys, keys1 = b.keys, keys2 = c.keys, keys3 = d.keys;
  for (let below = ((<usize>1) << (a.depth - 1)) - 1; ; below >>= 1) {
    const right0 = goesRight(codes, nodes0, keys0, at0);
    const right1 = goesRight(codes, nodes1, keys1, at1);
    const right2 = goesRight(codes, nodes2, keys2, at2);
    const right3 = goesRight(codes, nodes3, keys3, at3);
    i0 = (i0 << 1) | right0;
    i1 = (i1 << 1) | right1;
    i2 = (i2 << 1) | right2;
    i3 = (i3 << 1) | right3;
    if (below == 0) break;
    at0 += 1 + (below & -right0);
    at1 += 1 + (below & -right1);
    at2 += 1 + (below & -right2);
    at3 += 1 + (below & -right3);
  }
  add(margins, a, load<f32>(a.leaves - (i0 << 2)));
  add(margins, b, load<f32>(b.leaves - (i1 << 2)));
  add(margins, c, load<f32>(c.leaves - (i2 << 2)));
  add(margins, d, load<f32>(d.leaves - (i3 << 2)));
}
