/**
 * Tiles of the columns that are left over where a matrix has no multiple of 16: as gemm-tile.ts, four columns at a time,
 * and nothing beyond the last column is read or written.
 */
import { loadFew, storeFew } from './lanes';

/** A tile of `rows` (1 … 6) × `width` (1 … 4): the columns that are left over. Nothing beyond them is touched. */
export function narrowTile(
  rows: i32,
  width: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  k: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
  floor: f32,
): void {
  if (width == 4) narrow(4, rows, a, aRow, aStep, b, bStep, k, start, startRow, c, cRow, floor);
  else if (width == 1) narrow(1, rows, a, aRow, aStep, b, bStep, k, start, startRow, c, cRow, floor);
  else if (width == 2) narrow(2, rows, a, aRow, aStep, b, bStep, k, start, startRow, c, cRow, floor);
  else narrow(3, rows, a, aRow, aStep, b, bStep, k, start, startRow, c, cRow, floor);
}

// --- internal ---

@inline
function narrow(
  width: i32,
  rows: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  k: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
  floor: f32,
): void {
  if (rows == 6) {
    narrowSix(width, a, aRow, aStep, b, bStep, k, start, startRow, c, cRow, floor);
    return;
  }
  for (; rows; --rows) {
    narrowOne(width, a, aStep, b, bStep, k, start, c, floor);
    a += aRow;
    start += startRow;
    c += cRow;
  }
}

@inline
function narrowSix(
  width: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  k: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
  floor: f32,
): void {
  let c0 = loadSome(start, width);
  let c1 = loadSome((start += startRow), width);
  let c2 = loadSome((start += startRow), width);
  let c3 = loadSome((start += startRow), width);
  let c4 = loadSome((start += startRow), width);
  let c5 = loadSome((start += startRow), width);
  let a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
  for (; k; --k) {
    const x = loadSome(b, width);
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
  storeSome(c, f32x4.pmax(c0, f32x4.splat(floor)), width);
  storeSome((c += cRow), f32x4.pmax(c1, f32x4.splat(floor)), width);
  storeSome((c += cRow), f32x4.pmax(c2, f32x4.splat(floor)), width);
  storeSome((c += cRow), f32x4.pmax(c3, f32x4.splat(floor)), width);
  storeSome((c += cRow), f32x4.pmax(c4, f32x4.splat(floor)), width);
  storeSome((c += cRow), f32x4.pmax(c5, f32x4.splat(floor)), width);
}

@inline
function narrowOne(
  width: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  k: usize,
  start: usize,
  c: usize,
  floor: f32,
): void {
  let sum = loadSome(start, width);
  for (; k; --k) {
    sum = f32x4.relaxed_madd(v128.load32_splat(a), loadSome(b, width), sum);
    a += aStep;
    b += bStep;
  }
  storeSome(c, f32x4.pmax(sum, f32x4.splat(floor)), width);
}

@inline
function loadSome(address: usize, width: usize): v128 {
  return width == 4 ? v128.load(address) : loadFew(address, width);
}

@inline
function storeSome(address: usize, value: v128, width: usize): void {
  if (width == 4) v128.store(address, value);
  else storeFew(address, value, width);
}
