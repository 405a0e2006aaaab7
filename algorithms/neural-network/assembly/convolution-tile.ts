/**
 * The innermost loop of convolutions: a tile of sums over a kernel or over positions that stays in registers, as in
 * gemm-tile.ts. Its six rows of A may lie anywhere in a padded image, and the summation runs through it in three nested
 * loops, so that no image is ever unrolled into a matrix.
 *
 *   forward           row = output position       loops: within a line of the kernel, lines of the kernel
 *   kernel gradient   row = kernel position       loops: within a line of the image, lines of the image, images
 *
 * Each step of the innermost loop takes the next row of a panel of B, 16 columns wide.
 */

/** Of the loops' record: how often each runs; bytes that A moves in a step, and in addition after each inner loop. */
export const LOOP_COUNT = 0;
export const LOOP_STEP = 4;
export const LOOP_LINES = 8;
export const LOOP_LINE_JUMP = 12;
export const LOOP_IMAGES = 16;
export const LOOP_IMAGE_JUMP = 20;
export const LOOP_BYTES: usize = 24;

/**
 * c [6 × 16] = min(max(start + sums, floor), ceiling). All six rows are computed and stored.
 * @param offsets six words: where each row starts, from `base`
 * @param startRow, cRow bytes from one row to the next
 */
export function sumTile(
  base: usize,
  offsets: usize,
  loop: usize,
  b: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
  floor: f32,
  ceiling: f32,
): void {
  let a0: usize = base + load<u32>(offsets);
  let a1: usize = base + load<u32>(offsets, 4);
  let a2: usize = base + load<u32>(offsets, 8);
  let a3: usize = base + load<u32>(offsets, 12);
  let a4: usize = base + load<u32>(offsets, 16);
  let a5: usize = base + load<u32>(offsets, 20);
  let c00 = v128.load(start), c01 = v128.load(start, 16), c02 = v128.load(start, 32), c03 = v128.load(start, 48);
  start += startRow;
  let c10 = v128.load(start), c11 = v128.load(start, 16), c12 = v128.load(start, 32), c13 = v128.load(start, 48);
  start += startRow;
  let c20 = v128.load(start), c21 = v128.load(start, 16), c22 = v128.load(start, 32), c23 = v128.load(start, 48);
  start += startRow;
  let c30 = v128.load(start), c31 = v128.load(start, 16), c32 = v128.load(start, 32), c33 = v128.load(start, 48);
  start += startRow;
  let c40 = v128.load(start), c41 = v128.load(start, 16), c42 = v128.load(start, 32), c43 = v128.load(start, 48);
  start += startRow;
  let c50 = v128.load(start), c51 = v128.load(start, 16), c52 = v128.load(start, 32), c53 = v128.load(start, 48);
  const step: usize = load<u32>(loop, LOOP_STEP);
  for (let image = load<u32>(loop, LOOP_IMAGES); image; --image) {
    for (let line = load<u32>(loop, LOOP_LINES); line; --line) {
      for (let k = load<u32>(loop, LOOP_COUNT); k; --k) {
        const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
        let x = v128.load32_splat(a0);
        c00 = f32x4.relaxed_madd(x, b0, c00);
        c01 = f32x4.relaxed_madd(x, b1, c01);
        c02 = f32x4.relaxed_madd(x, b2, c02);
        c03 = f32x4.relaxed_madd(x, b3, c03);
        x = v128.load32_splat(a1);
        c10 = f32x4.relaxed_madd(x, b0, c10);
        c11 = f32x4.relaxed_madd(x, b1, c11);
        c12 = f32x4.relaxed_madd(x, b2, c12);
        c13 = f32x4.relaxed_madd(x, b3, c13);
        x = v128.load32_splat(a2);
        c20 = f32x4.relaxed_madd(x, b0, c20);
        c21 = f32x4.relaxed_madd(x, b1, c21);
        c22 = f32x4.relaxed_madd(x, b2, c22);
        c23 = f32x4.relaxed_madd(x, b3, c23);
        x = v128.load32_splat(a3);
        c30 = f32x4.relaxed_madd(x, b0, c30);
        c31 = f32x4.relaxed_madd(x, b1, c31);
        c32 = f32x4.relaxed_madd(x, b2, c32);
        c33 = f32x4.relaxed_madd(x, b3, c33);
        x = v128.load32_splat(a4);
        c40 = f32x4.relaxed_madd(x, b0, c40);
        c41 = f32x4.relaxed_madd(x, b1, c41);
        c42 = f32x4.relaxed_madd(x, b2, c42);
        c43 = f32x4.relaxed_madd(x, b3, c43);
        x = v128.load32_splat(a5);
        c50 = f32x4.relaxed_madd(x, b0, c50);
        c51 = f32x4.relaxed_madd(x, b1, c51);
        c52 = f32x4.relaxed_madd(x, b2, c52);
        c53 = f32x4.relaxed_madd(x, b3, c53);
        a0 += step;
        a1 += step;
        a2 += step;
        a3 += step;
        a4 += step;
        a5 += step;
        b += 64;
      }
      const jump: usize = load<u32>(loop, LOOP_LINE_JUMP);
      a0 += jump;
      a1 += jump;
      a2 += jump;
      a3 += jump;
      a4 += jump;
      a5 += jump;
    }
    const jump: usize = load<u32>(loop, LOOP_IMAGE_JUMP);
    a0 += jump;
    a1 += jump;
    a2 += jump;
    a3 += jump;
    a4 += jump;
    a5 += jump;
  }
  storeRow(c, c00, c01, c02, c03, floor, ceiling);
  storeRow((c += cRow), c10, c11, c12, c13, floor, ceiling);
  storeRow((c += cRow), c20, c21, c22, c23, floor, ceiling);
  storeRow((c += cRow), c30, c31, c32, c33, floor, ceiling);
  storeRow((c += cRow), c40, c41, c42, c43, floor, ceiling);
  storeRow((c += cRow), c50, c51, c52, c53, floor, ceiling);
}

// --- internal ---

@inline
function storeRow(c: usize, c0: v128, c1: v128, c2: v128, c3: v128, floor: f32, ceiling: f32): void {
  v128.store(c, limited(c0, floor, ceiling));
  v128.store(c, limited(c1, floor, ceiling), 16);
  v128.store(c, limited(c2, floor, ceiling), 32);
  v128.store(c, limited(c3, floor, ceiling), 48);
}

/** NaN stays. */
@inline
function limited(x: v128, floor: f32, ceiling: f32): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(floor)), f32x4.splat(ceiling));
}
