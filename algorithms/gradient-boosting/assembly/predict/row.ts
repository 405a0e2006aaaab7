/** Trees of a single row. */
import { flatLeaf, goesRight } from './flat';
import { linkedLeaf } from './linked';
import { TreeHeader } from './tree';

/** Adds the leaves of all trees: four neighbours of one depth are interleaved, since each walk waits for memory. */
export function addTrees(trees: usize, treeCount: i32, margins: usize, codes: usize): void {
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
