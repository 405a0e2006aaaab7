/**
 * Tiles of the columns that are left over where a matrix has no multiple of 16: as gemm-tile.ts, four columns at a time,
 * and nothing beyond the last column is read or written.
 */
import { aRow, aStep, bStep, cRow, depth, floor, startRow } from './gemm-steps';
import { loadUpTo, storeUpTo } from './lanes';

/** A tile of `rows` (1 … 6) × `width` (1 … 4): the columns that are left over. Nothing beyond them is touched. */
export function narrowTile(rows: i32, width: i32, a: usize, b: usize, start: usize, c: usize): void {
  if (width == 4) narrow(4, rows, a, b, start, c);
  else if (width == 1) narrow(1, rows, a, b, start, c);
  else if (width == 2) narrow(2, rows, a, b, start, c);
  else narrow(3, rows, a, b, start, c);
}

// --- internal ---

@inline
function narrow(width: i32, rows: i32, a: usize, b: usize, start: usize, c: usize): void {
  if (rows == 6) {
    narrowSix(width, a, b, start, c);
    return;
  }
  for (; rows; --rows) {
    narrowOne(width, a, b, start, c);
    a += aRow;
    start += startRow;
    c += cRow;
  }
}

@inline
function narrowSix(width: i32, a: usize, b: usize, start: usize, c: usize): void {
  const rowA = aRow;
  const stepA = aStep;
  const stepB = bStep;
  const lowest = floor;
  let c0 = loadUpTo(start, width);
  let c1 = loadUpTo((start += startRow), width);
  let c2 = loadUpTo((start += startRow), width);
  let c3 = loadUpTo((start += startRow), width);
  let c4 = loadUpTo((start += startRow), width);
  let c5 = loadUpTo((start += startRow), width);
  let a1 = a + rowA, a2 = a1 + rowA, a3 = a2 + rowA, a4 = a3 + rowA, a5 = a4 + rowA;
  for (let k = depth; k; --k) {
    const x = loadUpTo(b, width);
    c0 = f32x4.relaxed_madd(v128.load32_splat(a), x, c0);
    c1 = f32x4.relaxed_madd(v128.load32_splat(a1), x, c1);
    c2 = f32x4.relaxed_madd(v128.load32_splat(a2), x, c2);
    c3 = f32x4.relaxed_madd(v128.load32_splat(a3), x, c3);
    c4 = f32x4.relaxed_madd(v128.load32_splat(a4), x, c4);
    c5 = f32x4.relaxed_madd(v128.load32_splat(a5), x, c5);
    a += stepA;
    a1 += stepA;
    a2 += stepA;
    a3 += stepA;
    a4 += stepA;
    a5 += stepA;
    b += stepB;
  }
  storeUpTo(c, f32x4.pmax(c0, f32x4.splat(lowest)), width);
  storeUpTo((c += cRow), f32x4.pmax(c1, f32x4.splat(lowest)), width);
  storeUpTo((c += cRow), f32x4.pmax(c2, f32x4.splat(lowest)), width);
  storeUpTo((c += cRow), f32x4.pmax(c3, f32x4.splat(lowest)), width);
  storeUpTo((c += cRow), f32x4.pmax(c4, f32x4.splat(lowest)), width);
  storeUpTo((c += cRow), f32x4.pmax(c5, f32x4.splat(lowest)), width);
}

@inline
function narrowOne(width: i32, a: usize, b: usize, start: usize, c: usize): void {
  const stepA = aStep;
  const stepB = bStep;
  const lowest = floor;
  let sum = loadUpTo(start, width);
  for (let k = depth; k; --k) {
    sum = f32x4.relaxed_madd(v128.load32_splat(a), loadUpTo(b, width), sum);
    a += stepA;
    b += stepB;
  }
  storeUpTo(c, f32x4.pmax(sum, f32x4.splat(lowest)), width);
}
