/**
 * Tiles of the columns that are left over where a matrix has no multiple of 16: as gemm-tile.ts, four columns at a time,
 * and nothing beyond the last column is read or written.
 */
import * as Steps from './gemm-steps';
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
    a += Steps.aRow;
    start += Steps.startRow;
    c += Steps.cRow;
  }
}

@inline
function narrowSix(width: i32, a: usize, b: usize, start: usize, c: usize): void {
  const aRow = Steps.aRow;
  const aStep = Steps.aStep;
  const bStep = Steps.bStep;
  const floor = Steps.floor;
  let c0 = loadUpTo(start, width);
  let c1 = loadUpTo((start += Steps.startRow), width);
  let c2 = loadUpTo((start += Steps.startRow), width);
  let c3 = loadUpTo((start += Steps.startRow), width);
  let c4 = loadUpTo((start += Steps.startRow), width);
  let c5 = loadUpTo((start += Steps.startRow), width);
  let a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
  for (let k = Steps.depth; k; --k) {
    const x = loadUpTo(b, width);
    c0 = f32x4.relaxed_madd(v128.load32_splat(a), x, c0);
    c1 = f32x4.relaxed_madd(v128.load32_splat(a1), x, c1);
    c2 = f32x4.relaxed_madd(v128.load32_splat(a2), x, c2);
    c3 = f32x4.relaxed_madd(v128.load32_splat(a3), x, c3);
    c4 = f32x4.relaxed_madd(v128.load32_splat(a4), x, c4);
    c5 = f32x4.relaxed_madd(v128.load32_splat(a5), x, c5);
    a += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
    a4 += aStep;
    a5 += aStep;
    b += bStep;
  }
  storeUpTo(c, f32x4.pmax(c0, f32x4.splat(floor)), width);
  storeUpTo((c += Steps.cRow), f32x4.pmax(c1, f32x4.splat(floor)), width);
  storeUpTo((c += Steps.cRow), f32x4.pmax(c2, f32x4.splat(floor)), width);
  storeUpTo((c += Steps.cRow), f32x4.pmax(c3, f32x4.splat(floor)), width);
  storeUpTo((c += Steps.cRow), f32x4.pmax(c4, f32x4.splat(floor)), width);
  storeUpTo((c += Steps.cRow), f32x4.pmax(c5, f32x4.splat(floor)), width);
}

@inline
function narrowOne(width: i32, a: usize, b: usize, start: usize, c: usize): void {
  const aStep = Steps.aStep;
  const bStep = Steps.bStep;
  const floor = Steps.floor;
  let sum = loadUpTo(start, width);
  for (let k = Steps.depth; k; --k) {
    sum = f32x4.relaxed_madd(v128.load32_splat(a), loadUpTo(b, width), sum);
    a += aStep;
    b += bStep;
  }
  storeUpTo(c, f32x4.pmax(sum, f32x4.splat(floor)), width);
}
