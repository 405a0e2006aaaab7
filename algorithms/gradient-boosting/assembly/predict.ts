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

/** How to rank the values of one feature, 48 bytes. */
@unmanaged class FeaturePlan {
  /** Byte offset in a row. */
  offset: u32;
  /** Ascending float32, then NaN up to a multiple of 4 and at least `steps` powers of two more. */
  thresholds: usize;
  /** Thresholds to compare all of when `cells` is 0; a multiple of 4. */
  count: i32;
  /** Rank at the lower end of each grid cell, u16. */
  table: usize;
  /** Last cell of a grid over the thresholds, as a float; 0 when there is none. */
  lastCell: f32;
  /** A value is in cell trunc((x − origin) × scale), within 0 … lastCell. */
  origin: f32;
  scale: f32;
  /** Binary search steps within a cell. */
  steps: i32;
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

/** How many thresholds are at or below x; 0 for NaN. */
@inline
function rank(plan: FeaturePlan, x: f32): i32 {
  if (plan.lastCell == 0) return countAtMost(plan.thresholds, plan.count, x);
  return search(plan.thresholds, plan.steps, load<u16>(plan.table + (cellOf(plan, x) << 1)), x);
}

function countAtMost(thresholds: usize, count: i32, x: f32): i32 {
  const wanted = f32x4.splat(x);
  let sum = i32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    sum = i32x4.sub(sum, f32x4.le(v128.load(thresholds), wanted));
    thresholds += 16;
  }
  return i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
}

@inline
function cellOf(plan: FeaturePlan, x: f32): usize {
  // A NaN becomes cell 0: max and min hand it on, and the saturating conversion makes it 0.
  const position = max<f32>(min<f32>((x - plan.origin) * plan.scale, plan.lastCell), 0);
  return usize(<i32>position);
}

/** Thresholds in later cells are above x, so that the search may look past its own cell. */
@inline
function search(thresholds: usize, steps: i32, start: i32, x: f32): i32 {
  let at = thresholds + (start << 2);
  for (let step = steps - 1; step >= 0; step--) {
    const half = (<usize>4) << step;
    at += half & -i32(load<f32>(at + half - 4) <= x);
  }
  return i32((at - thresholds) >> 2);
}

/** All bits but the sign when x is NaN: more than any rank. */
@inline
function missing(x: f32): i32 {
  return -i32(x != x) & 0x7fffffff;
}

@inline
function code(rank: i32): i8 {
  return i8(min(max(rank, 0), 255) - 128);
}

/** Stores the rank of one row in a feature's columns; `codes` points at the row's lane. */
@inline
function storeRank(plan: FeaturePlan, codes: usize, r: i32, missing: i32): void {
  const chunks = plan.chunks;
  if (plan.low >= 0) storeChunks(codes + plan.low, chunks, r);
  if (plan.high >= 0) storeChunks(codes + plan.high, chunks, r | missing);
}

@inline
function storeChunks(target: usize, chunks: i32, r: i32): void {
  store<i8>(target, code(r));
  for (let chunk = 1; chunk < chunks; chunk++) store<i8>(target + chunk * LANES, code(r - chunk * CHUNK));
}

/** Ranks of one feature for `groups` × 16 rows with few thresholds: all of them are compared, four rows at once. */
function rankFew(plan: FeaturePlan, row: usize, stride: usize, codes: usize, groupBytes: usize, groups: i32): void {
  const thresholds = plan.thresholds;
  const count = plan.count;
  const low = plan.low;
  const high = plan.high;
  const offset = i32x4.splat(-128);
  const highest = i32x4.splat(127);
  for (let group = 0; group < groups; group++) {
    for (let lane = 0; lane < LANES; lane += 4) {
      let x = v128.load32_zero(row);
      x = v128.load32_lane(row + stride, x, 1);
      x = v128.load32_lane(row + 2 * stride, x, 2);
      x = v128.load32_lane(row + 3 * stride, x, 3);
      row += 4 * stride;
      let ranks = offset;
      for (let i = 0; i < count; i++) {
        ranks = i32x4.sub(ranks, f32x4.le(v128.load32_splat(thresholds + (i << 2)), x));
      }
      if (low >= 0) store<i32>(codes + low + lane, packCodes(ranks));
      if (high >= 0) store<i32>(codes + high + lane, packCodes(v128.bitselect(highest, ranks, f32x4.ne(x, x))));
    }
    codes += groupBytes;
  }
}

/** Four codes as the bytes of one integer. */
@inline
function packCodes(codes: v128): i32 {
  const halves = i16x8.narrow_i32x4_s(codes, codes);
  return i32x4.extract_lane(i8x16.narrow_i16x8_s(halves, halves), 0);
}

/** The same with a grid: a multiplication finds the cell, a short search the rank in it. */
function rankMany(plan: FeaturePlan, row: usize, stride: usize, codes: usize, groupBytes: usize, groups: i32): void {
  const thresholds = plan.thresholds;
  const table = plan.table;
  const steps = plan.steps;
  const origin = f32x4.splat(plan.origin);
  const scale = f32x4.splat(plan.scale);
  const lastCell = f32x4.splat(plan.lastCell);
  const zero = f32x4.splat(0);
  for (let group = 0; group < groups; group++) {
    for (let lane = 0; lane < LANES; lane += 4) {
      let x = v128.load32_zero(row);
      x = v128.load32_lane(row + stride, x, 1);
      x = v128.load32_lane(row + 2 * stride, x, 2);
      x = v128.load32_lane(row + 3 * stride, x, 3);
      row += 4 * stride;
      const position = f32x4.max(f32x4.min(f32x4.mul(f32x4.sub(x, origin), scale), lastCell), zero);
      const cells = i32x4.trunc_sat_f32x4_s(position);
      const x0 = f32x4.extract_lane(x, 0);
      const x1 = f32x4.extract_lane(x, 1);
      const x2 = f32x4.extract_lane(x, 2);
      const x3 = f32x4.extract_lane(x, 3);
      let p0 = thresholds + (usize(load<u16>(table + (i32x4.extract_lane(cells, 0) << 1))) << 2);
      let p1 = thresholds + (usize(load<u16>(table + (i32x4.extract_lane(cells, 1) << 1))) << 2);
      let p2 = thresholds + (usize(load<u16>(table + (i32x4.extract_lane(cells, 2) << 1))) << 2);
      let p3 = thresholds + (usize(load<u16>(table + (i32x4.extract_lane(cells, 3) << 1))) << 2);
      for (let step = steps - 1; step > 0; step--) {
        const half = (<usize>4) << step;
        p0 += half & -i32(load<f32>(p0 + half - 4) <= x0);
        p1 += half & -i32(load<f32>(p1 + half - 4) <= x1);
        p2 += half & -i32(load<f32>(p2 + half - 4) <= x2);
        p3 += half & -i32(load<f32>(p3 + half - 4) <= x3);
      }
      const r0 = i32((p0 - thresholds) >> 2) + i32(load<f32>(p0) <= x0);
      const r1 = i32((p1 - thresholds) >> 2) + i32(load<f32>(p1) <= x1);
      const r2 = i32((p2 - thresholds) >> 2) + i32(load<f32>(p2) <= x2);
      const r3 = i32((p3 - thresholds) >> 2) + i32(load<f32>(p3) <= x3);
      const at = codes + lane;
      storeRank(plan, at, r0, missing(x0));
      storeRank(plan, at + 1, r1, missing(x1));
      storeRank(plan, at + 2, r2, missing(x2));
      storeRank(plan, at + 3, r3, missing(x3));
    }
    codes += groupBytes;
  }
}

/** Columns of one row of which most values are missing: `codes` holds the codes of missing values already. */
function rankPresent(planOf: usize, columns: i32, row: usize, codes: usize): void {
  for (let first = 0; first < columns; first += LANES) {
    const a = presence(row);
    const b = presence(row + 16);
    const c = presence(row + 32);
    const d = presence(row + 48);
    row += 64;
    let present = i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
    while (present != 0) {
      const column = first + ctz(present);
      present &= present - 1;
      if (column >= columns) return;
      const plan = changetype<FeaturePlan>(load<usize>(planOf + (column << 2)));
      if (changetype<usize>(plan) == 0) continue;
      storeRank(plan, codes, rank(plan, load<f32>(row - 64 + ((column - first) << 2))), 0);
    }
  }
}

@inline
function presence(row: usize): v128 {
  const x = v128.load(row);
  return f32x4.eq(x, x);
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

/** The quantiser of a model, 32 bytes. */
@unmanaged class Quantizer {
  features: usize;
  featureCount: i32;
  categories: usize;
  categoryCount: i32;
  /** Columns of a row. */
  columns: i32;
  /** Address of the plan of each column, 0 for an unused one. */
  planOf: usize;
  /** Codes of 16 rows in which everything is missing; 0 when rows shall never be read by their present values. */
  template: usize;
  /** Bytes of the codes of 16 rows. */
  groupBytes: i32;
}

/** Whether most of a row's values are missing. */
function isSparse(row: usize, columns: i32): bool {
  let present = 0;
  for (let column = 0; column < columns; column++) present += i32(load<f32>(row) == load<f32>(row)), row += 4;
  return 2 * present < columns;
}

/** Quantises `groups` × 16 rows. */
function quantize(quantizer: Quantizer, rows: usize, codes: usize, groups: i32): void {
  const stride = usize(quantizer.columns) << 2;
  const groupBytes = usize(quantizer.groupBytes);
  if (quantizer.template != 0 && isSparse(rows, quantizer.columns)) {
    for (let group = 0; group < groups; group++) {
      memory.copy(codes + usize(group) * groupBytes, quantizer.template, groupBytes);
      for (let lane = 0; lane < LANES; lane++) {
        const row = rows + usize(group * LANES + lane) * stride;
        rankPresent(quantizer.planOf, quantizer.columns, row, codes + usize(group) * groupBytes + lane);
      }
    }
  } else {
    for (let i = 0; i < quantizer.featureCount; i++) {
      const plan = changetype<FeaturePlan>(quantizer.features + i * offsetof<FeaturePlan>());
      if (plan.lastCell == 0) rankFew(plan, rows + plan.offset, stride, codes, groupBytes, groups);
      else rankMany(plan, rows + plan.offset, stride, codes, groupBytes, groups);
    }
  }
  for (let i = 0; i < quantizer.categoryCount; i++) {
    const plan = changetype<CategoryPlan>(quantizer.categories + i * offsetof<CategoryPlan>());
    for (let group = 0; group < groups; group++) {
      rankCategory(plan, rows + usize(group * LANES) * stride, stride, codes + usize(group) * groupBytes, LANES);
    }
  }
}

/** Quantises a single row into lane 0. */
function quantizeRow(quantizer: Quantizer, row: usize, codes: usize): void {
  for (let i = 0; i < quantizer.featureCount; i++) {
    const plan = changetype<FeaturePlan>(quantizer.features + i * offsetof<FeaturePlan>());
    const x = load<f32>(row + plan.offset);
    if (x == x) storeRank(plan, codes, rank(plan, x), 0);
    else storeRank(plan, codes, 0, 0x7fffffff);
  }
  for (let i = 0; i < quantizer.categoryCount; i++) {
    rankCategory(changetype<CategoryPlan>(quantizer.categories + i * offsetof<CategoryPlan>()), row, 0, codes, 1);
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

/** A batch and how far it is, 64 bytes. Threads of one memory share it. */
@unmanaged class Batch {
  /** Odd while there is work to take; waiting threads sleep on it. */
  phase: i32;
  /** First row that nobody has taken. */
  nextRow: i32;
  /** Helpers at work; the leader sleeps on it. */
  active: i32;
  quantizer: usize;
  trees: usize;
  treeCount: i32;
  /** [rowCount rounded up to 16 × columns] float32, then 60 readable bytes. */
  rows: usize;
  rowCount: i32;
  /** [rowCount × outputs] float32: starting margins before, sums after. */
  margins: usize;
  outputs: i32;
  /** Groups of 16 rows that a thread takes at once. */
  blockGroups: i32;
}

@inline
function phaseOf(batch: Batch): usize {
  return changetype<usize>(batch);
}

@inline
function activeOf(batch: Batch): usize {
  return changetype<usize>(batch) + offsetof<Batch>("active");
}

/**
 * Margins of a batch, block by block as long as there are any. Sums are float32 in tree order, whoever takes a block.
 * @param codes room for `blockGroups` groups, this thread's own
 * @param sums  room for blockGroups × 16 × outputs float32 and 16 bytes, this thread's own
 */
function work(batch: Batch, codes: usize, sums: usize): void {
  const blockRows = batch.blockGroups * LANES;
  const next = changetype<usize>(batch) + offsetof<Batch>("nextRow");
  while (true) {
    const first = atomic.add<i32>(next, blockRows);
    if (first >= batch.rowCount) return;
    predictBlock(batch, first, min(blockRows, batch.rowCount - first), codes, sums);
  }
}

function predictBlock(batch: Batch, first: i32, count: i32, codes: usize, sums: usize): void {
  const quantizer = changetype<Quantizer>(batch.quantizer);
  const blockRows = batch.blockGroups * LANES;
  const outputs = batch.outputs;
  const scratch = sums + 4 * blockRows * outputs;
  const groupBytes = usize(quantizer.groupBytes);
  const groups = (count + LANES - 1) / LANES;
  const margins = batch.margins + 4 * usize(first) * outputs;
  quantize(quantizer, batch.rows + 4 * usize(first) * quantizer.columns, codes, groups);
  transposeIn(margins, sums, count, blockRows, outputs);
  for (let t = 0; t < batch.treeCount; t++) {
    const tree = changetype<TreeHeader>(batch.trees + t * offsetof<TreeHeader>());
    const target = sums + 4 * blockRows * tree.group;
    if (tree.depth > 0) flatTree(tree, codes, groupBytes, groups, target, scratch);
    else linkedTree(tree, codes, groupBytes, groups, target);
  }
  transposeOut(margins, sums, count, blockRows, outputs);
}

/** The leader's part: opens the batch to helpers, works, and returns when no helper is at work on it. */
export function predictRows(batch: Batch, codes: usize, sums: usize, wakesHelpers: i32): void {
  batch.nextRow = 0;
  if (wakesHelpers == 0) {
    work(batch, codes, sums);
    return;
  }
  atomic.add<i32>(phaseOf(batch), 1);
  atomic.notify(phaseOf(batch), -1);
  work(batch, codes, sums);
  atomic.add<i32>(phaseOf(batch), 1);
  let active = atomic.load<i32>(activeOf(batch));
  while (active != 0) {
    atomic.wait<i32>(activeOf(batch), active, -1);
    active = atomic.load<i32>(activeOf(batch));
  }
}

/** A helper's life: takes part in each batch that opens; never returns. */
export function serve(batch: Batch, codes: usize, sums: usize): void {
  while (true) {
    const phase = atomic.load<i32>(phaseOf(batch));
    if (phase & 1) {
      // The leader waits for active helpers after closing, so whoever is counted and still sees it open may read it.
      atomic.add<i32>(activeOf(batch), 1);
      if (atomic.load<i32>(phaseOf(batch)) & 1) work(batch, codes, sums);
      atomic.sub<i32>(activeOf(batch), 1);
      atomic.notify(activeOf(batch), 1);
    }
    atomic.wait<i32>(phaseOf(batch), phase, -1);
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
  quantizer: Quantizer, trees: usize, treeCount: i32, row: usize, margins: usize, codes: usize,
): void {
  quantizeRow(quantizer, row, codes);
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
