/** Linked trees: nodes lead to their children. They are walked, four rows interleaved, since each waits for memory. */
import { LANES } from './plans';
import { TreeHeader } from './tree';

/** Node of a linked tree: column offset << 8 | key, index of the left child (its own for a leaf, which no code is above). */
@inline
function next(nodes: usize, node: u32, codes: usize): u32 {
  const at = nodes + (node << 3);
  const word = load<u32>(at);
  return load<u32>(at, 4) + u32(i32(load<i8>(codes + (word >> 8))) > i32(<i8>word));
}

export function linkedTree(tree: TreeHeader, codes: usize, groupBytes: usize, groups: i32, sums: usize): void {
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

/** Leaf of one row in a linked tree. */
@inline
export function linkedLeaf(tree: TreeHeader, codes: usize): f32 {
  let node: u32 = 0;
  while (true) {
    const child = next(tree.nodes, node, codes);
    if (child == node) return load<f32>(tree.leaves + (node << 2));
    node = child;
  }
}
