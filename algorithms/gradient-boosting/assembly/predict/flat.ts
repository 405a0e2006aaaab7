/**
 * Flat trees: complete trees of depth 1 to 6 whose splits are all evaluated, for 16 rows together and without a branch.
 * The answers of a subtree are one byte per row: minus the index of the leaf.
 */
import { LANES } from './plans';
import { TreeHeader } from './tree';

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

export function flatTree(tree: TreeHeader, codes: usize, groupBytes: usize, groups: i32, sums: usize, scratch: usize): void {
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

/** One level down a flat tree whose subtrees have `below` splits: the position moves on by 1, or past the left subtree. */
@inline
export function goesRight(codes: usize, nodes: usize, keys: usize, at: usize): usize {
  // The casts keep the comparison signed.
  return usize(i32(load<i8>(codes + load<u32>(nodes + (at << 2)))) > i32(load<i8>(keys + at)));
}

/** Leaf of one row in a flat tree. */
@inline
export function flatLeaf(tree: TreeHeader, codes: usize): f32 {
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
