/** What the tree kernels read: src/predict/compiled-model.ts lays it out. */

/** Tree header, 32 bytes. */
@unmanaged export class TreeHeader {
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
