/**
 * A transposed right operand, packed: products read B in rows, so a B that lies transposed is turned into strips of 16
 * columns, each [depth × 16], the last one filled up with zeros.
 */
/** Bytes of the packed matrix. */
export function packedBytes(columns: usize, depth: usize): usize {
  return ((columns + 15) >>> 4) * (depth << 6);
}

/** Packs strip `strip` of B, given as its transpose [columns × depth], to its place in `packed`. */
export function packStrip(transposed: usize, columns: usize, depth: usize, packed: usize, strip: usize): void {
  const stride = depth << 2;
  const to = packed + strip * (depth << 6);
  for (let group: usize = 0; group < 4; group++) {
    const column = (strip << 4) + (group << 2);
    const present: usize = column < columns ? min<usize>(4, columns - column) : 0;
    packColumns(transposed + column * stride, stride, depth, present, to + (group << 4));
  }
}

// --- internal ---

/** Four columns of a strip, of which `present` are there. */
function packColumns(from: usize, stride: usize, depth: usize, present: usize, to: usize): void {
  const second = present > 1 ? from + stride : from;
  const third = present > 2 ? second + stride : from;
  const fourth = present > 3 ? third + stride : from;
  const mask = maskOf(present);
  let k: usize = 0;
  for (; k + 4 <= depth; k += 4) {
    const at = k << 2;
    transposeFour(v128.load(from + at), v128.load(second + at), v128.load(third + at), v128.load(fourth + at), mask, to);
    to += 256;
  }
  for (; k < depth; k++) {
    const at = k << 2;
    const low = v128.load_lane<f32>(second + at, v128.load32_zero(from + at), 1);
    const all = v128.load_lane<f32>(fourth + at, v128.load_lane<f32>(third + at, low, 2), 3);
    v128.store(to, v128.and(all, mask));
    to += 64;
  }
}

/** Four steps of k of four columns. */
@inline
function transposeFour(a: v128, b: v128, c: v128, d: v128, mask: v128, to: usize): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.and(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), mask));
  v128.store(to, v128.and(v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), mask), 64);
  v128.store(to, v128.and(v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), mask), 128);
  v128.store(to, v128.and(v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), mask), 192);
}

/** Ones in the lanes of the columns that are there. */
@inline
function maskOf(present: usize): v128 {
  return i32x4.gt_s(i32x4.splat(<i32>present), i32x4(0, 1, 2, 3));
}
