/**
 * The innermost loop of every matrix product: a tile of C that stays in registers while k runs. The widest tile is
 * 6 × 16, twelve pairs of vectors, because V8 can join such pairs into the 256-bit registers of which a processor has
 * sixteen (see src/backends/wasm/kernel.ts); the sums then wait for no addition but their own previous one.
 *
 * A is read element by element and B in vectors, both from where they lie: one step of k is `aStep` bytes in A and
 * `bStep` in B, one row of the tile is `aRow` in A, so a transposed A needs no copy. Sums start with what is at
 * `start` (one row of a bias, or C's own for the next part of k), and nothing below `floor` is stored (0 for relu).
 */
import { aRow, aStep, bStep, cRow, depth, floor, startRow } from './gemm-steps';

/** A tile of `rows` × 16; `rows` is 6, 4, 2 or 1. */
export function wideTile(rows: i32, a: usize, b: usize, start: usize, c: usize): void {
  if (rows == 6) wide(6, a, b, start, c);
  else if (rows == 4) wide(4, a, b, start, c);
  else if (rows == 2) wide(2, a, b, start, c);
  else wide(1, a, b, start, c);
}

/** One row of 32 columns: with a tile of 16, each sum would wait for itself. */
export function longRow(a: usize, b: usize, start: usize, c: usize): void {
  const stepA = aStep;
  const stepB = bStep;
  const lowest = floor;
  let c0 = v128.load(start);
  let c1 = v128.load(start, 16);
  let c2 = v128.load(start, 32);
  let c3 = v128.load(start, 48);
  let c4 = v128.load(start, 64);
  let c5 = v128.load(start, 80);
  let c6 = v128.load(start, 96);
  let c7 = v128.load(start, 112);
  for (let k = depth; k; --k) {
    const x = v128.load32_splat(a);
    c0 = f32x4.relaxed_madd(x, v128.load(b), c0);
    c1 = f32x4.relaxed_madd(x, v128.load(b, 16), c1);
    c2 = f32x4.relaxed_madd(x, v128.load(b, 32), c2);
    c3 = f32x4.relaxed_madd(x, v128.load(b, 48), c3);
    c4 = f32x4.relaxed_madd(x, v128.load(b, 64), c4);
    c5 = f32x4.relaxed_madd(x, v128.load(b, 80), c5);
    c6 = f32x4.relaxed_madd(x, v128.load(b, 96), c6);
    c7 = f32x4.relaxed_madd(x, v128.load(b, 112), c7);
    a += stepA;
    b += stepB;
  }
  v128.store(c, f32x4.pmax(c0, f32x4.splat(lowest)));
  v128.store(c, f32x4.pmax(c1, f32x4.splat(lowest)), 16);
  v128.store(c, f32x4.pmax(c2, f32x4.splat(lowest)), 32);
  v128.store(c, f32x4.pmax(c3, f32x4.splat(lowest)), 48);
  v128.store(c, f32x4.pmax(c4, f32x4.splat(lowest)), 64);
  v128.store(c, f32x4.pmax(c5, f32x4.splat(lowest)), 80);
  v128.store(c, f32x4.pmax(c6, f32x4.splat(lowest)), 96);
  v128.store(c, f32x4.pmax(c7, f32x4.splat(lowest)), 112);
}

// --- internal ---

@inline
function wide(rows: i32, a: usize, b: usize, start: usize, c: usize): void {
  const stepA = aStep;
  const stepB = bStep;
  const lowest = floor;
  let c00 = v128.load(start);
  let c01 = v128.load(start, 16);
  let c02 = v128.load(start, 32);
  let c03 = v128.load(start, 48);
  let a1 = a, c10 = c00, c11 = c01, c12 = c02, c13 = c03;
  let a2 = a, c20 = c00, c21 = c01, c22 = c02, c23 = c03;
  let a3 = a, c30 = c00, c31 = c01, c32 = c02, c33 = c03;
  let a4 = a, c40 = c00, c41 = c01, c42 = c02, c43 = c03;
  let a5 = a, c50 = c00, c51 = c01, c52 = c02, c53 = c03;
  if (rows > 1) {
    a1 = a + aRow;
    start += startRow;
    c10 = v128.load(start);
    c11 = v128.load(start, 16);
    c12 = v128.load(start, 32);
    c13 = v128.load(start, 48);
  }
  if (rows > 2) {
    a2 = a1 + aRow;
    start += startRow;
    c20 = v128.load(start);
    c21 = v128.load(start, 16);
    c22 = v128.load(start, 32);
    c23 = v128.load(start, 48);
  }
  if (rows > 3) {
    a3 = a2 + aRow;
    start += startRow;
    c30 = v128.load(start);
    c31 = v128.load(start, 16);
    c32 = v128.load(start, 32);
    c33 = v128.load(start, 48);
  }
  if (rows > 4) {
    a4 = a3 + aRow;
    start += startRow;
    c40 = v128.load(start);
    c41 = v128.load(start, 16);
    c42 = v128.load(start, 32);
    c43 = v128.load(start, 48);
  }
  if (rows > 5) {
    a5 = a4 + aRow;
    start += startRow;
    c50 = v128.load(start);
    c51 = v128.load(start, 16);
    c52 = v128.load(start, 32);
    c53 = v128.load(start, 48);
  }
  for (let k = depth; k; --k) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    let x = v128.load32_splat(a);
    a += stepA;
    c00 = f32x4.relaxed_madd(x, b0, c00);
    c01 = f32x4.relaxed_madd(x, b1, c01);
    c02 = f32x4.relaxed_madd(x, b2, c02);
    c03 = f32x4.relaxed_madd(x, b3, c03);
    if (rows > 1) {
      x = v128.load32_splat(a1);
      a1 += stepA;
      c10 = f32x4.relaxed_madd(x, b0, c10);
      c11 = f32x4.relaxed_madd(x, b1, c11);
      c12 = f32x4.relaxed_madd(x, b2, c12);
      c13 = f32x4.relaxed_madd(x, b3, c13);
    }
    if (rows > 2) {
      x = v128.load32_splat(a2);
      a2 += stepA;
      c20 = f32x4.relaxed_madd(x, b0, c20);
      c21 = f32x4.relaxed_madd(x, b1, c21);
      c22 = f32x4.relaxed_madd(x, b2, c22);
      c23 = f32x4.relaxed_madd(x, b3, c23);
    }
    if (rows > 3) {
      x = v128.load32_splat(a3);
      a3 += stepA;
      c30 = f32x4.relaxed_madd(x, b0, c30);
      c31 = f32x4.relaxed_madd(x, b1, c31);
      c32 = f32x4.relaxed_madd(x, b2, c32);
      c33 = f32x4.relaxed_madd(x, b3, c33);
    }
    if (rows > 4) {
      x = v128.load32_splat(a4);
      a4 += stepA;
      c40 = f32x4.relaxed_madd(x, b0, c40);
      c41 = f32x4.relaxed_madd(x, b1, c41);
      c42 = f32x4.relaxed_madd(x, b2, c42);
      c43 = f32x4.relaxed_madd(x, b3, c43);
    }
    if (rows > 5) {
      x = v128.load32_splat(a5);
      a5 += stepA;
      c50 = f32x4.relaxed_madd(x, b0, c50);
      c51 = f32x4.relaxed_madd(x, b1, c51);
      c52 = f32x4.relaxed_madd(x, b2, c52);
      c53 = f32x4.relaxed_madd(x, b3, c53);
    }
    b += stepB;
  }
  storeWide(c, c00, c01, c02, c03, lowest);
  if (rows > 1) storeWide((c += cRow), c10, c11, c12, c13, lowest);
  if (rows > 2) storeWide((c += cRow), c20, c21, c22, c23, lowest);
  if (rows > 3) storeWide((c += cRow), c30, c31, c32, c33, lowest);
  if (rows > 4) storeWide((c += cRow), c40, c41, c42, c43, lowest);
  if (rows > 5) storeWide((c += cRow), c50, c51, c52, c53, lowest);
}

@inline
function storeWide(c: usize, c0: v128, c1: v128, c2: v128, c3: v128, lowest: f32): void {
  v128.store(c, f32x4.pmax(c0, f32x4.splat(lowest)));
  v128.store(c, f32x4.pmax(c1, f32x4.splat(lowest)), 16);
  v128.store(c, f32x4.pmax(c2, f32x4.splat(lowest)), 32);
  v128.store(c, f32x4.pmax(c3, f32x4.splat(lowest)), 48);
}
